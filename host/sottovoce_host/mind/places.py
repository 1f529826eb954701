"""Places people ask the time of, and the IANA zones their clocks follow."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

# Zone: the places in it whose names are not the zone's own. Source: IANA tzdata, zone1970.tab and backward.
_PLACES = """
Europe/London: the uk, uk, united kingdom, england, scotland, wales, britain, great britain, edinburgh, manchester,
 birmingham, glasgow, liverpool, cardiff, belfast, leeds, bristol, oxford, cambridge
Europe/Dublin: ireland, cork, galway
Europe/Paris: france, lyon, marseille, nice, toulouse, bordeaux
Europe/Berlin: germany, munich, hamburg, cologne, frankfurt, stuttgart, dusseldorf, leipzig, dresden
Europe/Madrid: spain, barcelona, valencia, seville, bilbao
Europe/Rome: italy, milan, naples, venice, florence, turin, bologna
Europe/Amsterdam: netherlands, the netherlands, holland, rotterdam, the hague, utrecht
Europe/Brussels: belgium, antwerp, bruges, ghent
Europe/Zurich: switzerland, geneva, bern, basel, lausanne
Europe/Vienna: austria, salzburg
Europe/Prague: czech republic, the czech republic, czechia
Europe/Warsaw: poland, krakow, gdansk
Europe/Budapest: hungary
Europe/Stockholm: sweden, gothenburg
Europe/Oslo: norway, bergen
Europe/Copenhagen: denmark
Europe/Helsinki: finland
Europe/Athens: greece
Europe/Lisbon: porto, mainland portugal
Atlantic/Reykjavik: iceland
Europe/Kyiv: ukraine, kiev, kyiv, lviv
Europe/Istanbul: turkey, ankara
Europe/Bucharest: romania
Europe/Sofia: bulgaria
Europe/Belgrade: serbia
Europe/Zagreb: croatia
Europe/Ljubljana: slovenia
Europe/Bratislava: slovakia
Europe/Tallinn: estonia
Europe/Riga: latvia
Europe/Vilnius: lithuania
Europe/Minsk: belarus
Europe/Moscow: saint petersburg, st petersburg
Asia/Tokyo: japan, osaka, kyoto, yokohama, sapporo
Asia/Seoul: south korea, korea, busan
Asia/Pyongyang: north korea
Asia/Shanghai: china, beijing, shenzhen, guangzhou, chengdu
Asia/Taipei: taiwan
Asia/Kolkata: india, delhi, new delhi, mumbai, bombay, bangalore, bengaluru, chennai, hyderabad, calcutta, pune, goa
Asia/Karachi: pakistan, islamabad, lahore
Asia/Dhaka: bangladesh
Asia/Kathmandu: nepal
Asia/Colombo: sri lanka
Asia/Bangkok: thailand, phuket
Asia/Ho_Chi_Minh: vietnam, hanoi, saigon
Asia/Kuala_Lumpur: malaysia
Asia/Manila: philippines, the philippines
Asia/Jakarta: java
Asia/Makassar: bali
Asia/Dubai: united arab emirates, the uae, uae, the united arab emirates, abu dhabi
Asia/Riyadh: saudi arabia, mecca, jeddah
Asia/Qatar: qatar, doha
Asia/Tehran: iran
Asia/Baghdad: iraq
Asia/Kabul: afghanistan
Asia/Jerusalem: israel, tel aviv
Asia/Beirut: lebanon
Asia/Amman: jordan
Asia/Tashkent: uzbekistan
Asia/Tbilisi: georgia the country
Asia/Yerevan: armenia
Asia/Baku: azerbaijan
Africa/Cairo: egypt, alexandria
Africa/Johannesburg: south africa, cape town, durban, pretoria
Africa/Lagos: nigeria, abuja
Africa/Nairobi: kenya
Africa/Addis_Ababa: ethiopia
Africa/Casablanca: morocco, marrakech, marrakesh, rabat
Africa/Algiers: algeria
Africa/Tunis: tunisia
Africa/Accra: ghana
Africa/Dakar: senegal
Africa/Kampala: uganda
Africa/Dar_es_Salaam: tanzania, zanzibar
Africa/Harare: zimbabwe
America/New_York: new york city, nyc, boston, washington, washington dc, miami, philadelphia, atlanta, orlando,
 eastern time, florida, massachusetts, pittsburgh, baltimore, cleveland, charlotte, eastern, new jersey, new york state
America/Detroit: michigan
America/Chicago: dallas, houston, austin, san antonio, minneapolis, new orleans, nashville, memphis, st louis,
 central time, central, illinois, kansas city, milwaukee, oklahoma city, minnesota, wisconsin
America/Denver: salt lake city, albuquerque, mountain time, mountain, colorado, utah
America/Phoenix: arizona, tucson
America/Los_Angeles: san francisco, la, l a, san diego, seattle, las vegas, vegas, portland, sacramento, san jose,
 pacific time, pacific, california, lowes angels, washington state, oakland, silicon valley
America/Anchorage: alaska
Pacific/Honolulu: hawaii
America/Toronto: ottawa, montreal, quebec, ontario
America/Vancouver: british columbia
America/Edmonton: calgary, alberta
America/Winnipeg: manitoba
America/Halifax: nova scotia
America/St_Johns: newfoundland, st johns
America/Mexico_City: guadalajara
America/Cancun: cancun
America/Sao_Paulo: rio, rio de janeiro, brasilia, sao paulo
America/Argentina/Buenos_Aires: argentina
America/Santiago: mainland chile
America/Bogota: colombia
America/Lima: peru
America/Caracas: venezuela
America/Montevideo: uruguay
America/La_Paz: bolivia
America/Asuncion: paraguay
America/Havana: cuba
America/Jamaica: kingston
America/Panama: panama city
America/Costa_Rica: san jose costa rica
America/Guatemala: guatemala city
Australia/Sydney: canberra, new south wales
Australia/Brisbane: queensland, gold coast
Australia/Melbourne: victoria australia
Pacific/Auckland: new zealand, wellington, christchurch
Pacific/Fiji: suva
UTC: utc, gmt, coordinated universal time, greenwich mean time, zulu
"""

_SEVERAL = MappingProxyType(
    {
        "united states": "the United States",
        "the united states": "the United States",
        "usa": "the United States",
        "the usa": "the United States",
        "the us": "the United States",
        "america": "the United States",
        "the states": "the United States",
        "canada": "Canada",
        "australia": "Australia",
        "russia": "Russia",
        "brazil": "Brazil",
        "mexico": "Mexico",
        "indonesia": "Indonesia",
        "kazakhstan": "Kazakhstan",
        "mongolia": "Mongolia",
        "chile": "Chile",
        "ecuador": "Ecuador",
        "portugal": "Portugal",
        "congo": "Congo",
        "greenland": "Greenland",
        "texas": "Texas",
        "tennessee": "Tennessee",
        "indiana": "Indiana",
        "kentucky": "Kentucky",
    }
)
_REGIONS = MappingProxyType(
    {"australia": "Australia/", "canada": "America/", "usa": "America/", "brazil": "America/", "mexico": "America/"}
)
_ALONE = frozenset({"eastern", "central", "mountain", "pacific"})
_UPPER = frozenset({"uk", "nyc", "la", "uae", "utc", "gmt", "dc", "usa", "us"})
_SMALL = frozenset({"the", "of", "and", "de", "country"})
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def _zones() -> Mapping[str, str]:
    """Every known place, lower case, to its zone."""
    known = {}
    for name in sorted(available_timezones()):
        area, _, rest = name.partition("/")
        if rest and area in _AREAS:
            known[rest.rpartition("/")[2].replace("_", " ").replace("-", " ").lower()] = name
    known["easter island"] = known.pop("easter", "Pacific/Easter")
    for line in _PLACES.replace("\n ", " ").strip().splitlines():
        zone, _, places = line.partition(": ")
        known.update({place.strip(): zone for place in places.split(",")})
    return MappingProxyType({place: zone for place, zone in known.items() if place not in _SEVERAL})


def zone(place: str) -> str | None:
    """Give the IANA zone of a place (lower case, as `wording.plain` writes it); None if it is not known."""
    found = _zones().get(place) or _zones().get(place.removeprefix("the "))
    return found or _within(place)


def _within(place: str) -> str | None:
    """Read "paris france", "sydney australia": a city and what it is in; None unless both agree."""
    city, _, region = place.rpartition(" ")
    found = _zones().get(city)
    agrees = found and (found == _zones().get(region) or found.startswith(_REGIONS.get(region, "nowhere")))
    return found if agrees else None


def with_several_zones(place: str) -> str | None:
    """Give the name of a country or state that has several zones, as it is said; None if the place is not one."""
    return _SEVERAL.get(place)


def title(place: str) -> str:
    """Write a place with its capitals, as a voice should read it."""
    place = f"{place} time" if place in _ALONE else place
    return " ".join(
        word.upper() if word in _UPPER else word if word in _SMALL and n else word.title() if word != "the" else word
        for n, word in enumerate(place.split())
    )

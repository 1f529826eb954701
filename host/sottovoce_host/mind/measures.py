"""Units of measure: what people call them, and conversion between them (pint, whose definitions are exact)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from types import MappingProxyType

import msgspec
import pint

# pint's name: singular, plural, other names. Cups, pints and gallons are US customary unless "imperial" is said of
# them, or of another unit that they are turned into.
_UNITS = """
millimeter: millimetre, millimetres, mm, millimeter, millimeters
centimeter: centimetre, centimetres, cm, centimeter, centimeters, cms
meter: metre, metres, meter, meters, m
kilometer: kilometre, kilometres, km, kilometer, kilometers, kms, k m
inch: inch, inches, inchs
foot: foot, feet, ft
yard: yard, yards, yd, yds
mile: mile, miles
nautical_mile: nautical mile, nautical miles
light_year: light year, light years
milligram: milligram, milligrams, mg
gram: gram, grams, g, gramme, grammes
kilogram: kilogram, kilograms, kg, kilo, kilos, kgs, kilogramme
metric_ton: tonne, tonnes, metric ton, metric tons
short_ton: ton, tons, us ton
ounce: ounce, ounces, oz
pound: pound, pounds, lb, lbs
stone: stone, stone, stones
milliliter: millilitre, millilitres, ml, milliliter, milliliters, mls
centiliter: centilitre, centilitres, cl, centiliter, centiliters
liter: litre, litres, l, liter, liters, leader, leaders
teaspoon: teaspoon, teaspoons, tsp
tablespoon: tablespoon, tablespoons, tbsp
fluid_ounce: fluid ounce, fluid ounces, fl oz
imperial_fluid_ounce: imperial fluid ounce, imperial fluid ounces
cup: cup, cups
imperial_cup: imperial cup, imperial cups
pint: US pint, US pints, pint, pints
imperial_pint: imperial pint, imperial pints
quart: quart, quarts
imperial_quart: imperial quart, imperial quarts
gallon: US gallon, US gallons, gallon, gallons
imperial_gallon: imperial gallon, imperial gallons
meter**3: cubic metre, cubic metres, cubic meter, cubic meters
centimeter**3: cubic centimetre, cubic centimetres, cubic centimeter, cubic centimeters, cc, ccs
foot**3: cubic foot, cubic feet
degree_Celsius: degree Celsius, degrees Celsius, celsius, centigrade,
 degrees centigrade, degrees c, c
degree_Fahrenheit: degree Fahrenheit, degrees Fahrenheit, fahrenheit, degrees f, f
kelvin: kelvin, kelvin, kelvins, degrees kelvin
degree: degree, degrees
radian: radian, radians
kilometer/hour: kilometre an hour, kilometres an hour, kilometre per hour, kilometres per hour,
 kilometer per hour, kilometers per hour,
 kilometer an hour, kilometers an hour, kph, kmh, kmph
mile/hour: mile an hour, miles an hour, mile per hour, miles per hour, mph
meter/second: metre per second, metres per second, meter per second, meters per second, metres a second, meters a second
foot/second: foot per second, feet per second
knot: knot, knots
millisecond: millisecond, milliseconds, ms
second: second, seconds, sec, secs
minute: minute, minutes, min, mins
hour: hour, hours, hr, hrs
day: day, days
week: week, weeks
fortnight: fortnight, fortnights
month: month, months
year: year, years
century: century, centuries
meter**2: square metre, square metres, square meter, square meters, m2, metres squared, meters squared
kilometer**2: square kilometre, square kilometres, square kilometer, square kilometers
foot**2: square foot, square feet
inch**2: square inch, square inches
yard**2: square yard, square yards
mile**2: square mile, square miles
acre: acre, acres
hectare: hectare, hectares
joule: joule, joules
kilojoule: kilojoule, kilojoules, kj
calorie: small calorie, small calories
kilocalorie: calorie, calories, kilocalorie, kilocalories, kcal, kcals
kilowatt_hour: kilowatt hour, kilowatt hours, kwh
watt: watt, watts, w
kilowatt: kilowatt, kilowatts, kw
horsepower: horsepower, horsepower, hp
pascal: pascal, pascals
hectopascal: hectopascal, hectopascals, millibar, millibars
kilopascal: kilopascal, kilopascals
bar: bar, bars
psi: pound per square inch, pounds per square inch, psi
atmosphere: atmosphere, atmospheres
bit: bit, bits
byte: byte, bytes
kilobyte: kilobyte, kilobytes, kb
megabyte: megabyte, megabytes, mb
gigabyte: gigabyte, gigabytes, gb, gigs, gig
terabyte: terabyte, terabytes, tb
"""
_IMPERIAL = "imperial_"
_LONGEST_NAME = 4
_DATA = ("bit", "byte")
_DEGREES = {"degree_Celsius": "degree_Fahrenheit", "degree_Fahrenheit": "degree_Celsius"}


class Unit(msgspec.Struct, frozen=True):
    """A unit of measure. key: pint's name for it. singular, plural: how it is said. american: it was called so."""

    key: str
    singular: str
    plural: str
    american: bool = False


class Amount(msgspec.Struct, frozen=True):
    """So much of a unit, and, for "five feet eleven", so much of a smaller one."""

    value: Fraction
    unit: Unit
    rest: tuple[Fraction, Unit] | None = None


@cache
def _names() -> Mapping[str, Unit]:
    names = {}
    for line in _UNITS.replace("\n ", " ").strip().splitlines():
        key, _, said = line.partition(": ")
        singular, plural, *others = said.split(", ")
        unit = Unit(key, singular, plural)
        names.update(dict.fromkeys([singular.lower(), plural.lower(), *others], unit))
        if key.startswith(_IMPERIAL):
            for name, country in product((singular, plural), ("uk", "british")):
                names[name.replace("imperial", country)] = unit
        elif f"\n{_IMPERIAL}{key}:" in _UNITS:
            american = msgspec.structs.replace(unit, american=True)
            names.update({f"us {name.lower().removeprefix('us ')}": american for name in (singular, plural)})
    return MappingProxyType(names)


def unit_at(words: Sequence[str], start: int) -> tuple[Unit, int] | None:
    """Give the longest unit that is named at `words[start]`, and the index of the word after it."""
    for length in range(_LONGEST_NAME, 0, -1):
        if start + length <= len(words) and (unit := _names().get(" ".join(words[start : start + length]))):
            return unit, start + length
    return None


def units() -> frozenset[Unit]:
    """Give every unit that can be named."""
    return frozenset(_names().values())


def unit(text: str) -> Unit | None:
    """Give the unit a text names, if it names one and nothing else."""
    return _names().get(text)


def _imperial(of: Unit) -> Unit:
    """The imperial unit of that name, if there is one and it was not called American."""
    return of if of.american else _names().get(f"imperial {of.singular.removeprefix('US ')}", of)


class Measures:
    """Converts. The registry takes a while to build: `warm` does it ahead of the first question."""

    def __init__(self) -> None:
        self._registry: pint.UnitRegistry[Fraction] | None = None

    def warm(self) -> None:
        """Build the registry, if it is not built (about a third of a second on one laptop core)."""
        self._built()

    def _built(self) -> pint.UnitRegistry[Fraction]:
        if self._registry is None:
            self._registry = pint.UnitRegistry(non_int_type=Fraction)
            self._registry.Quantity(Fraction(1), "pound").to("ounce")
        return self._registry

    def convert(self, amount: Amount, target: Unit) -> Fraction | None:
        """Give how many of `target` an amount is; None if they measure different things."""
        value = self._one(amount.value, amount.unit, target)
        if amount.rest is None or value is None:
            return value
        rest = self._one(*amount.rest, target)
        return None if rest is None else value + rest

    def _one(self, value: Fraction, source: Unit, target: Unit) -> Fraction | None:
        if source.key.endswith(_DATA) != target.key.endswith(_DATA):
            return None  # pint counts bits and angles alike as having no dimension
        registry = self._built()
        try:
            converted = registry.Quantity(value, source.key).to(target.key).magnitude
        except pint.DimensionalityError:
            return None
        return Fraction(converted)

    def too_cold(self, amount: Amount) -> bool:
        """Tell whether an amount is a temperature below absolute zero."""
        kelvin = self._one(amount.value, amount.unit, _names()["kelvin"])
        return kelvin is not None and kelvin < 0

    def reading(self, amount: Amount, target: Unit) -> tuple[Amount, Unit]:
        """Give amount and unit as they must be meant: ounces of a volume are fluid, degrees to Fahrenheit Celsius."""
        if amount.unit.key == "degree" and target.key in _DEGREES:
            return Amount(
                amount.value, _names()["celsius" if target.key == "degree_Fahrenheit" else "fahrenheit"]
            ), target
        imperial = _IMPERIAL in amount.unit.key + target.key
        if imperial and _imperial(amount.unit) != _imperial(target):
            amount, target = msgspec.structs.replace(amount, unit=_imperial(amount.unit)), _imperial(target)
        fluid = _names()["imperial fluid ounce"]
        if not imperial or fluid in {amount.unit, target}:
            fluid = _names()["fluid ounce"]
        if amount.unit.key == "ounce" and self._one(amount.value, fluid, target) is not None:
            return Amount(amount.value, fluid), target
        if target.key == "ounce" and self._one(amount.value, amount.unit, fluid) is not None:
            return amount, fluid
        return amount, target

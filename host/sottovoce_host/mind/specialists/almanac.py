"""What day it is, what day something falls on, and how long until then."""

import calendar
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sottovoce_host.mind import dates, numerals, phrasing, places
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain

_NOW = r"(?: it is)?(?: today| right now| now| currently| is today| is it today)?"
_TODAY = re.compile(
    r"^(?:what is the (?:current )?date|what is the day|what date is it|what is today date|what is today|"
    rf"the date|today date|what date){_NOW}$"
)
_TODAYS_DAY = re.compile(
    r"^(?:what day is it|what day of the week is it|what is the day of the week|which day is it|"
    rf"what day of the week|what weekday is it){_NOW}$"
    r"|^what day is today$|^what is the day today$"
)
_YEAR = re.compile(rf"^(?:what year is it|what is the (?:current )?year|which year is it|what year are we in){_NOW}$")
_MONTH = re.compile(
    rf"^(?:what month is it|what is the (?:current )?month|which month is it|what month are we in){_NOW}$"
)
_WEEK = re.compile(
    r"^(?:what is the (?:current )?(?:week number|calendar week|number of the week)|"
    r"what week (?:number )?is it|which week (?:number )?is it|"
    r"what week (?:number )?are we in|which week (?:number )?are we in|what week of the year is it|"
    rf"what calendar week is it){_NOW}(?: this week| of the year)?$"
)
_DATE_OF = re.compile(
    r"^(?:what is the date(?: on| of)?|what date is it(?: on)?|what date will it be|what day is it(?: on)?|"
    r"what day will it be|"
    r"what will the date be|what date does|what day of the month is|what date was it|what day was it|"
    r"what date is|what date was|when is|when was) "
    r"(?P<day>.+?)(?: (?:fall on|on|be))?$|^what (?:is|was) (?P<day2>.+?) date$|^what was the date (?P<day3>.+)$"
)
_WEEKDAY_OF = re.compile(
    r"^(?:what|which) (?:day|weekday|day of the week|day of week) (?:is|was|does|will|"
    r"did) (?P<day>.+?)(?: (?:on|fall on|fall|be|be on))?$|"
    r"^(?:what|which) (?:day|weekday|day of the week) (?:is it|was it|will it be) on (?P<day2>.+)$|"
    r"^on (?:what|which) (?:day|weekday|day of the week) (?:is|does|will|was) (?P<day3>.+?)(?: fall| be)?$"
)
_UNTIL = re.compile(
    r"^how (?P<unit>many days|many weeks|long|many sleeps|many months)(?: (?:are there|is it|are left|left|"
    r"have we got|do we have|is there|to go|remain|away))? "
    r"(?:until|till|til|to|before|is|are) (?P<day>.+?)(?: away)?$|^(?P<unit2>days|weeks) (?:until|till|"
    r"to) (?P<day2>.+)$"
)
_SINCE = re.compile(
    r"^how (?P<unit>many days|many weeks|long)(?: (?:is it|has it been|have passed|have gone by|"
    r"ago was))? (?:since|was|ago was) (?P<day>.+)$"
)
_BETWEEN = re.compile(
    r"^how (?P<unit>many days|many weeks|long)(?: (?:are there|is there|is it|are))? (?:between|"
    r"from) (?P<one>.+?) (?:and|to|until) (?P<other>.+)$"
)
_WAS = re.compile(r"\b(?:was|did)\b")
_POSSESSIVE = re.compile(rf"\b(today|tomorrow|yesterday|(?:{'|'.join(dates.WEEKDAYS)})(?=s date$))s\b")
_ELSEWHERE = re.compile(
    r"^(?:what is the date|what day is it|what date is it|what is today date)(?: today|"
    r" now)? in (?P<place>.+?)(?: now| today)?$"
)
_LENGTH = re.compile(
    r"^how many days (?:are there |are |does |has )?(?:in )?(?P<month>[a-z]+)(?: (?P<year>[a-z0-9 ]+?))?(?: have)?$"
)
_LEAP = re.compile(r"^is (?:(?P<year>.+?)|this(?: year)?) a leap year$")
_WEEKS = {"many weeks", "weeks"}


class Almanac:
    """Answers about days. Weeks are counted as ISO 8601 does; a day without a year is the next one."""

    name = "almanac"

    def answer(self, request: Request) -> Reply | None:
        """Answer what day it is, what a day's date or weekday is, and how many days lie between."""
        words, today = _POSSESSIVE.sub(r"\1", plain(request.text)), request.now.date()
        text = (
            _about_today(words, today)
            or _elsewhere(words, request.now)
            or _between(words, today)
            or _distance(words, today)
            or _named_day(words, today)
            or _lengths(words, today)
        )
        return Reply(text, self.name) if text else None


def _about_today(words: str, today: date) -> str | None:
    if _TODAY.match(words):
        return f"It's {phrasing.day(today)}."
    if _TODAYS_DAY.match(words):
        return f"It's {phrasing.day(today)}."
    if _YEAR.match(words):
        return f"It's {phrasing.year(today.year)}."
    if _MONTH.match(words):
        return f"It's {dates.MONTHS[today.month].title()}."
    if _WEEK.match(words):
        return f"It's week {phrasing.integer(today.isocalendar().week)}."
    return None


def _elsewhere(words: str, now: datetime) -> str | None:
    found = _ELSEWHERE.match(words)
    zone = places.zone(found["place"]) if found else None
    if found is None or zone is None:
        return None
    return f"It's {phrasing.day(now.astimezone(ZoneInfo(zone)).date())} in {places.title(found['place'])}."


def _said(day: date, today: date) -> str:
    return phrasing.day(day, with_year=abs((day - today).days) > 300 or day.year < today.year)  # noqa: PLR2004 - a day far off needs its year


def _verb(day: date, today: date) -> str:
    return "was" if day < today else "is"


def _named_day(words: str, today: date) -> str | None:
    for pattern, weekday_only in ((_WEEKDAY_OF, True), (_DATE_OF, False)):
        found = pattern.match(words)
        if found is None or not found.lastindex:
            continue
        name, before = found[found.lastindex], words[: found.start(found.lastindex)]
        day = dates.parse_past(name, today) if _WAS.search(before) else dates.parse(name, today)
        if day is None and (gone := dates.missing(name, today)):
            return phrasing.sentence(phrasing.no_day(*gone))
        if day is None:
            continue
        verb = _verb(day, today)
        coming = dates.weekday(name.removeprefix("on ").replace("next ", ""), today)
        if "next " in name and coming and coming != day:
            return f"Next {_weekday(day)} {verb} {_short(day)}; this {_weekday(coming)} is {_short(coming)}."
        if (
            weekday_only
            and re.search(r"[a-z] \d|\d [a-z]|\b(?:of|the)\b|st\b|th\b", name)
            and dates.weekday(name.removeprefix("the "), today) is None
        ):
            be = "It was" if day < today else "It's"
            return f"{be} a {_weekday(day)}{_year_untold(name, day, today)}."
        subject = name if name in {"today", "tomorrow", "yesterday"} else ""
        if subject:
            return phrasing.sentence(f"{subject} {verb} {_said(day, today)}")
        return f"It {verb} {_said(day, today)}." if day < today else f"It's {_said(day, today)}."
    return None


def _year_untold(name: str, day: date, today: date) -> str:
    """The year, where it is not this one and not what the name of a past day says by itself."""
    told = day.year == today.year or (day < today and dates.parse(name, today) == day)
    return "" if told else f" in {phrasing.year(day.year)}"


def _weekday(day: date) -> str:
    return dates.WEEKDAYS[day.weekday()].title()


def _short(day: date) -> str:
    return phrasing.day(day, weekday=False)


def _between(words: str, today: date) -> str | None:
    between = _BETWEEN.match(words)
    start = dates.parse(between["one"], today) if between else None
    end = dates.parse_after(between["other"], start, today) if between and start else None
    if between and start and end and end < start:
        start = dates.parse_before(between["one"], end, today)
    if between and start and end:
        return _count_days(abs((end - start).days), between["unit"])
    return None


def _distance(words: str, today: date) -> str | None:
    until, since = _UNTIL.match(words), _SINCE.match(words)
    found = until or since
    if found is None:
        return None
    name = found["day"] or (until["day2"] if until else "")
    unit = found["unit"] or (until["unit2"] if until else "")
    day = dates.parse_past(name, today) if since and not until else dates.parse(name, today)
    if day is None and (gone := dates.missing(name, today)):
        return phrasing.sentence(phrasing.no_day(*gone))
    if day is None or (since and not until and day > today):
        return None
    if day == today:
        return "That's today."
    if day < today:
        return phrasing.sentence(f"that was {_count_days((today - day).days, unit).rstrip('.').lower()} ago")
    return "One day: it's tomorrow." if (day - today).days == 1 else _count_days((day - today).days, unit)


def _count_days(days: int, unit: str) -> str:
    weeks, rest = divmod(days, 7)
    if unit in _WEEKS and weeks:
        more = f" and {phrasing.count(rest, 'day')}" if rest else ""
        return phrasing.sentence(f"{phrasing.count(weeks, 'week')}{more}")
    return phrasing.sentence(phrasing.count(days, "day"))


def _lengths(words: str, today: date) -> str | None:
    leap = _LEAP.match(words)
    if leap:
        year = numerals.year(leap["year"]) if leap["year"] else today.year
        year = today.year + 1 if leap["year"] == "next year" else year
        return None if year is None else "Yes." if calendar.isleap(year) else "No."
    found = _LENGTH.match(words)
    if found is None or found["month"] not in dates.MONTHS:
        return None
    month = dates.MONTHS.index(found["month"])
    year = numerals.year(found["year"].removeprefix("in ")) if found["year"] else None
    if found["year"] and year is None:
        return None
    if month == 2 and year is None:  # noqa: PLR2004 - February
        return "Twenty-eight, or twenty-nine in a leap year."
    return phrasing.sentence(phrasing.integer(calendar.monthrange(year or today.year, month)[1]))

"""Days as people say them: "next Friday", "the third of March", "two weeks from tomorrow", "Christmas Eve"."""

import calendar
import re
from datetime import date, timedelta

from sottovoce_host.mind import numerals

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The days of the week, Monday first, as `date.weekday` counts them."""

MONTHS = tuple(name.lower() for name in calendar.month_name)
"""The months by number; index 0 is empty."""

LEAP_DAY = (2, 29)
"""Month and day that only some years have."""

_SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10}
_MONTH = {name: n for n, name in enumerate(MONTHS) if name} | _SHORT | {"nov": 11, "dec": 12}
_NEAR = {
    "today": 0,
    "tonight": 0,
    "now": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "the day before yesterday": -2,
}
_FIXED = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "xmas": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new years eve": (12, 31),
    "new year": (1, 1),
    "new years": (1, 1),
    "the new year": (1, 1),
    "new years day": (1, 1),
    "valentines day": (2, 14),
    "saint patricks day": (3, 17),
    "st patricks day": (3, 17),
    "halloween": (10, 31),
    "bonfire night": (11, 5),
    "independence day": (7, 4),
    "bastille day": (7, 14),
}
_STEPS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14, "fortnights": 14}
_WEEKDAY = re.compile(rf"^(?:on )?(?:(this|this coming|coming|next|last|the next) )?({'|'.join(WEEKDAYS)})$")
_AHEAD = re.compile(r"^in (.+) (days?|weeks?|fortnights?)(?: time)?$")
_FROM = re.compile(r"^(.+) (days?|weeks?|fortnights?) (from|after|before|ago|on)(?: (.+))?$")
_WEEK_TODAY = re.compile(r"(?<= week)(?= (?:today|tomorrow)$)|(?<= weeks)(?= (?:today|tomorrow)$)")
_WEEK_AFTER = re.compile(rf"^(today|tomorrow|{'|'.join(WEEKDAYS)}) week$")
_MONTHS_OR_YEARS = re.compile(r"^(?:in )?(.+?) (months?|years?)(?: (from now|from today|time|ago))?$")
_MOST_DAYS = 366 * 400
_LEAPS = 9  # years of which one surely has a 29th of February
_DECEMBER = 12
_DAYS_OF_MONTH = frozenset(range(1, 32))


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (the anonymous algorithm, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta((3 - first.weekday()) % 7 + 21)


def _moving(name: str, year: int) -> date | None:
    if name in {"easter", "easter sunday", "good friday", "easter monday"}:
        return easter(year) + timedelta({"good friday": -2, "easter monday": 1}.get(name, 0))
    if name in {"thanksgiving", "thanksgiving day", "black friday"}:
        return _thanksgiving(year) + timedelta(name == "black friday")
    return None


def _in_month(month: int, day: int, year: int | None, today: date) -> date | None:
    """The day in the named year, or else the next one from today on; None where no calendar has it."""
    for candidate in (year,) if year else range(today.year, today.year + _LEAPS):
        if day <= calendar.monthrange(candidate, month)[1]:
            found = date(candidate, month, day)
            if year or found >= today:
                return found
    return None


def _holiday(name: str, year: int | None, today: date) -> date | None:
    if name in _FIXED:
        return _in_month(*_FIXED[name], year, today)
    this = _moving(name, year or today.year)
    return _moving(name, today.year + 1) if this and not year and this < today else this


def _month_and_day(text: str) -> tuple[int, int] | None:
    words = [word for word in text.split() if word not in {"the", "of", "on"}]
    months = [n for n, word in enumerate(words) if word in _MONTH]
    if len(months) != 1:
        return None
    month = _MONTH[words.pop(months[0])]
    found = numerals.ordinal(words) or numerals.read(words)
    if found is None or found[1] != len(words) or found[0] not in _DAYS_OF_MONTH:
        return None
    return month, int(found[0])


def _bare_day(text: str, today: date) -> date | None:
    """Read "the third": the next day of that number from today on."""
    return _bare_day_within(text, today, range(12))


def _bare_day_within(text: str, today: date, months_ahead: range) -> date | None:
    """The first day of that number, counting from today the way that the months are counted."""
    words = text.removeprefix("on ").split()
    if words[:1] != ["the"]:
        return None
    found = numerals.ordinal(words, 1)
    if found is None or found[1] != len(words) or found[0] not in _DAYS_OF_MONTH:
        return None
    for ahead in months_ahead:
        year, month = today.year + (today.month - 1 + ahead) // _DECEMBER, (today.month - 1 + ahead) % _DECEMBER + 1
        if found[0] <= calendar.monthrange(year, month)[1]:
            day = date(year, month, found[0])
            if day == today or (day > today) == (months_ahead.step > 0):
                return day
    return None


def weekday(text: str, today: date) -> date | None:
    """Give the day a weekday's name means: "Friday" the coming one, "next Friday" next week's, "last Friday" the past.

    A weekday's own name never means today: who says it today means the coming week's.
    """
    found = _WEEKDAY.match(text)
    if found is None:
        return None
    index = WEEKDAYS.index(found[2])
    if found[1] == "last":
        return today - timedelta((today.weekday() - index - 1) % 7 + 1)
    if found[1] == "next":
        return today + timedelta(7 - today.weekday() + index)
    return today + timedelta((index - today.weekday() - 1) % 7 + 1)


def _amount(text: str) -> int | None:
    value = 1 if text in {"a", "an"} else 2 if text == "a couple of" else numerals.number(text)
    return int(value) if value is not None and int(value) == value and 0 <= value <= _MOST_DAYS else None


def _shifted(text: str, today: date) -> date | None:
    ahead = _AHEAD.match(text)
    if ahead and (amount := _amount(ahead[1])) is not None:
        return today + timedelta(amount * _STEPS[ahead[2]])
    apart = _FROM.match(_WEEK_AFTER.sub(r"a week from \1", _WEEK_TODAY.sub(" from", text)))
    if apart and (amount := _amount(apart[1])) is not None:
        start = today if apart[4] is None or apart[4] == "now" else parse(apart[4], today)
        if start is None or (apart[4] is None) != (apart[3] == "ago"):
            return None
        return start + timedelta((-1 if apart[3] in {"ago", "before"} else 1) * amount * _STEPS[apart[2]])
    return _by_months(text, today)


def _by_months(text: str, today: date) -> date | None:
    found = _MONTHS_OR_YEARS.match(text)
    if found is None or not (text.startswith("in ") or found[3]) or (amount := _amount(found[1])) is None:
        return None
    months = amount * (_DECEMBER if found[2].startswith("year") else 1) * (-1 if found[3] == "ago" else 1)
    count = today.year * _DECEMBER + today.month - 1 + months
    year, month = count // _DECEMBER, count % _DECEMBER + 1
    if not 1 <= year <= date.max.year:
        return None
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _with_year(text: str, today: date) -> tuple[str, int | None]:
    for said, year in ((" next year", today.year + 1), (" this year", today.year), (" last year", today.year - 1)):
        if text.endswith(said):
            return text.removesuffix(said), year
    words = text.split()
    for split in range(1, len(words)):
        if named := numerals.year(" ".join(words[split:])):
            return " ".join(words[:split]).removesuffix(" in").removesuffix(" of"), named
    return text, None


def parse(text: str, today: date) -> date | None:
    """Give the day a text names, if it names one and nothing else. Without a year it is the next one from today on."""
    if text in _NEAR:
        return today + timedelta(_NEAR[text])
    text = text.removeprefix("on ")
    try:
        found = weekday(text, today) or _shifted(text, today)
    except OverflowError:
        return None
    if found:
        return found
    name, year = _with_year(text, today)
    return _yearly(name, year, today) or _bare_day(text, today)


def _yearly(name: str, year: int | None, today: date) -> date | None:
    named = _month_and_day(name)
    return _in_month(*named, year, today) if named else _holiday(name, year, today)


def missing(text: str, today: date) -> tuple[int, int, int | None] | None:
    """Give day, month and year (None: any year) of a day that a text names and no calendar has; None for any other."""
    name, year = _with_year(text.removeprefix("on "), today)
    named = _month_and_day(name)
    return (named[1], named[0], year) if named and _in_month(*named, year, today) is None else None


def parse_past(text: str, today: date) -> date | None:
    """Give the day a text names where it speaks of what was: "Monday" the last one, "Easter" the last up to today."""
    text = text.removeprefix("on ").removeprefix("the last ").removeprefix("last ")
    if (day := text.removeprefix("this ")) in WEEKDAYS:
        return weekday(f"last {day}", today)
    return _last_yearly(text, today) or _bare_day_within(text, today, range(0, -_DECEMBER, -1)) or parse(text, today)


def _last_yearly(text: str, until: date) -> date | None:
    days = (_yearly(text, year, until) for year in range(until.year, max(until.year - _LEAPS, 0), -1))
    return next((day for day in days if day and day <= until), None)


def parse_before(text: str, end: date, today: date) -> date | None:
    """Give the day that begins what ends on `end`: a weekday or a day of every year is the last one before that."""
    text = text.removeprefix("on ")
    found = weekday(f"last {text}", end) if text in WEEKDAYS else _last_yearly(text, end)
    return found or parse_past(text, today)


def parse_after(text: str, start: date, today: date) -> date | None:
    """Give the day that ends what begins on `start`: a weekday or a day of every year is the next one after that."""
    text = text.removeprefix("on ")
    try:
        found = weekday(text, start) if text in WEEKDAYS else _yearly(text, None, start)
    except (OverflowError, ValueError):
        return None
    return found or parse(text, today)

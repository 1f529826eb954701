"""Numbers, times, lengths, days and amounts as people say them: words only, nothing a voice could misread."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from num2words import num2words

from sottovoce_host.mind import dates
from sottovoce_host.mind.clocktimes import HALF_DAY_HOURS, MINUTES

_MOST_DECIMALS = 4
_MOST_SAID = 10**15
_SIGNIFICANT = 4
_HOUR = 3600
_DAY = 86400
_WEEK = 7


def integer(value: int) -> str:
    """Say a whole number: 1984 is "one thousand nine hundred and eighty-four"."""
    return str(num2words(value)).replace(",", "")


def ordinal(value: int) -> str:
    """Say a rank: 24 is "twenty-fourth"."""
    return str(num2words(value, to="ordinal")).replace(",", "")


def year(value: int) -> str:
    """Say a year: 2026 is "twenty twenty-six"."""
    return str(num2words(value, to="year"))


def digits(text: str) -> str:
    """Say digits one by one: "4512" is "four five one two"."""
    return " ".join(integer(int(digit)) for digit in text if digit.isdecimal())


def _terminates(value: Fraction, places: int) -> bool:
    return bool((value * 10**places).denominator == 1)


def _decimal_words(value: Fraction, places: int) -> str:
    scaled = round(abs(value) * 10**places)
    sign = "minus " if value < 0 and scaled else ""
    whole, rest = divmod(scaled, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{sign}{integer(whole)}" + (f" point {digits(decimals)}" if decimals else "")


def _huge(value: Fraction) -> str:
    scientific = f"{Decimal(value.numerator) / Decimal(value.denominator):.2e}"
    mantissa, exponent = scientific.split("e")
    return f"{_decimal_words(Fraction(mantissa), 2)} times ten to the power of {integer(int(exponent))}"


def exactly(value: Fraction) -> bool:
    """Tell whether `number` says this value in full."""
    return abs(value) < _MOST_SAID and _terminates(value, _MOST_DECIMALS)


def number(value: Fraction) -> str:
    """Say a number: in full if four decimals hold it, else to four significant figures (at least two decimals)."""
    if exactly(value):
        return _decimal_words(value, _MOST_DECIMALS)
    if abs(value) >= _MOST_SAID or abs(value) < Fraction(1, 1000):
        return _huge(value)
    places = max(2, _SIGNIFICANT - 1) if abs(value) < 10 else 2  # noqa: PLR2004 - one digit before the point
    while abs(value) * 10**places < 10 ** (_SIGNIFICANT - 1):
        places += 1
    return _decimal_words(value, places)


def about(value: Fraction, *, exact: bool = True) -> str:
    """Say a number, with "about" in front when what is said is not all of it (or it was `exact` never)."""
    return number(value) if exact and exactly(value) else f"about {number(value)}"


def count(value: int, singular: str, plural: str = "") -> str:
    """Say how many: "one timer", "two timers"."""
    return f"{integer(value)} {singular if value == 1 else plural or singular + 's'}"


def join(parts: Sequence[str], word: str = "and") -> str:
    """Say several things: "milk, eggs and bread"."""
    return f" {word} ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def duration(seconds: float) -> str:
    """Say a length of time (seconds, rounded to whole ones): "an hour and a half", "two minutes and ten seconds"."""
    total = round(seconds)
    special = {_HOUR * 3 // 2: "an hour and a half", _HOUR // 2: "half an hour", _HOUR: "an hour", MINUTES: "a minute"}
    if total in special:
        return special[total]
    if total < 2 * _HOUR and total % MINUTES == 30 and total > MINUTES and total // MINUTES < 10:  # noqa: PLR2004 - halves of few minutes
        return "a minute and a half" if total // MINUTES == 1 else f"{integer(total // MINUTES)} and a half minutes"
    hours, rest = divmod(total, _HOUR)
    if rest == _HOUR // 2 and 1 < hours < HALF_DAY_HOURS:
        return f"{integer(hours)} and a half hours"
    days, rest = divmod(total, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, left = divmod(rest, MINUTES)
    sizes = ((days, "day"), (hours, "hour"), (minutes, "minute"), (left, "second"))
    parts = [count(value, unit) for value, unit in sizes if value]
    return join(parts) or "no time"


def left(seconds: float) -> str:
    """Say how long is left, only as finely as anyone wants to know it: no seconds beyond ten minutes."""
    total = round(seconds)
    if total > 10 * MINUTES:
        total = round(total / MINUTES) * MINUTES
    return duration(max(1, total))


def clock(moment: datetime, *, half: bool = False) -> str:
    """Say a time of day: "twenty past four", "six forty-two", "noon".

    half: say which half of the day it is in too ("half past six in the morning").
    """
    hour, minute = moment.hour, moment.minute
    if minute == 0 and hour in {0, HALF_DAY_HOURS}:
        return "noon" if hour else "midnight"
    said, later = (hour - 1) % HALF_DAY_HOURS + 1, hour % HALF_DAY_HOURS + 1
    if minute == 0:
        words = integer(said) if half else f"{integer(said)} o'clock"
    elif minute % 5:
        words = f"{integer(said)} {'oh ' if minute < 10 else ''}{integer(minute)}"  # noqa: PLR2004 - "oh five"
    elif minute <= MINUTES // 2:
        words = f"{ {15: 'quarter', 30: 'half'}.get(minute) or integer(minute) } past {integer(said)}"
    else:
        words = f"{ {45: 'quarter'}.get(minute) or integer(MINUTES - minute) } to {integer(later)}"
    return f"{words} {part_of_day(hour)}" if half else words


def part_of_day(hour: int) -> str:
    """Say which part of the day an hour (0 to 23) is in: "in the morning"."""
    if hour < HALF_DAY_HOURS:
        return "in the morning"
    if hour < 18:  # noqa: PLR2004 - evening begins at six
        return "in the afternoon"
    return "in the evening" if hour < 22 else "at night"  # noqa: PLR2004 - night begins at ten


def day(value: date, *, with_year: bool = False, weekday: bool = True) -> str:
    """Say a date: "Tuesday, the twenty-fourth of November"."""
    words = f"the {ordinal(value.day)} of {dates.MONTHS[value.month].title()}"
    if weekday:
        words = f"{dates.WEEKDAYS[value.weekday()].title()}, {words}"
    return f"{words} {year(value.year)}" if with_year else words


def no_day(day: int, month: int, year_said: int | None) -> str:
    """Say that no calendar has a day: "there is no thirtieth of February", "... in twenty twenty-seven"."""
    in_year = f" in {year(year_said)}" if year_said and (month, day) == dates.LEAP_DAY else ""
    return f"there is no {ordinal(day)} of {dates.MONTHS[month].title()}{in_year}"


def when(moment: datetime, now: datetime) -> str:
    """Say when something will be, seen from `now`: "half past six tomorrow morning", "noon"."""
    ahead = (moment.date() - now.date()).days
    part = part_of_day(moment.hour).removeprefix("in the ")
    if clock(moment) == "midnight" and ahead in {1, 2}:
        return "midnight tonight" if ahead == 1 else "midnight tomorrow"
    if ahead in {0, 1} and clock(moment) == "noon":
        return "noon tomorrow" if ahead else "noon"
    if ahead == 0:
        return f"{clock(moment)} {'tonight' if part == 'at night' else f'this {part}'}"
    if ahead == 1:
        return f"{clock(moment)} tomorrow {'night' if part == 'at night' else part}"
    on = (
        dates.WEEKDAYS[moment.weekday()].title()
        if 0 < ahead < _WEEK
        else day(moment, with_year=moment.year != now.year)
    )
    return f"{clock(moment, half=True)} on {on}"


def weekly(days: Collection[int]) -> str:
    """Say on which weekdays (Monday 0): "every day", "every weekday", "every Monday and Thursday"."""
    of_the_week = {range(7): "day", range(5): "weekday", range(5, 7): "weekend"}
    named = next((name for which, name in of_the_week.items() if set(which) == set(days)), "")
    return f"every {named or join([dates.WEEKDAYS[day].title() for day in sorted(days)])}"


_AMOUNT = r"(\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
_MONEY = re.compile(
    rf"([$\u00a3\u20ac])\s?{_AMOUNT}(?:\.(\d+))?(?![\d.]*\d)(?: (thousand|million|billion|trillion)\b)?", re.IGNORECASE
)
_CURRENCY = {"$": ("dollar", "cent"), "\u00a3": ("pound", "penny"), "\u20ac": ("euro", "cent")}
_TIME = re.compile(r"\b(\d{1,2}):(\d\d)\b")
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:,\d{3})*)(?:\.(\d+))?(?![\w])")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_YEARS = range(1900, 2100)
_LONGEST_COUNTED = 3
_SYMBOLS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"(?<![\w.,:-])[-\u2212](?=\d)", "minus "),
        (r"(?<=\d):(?=\d)", " to "),
        (r"(?<=\d)\s?/\s?(?=\d)", " slash "),
        (r"#\s?(?=\d)", "number "),
        (r"(?<=\w)@(?=\w)", " at "),
        (r"\s*%", " percent"),
        ("&", " and "),
        ("\u00b0", " degrees "),
        (r"\s\+\s|\+(?=\d)", " plus "),
        (r"\s?=\s?", " equals "),
        ("\u20ac", " euros "),
    )
)
_GROUPS = re.compile(r"(?<![\w.])\d{2,}(?:[ -]\d{2,})+(?!\w)")


def money(value: Fraction, unit: str, *, exact: bool = True) -> str:
    """Say an amount of money (`unit` is singular: "dollar", "pound", "euro"), rounded to hundredths."""
    hundredths = round(abs(value) * 100)
    whole, rest = divmod(hundredths, 100)
    small, smalls = ("penny", "pence") if unit == "pound" else ("cent", "cents")
    parts = [count(whole, unit)] if whole or not rest else []
    if rest:
        parts.append(count(rest, small, smalls))
    vague = "" if exact and value * 100 == round(value * 100) else "about "
    return f"{vague}{'minus ' if value < 0 and hundredths else ''}{join(parts)}"


def _say_number(found: re.Match[str]) -> str:
    whole, decimals = found[1], found[2]
    if decimals:
        return f"{integer(int(whole.replace(',', '')))} point {digits(decimals)}"
    if "," in whole or (len(whole) <= _LONGEST_COUNTED and not whole.startswith("0")):
        return integer(int(whole.replace(",", "")))
    before = found.string[: found.start()].rstrip().lower()
    if int(whole) in _YEARS and len(whole) == 4 and not before.endswith(("code", "code is", "pin", "pin is", "number")):  # noqa: PLR2004 - a year
        return year(int(whole))
    return digits(whole)


def _say_money(found: re.Match[str]) -> str:
    value, unit = Fraction(f"{found[2].replace(',', '')}.{found[3] or 0}"), _CURRENCY[found[1]][0]
    return f"{about(value)} {found[4]} {unit}s" if found[4] else money(value, unit)


def _say_time(found: re.Match[str]) -> str:
    hour, minute = integer(int(found[1])), int(found[2])
    if not minute:
        return f"{hour} o'clock"
    return f"{hour} {'oh ' if minute < 10 else ''}{integer(minute)}"  # noqa: PLR2004 - "six oh five"


def aloud(text: str) -> str:
    """Turn what the wearer dictated into what a voice reads right: long digit runs one by one, symbols as words."""
    text = _TIME.sub(_say_time, _MONEY.sub(_say_money, text))
    for symbol, words in _SYMBOLS:
        text = symbol.sub(words, text)
    text = _GROUPS.sub(lambda m: ", ".join(digits(group) for group in re.split("[ -]", m[0])), text)
    text = _ORDINAL.sub(lambda m: ordinal(int(m[1])), text)
    return re.sub(r"\s+", " ", _NUMBER.sub(_say_number, text)).strip()

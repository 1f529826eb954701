"""Times of day as people say them: "half past six", "6.30 pm", "quarter to seven in the morning", "noon"."""

import re
from collections.abc import Sequence

import msgspec

from sottovoce_host.mind import numerals

HALF_DAY_HOURS = 12
"""Hours on a dial."""

MINUTES = 60
"""Minutes in an hour."""

_LAST_HOUR = 23
_DIGITAL = re.compile(r"(\d{1,2})[:.](\d\d)")
_RUN_TOGETHER = re.compile(r"(\d{1,2})(\d\d)")
_HALF = re.compile(
    r"^(?P<time>.+?) ?(?P<half>am|pm|in the morning|in the afternoon|in the evening|at night|this morning|"
    r"this afternoon|this evening)$"
)
_PAST = {"past", "after"}
_TO = {"to", "of", "til", "till", "before"}


class ClockTime(msgspec.Struct, frozen=True):
    """A time of day as it was said.

    hour: 0 to 23. minute: 0 to 59.
    settled: the hour is of a day of twenty-four; otherwise it is on the dial and may be either half of the day.
    """

    hour: int
    minute: int
    settled: bool


def _whole(words: Sequence[str], start: int, low: int, high: int) -> tuple[int, int] | None:
    found = numerals.read(words, start)
    if found and found[0].denominator == 1 and low <= found[0] <= high:
        return int(found[0]), found[1]
    return None


def _relative(words: Sequence[str]) -> tuple[int, int] | None:
    """Hour and minute of "half past six", "twenty to four", "ten minutes past nine", "half six"."""
    words = list(words[1:] if words[:1] in (["a"], ["an"]) else words)
    if words[:1] == ["half"] and len(words) > 1:
        hour = _whole(words, 1 + (words[1] == "past"), 1, HALF_DAY_HOURS)
        return (hour[0], 30) if hour and hour[1] == len(words) else None
    if words[:1] == ["quarter"]:
        minutes, at = 15, 1
    else:
        found = _whole(words, 0, 1, 59)
        if found is None:
            return None
        minutes, at = found
        at += words[at : at + 1] in (["minutes"], ["minute"])
    word = words[at] if at < len(words) else ""
    hour = _whole(words, at + 1, 1, _LAST_HOUR)
    if hour is None or hour[1] != len(words):
        return None
    if word in _PAST:
        return hour[0], minutes
    return ((hour[0] - 1) or HALF_DAY_HOURS, MINUTES - minutes) if word in _TO else None


def _absolute(words: Sequence[str]) -> tuple[int, int] | None:
    """Hour and minute of "6:30", "six thirty", "seven", "five oh five", "630"."""
    if len(words) == 1:
        digital = _DIGITAL.fullmatch(words[0]) or _RUN_TOGETHER.fullmatch(words[0])
        if digital and len(words[0]) > 2:  # noqa: PLR2004 - "18" is an hour, "630" has minutes
            return int(digital[1]), int(digital[2])
    hour = _whole(words, 0, 0, 24)
    if hour is None and words and words[0] in numerals.TENS:
        hour = numerals.TENS[words[0]], 1
    if hour is None:
        return None
    value, at = hour
    rest = list(words[at:])
    if rest in ([], ["hundred"], ["hundred", "hours"]):
        return value, 0
    if rest[0] in {"oh", "o", "zero"}:
        minute = _whole(rest, 1, 1, 9)
    else:
        minute = _whole(rest, 0, 10, MINUTES - 1) or (_whole(rest, 0, 0, 9) if len(rest[0]) == 2 else None)  # noqa: PLR2004 - "05"
    return (value, minute[0]) if minute and minute[1] == len(rest) else None


def _settle(hour: int, minute: int, half: str | None, digits: str) -> ClockTime | None:
    if hour > _LAST_HOUR or minute >= MINUTES:
        return None
    if hour > HALF_DAY_HOURS or hour == 0 or (digits.startswith("0") and half is None):
        return ClockTime(hour, minute, settled=True) if half in {None, "pm"} or hour == 0 else None
    if half is None:
        return ClockTime(hour, minute, settled=False)
    if half == "at night":
        half = "am" if hour == HALF_DAY_HOURS or hour < 5 else "pm"  # noqa: PLR2004 - "four at night" is before dawn
    return ClockTime(hour % HALF_DAY_HOURS + (HALF_DAY_HOURS if half == "pm" else 0), minute, settled=True)


def parse(text: str) -> ClockTime | None:
    """Give the time of day a text names, if it names one and nothing else."""
    text = re.sub(r" (?:sharp|exactly|or so|ish|on the dot)$", "", text)
    split = _HALF.match(text)
    half = None
    if split:
        text, said = split["time"], split["half"]
        half = said if said in {"am", "pm", "at night"} else "am" if "morning" in said else "pm"
    fixed = {"noon": 12, "midday": 12, "midnight": 0, "12 noon": 12, "12 midnight": 0, "twelve noon": 12}
    if text in fixed:
        return ClockTime(fixed[text], 0, settled=True)
    words = text.replace("oclock", "").split()
    found = _relative(words) or _absolute(words)
    return _settle(*found, half, text) if found else None

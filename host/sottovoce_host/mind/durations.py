"""Lengths of time as people say them: "an hour and a half", "two minutes thirty", "90 seconds"."""

from collections.abc import Sequence
from fractions import Fraction

from sottovoce_host.mind import numerals

SECONDS = {
    name: seconds
    for names, seconds in (
        ("second seconds sec secs", 1),
        ("minute minutes min mins", 60),
        ("hour hours hr hrs", 3600),
        ("day days", 86400),
        ("week weeks", 604800),
    )
    for name in names.split()
}
"""Seconds in each unit of time that a timer may be set in."""

_BELOW = {3600: 60, 60: 1}
_MISHEARD = {"to": Fraction(2), "too": Fraction(2), "for": Fraction(4), "fore": Fraction(4)}


def _amount(words: Sequence[str], start: int) -> tuple[Fraction, int] | None:
    """How many of the unit that follows; "to" and "for" are numbers right before a unit, where nothing else can be."""
    word = words[start] if start < len(words) else ""
    following = words[start + 1] if start + 1 < len(words) else ""
    if word in _MISHEARD and following in SECONDS:
        return _MISHEARD[word], start + 1
    found = numerals.read(words, start)
    if found:
        value, end = found
        if words[end : end + 2] in (["of", "an"], ["of", "a"]):
            return value, end + 2
        if value < 1 and words[end : end + 1] in (["an"], ["a"]):
            return value, end + 1
        return found
    couple = start + (word == "a")
    if words[couple : couple + 1] == ["couple"]:
        return Fraction(2), couple + 1 + (words[couple + 1 : couple + 2] == ["of"])
    return (Fraction(1), start + 1) if word in {"a", "an"} else None


def _part(words: Sequence[str], start: int) -> tuple[Fraction, int, int] | None:
    """One amount with its unit: seconds, index after it, seconds in the unit."""
    amount = _amount(words, start)
    if amount is None or amount[1] >= len(words) or words[amount[1]] not in SECONDS:
        return None
    unit, end = SECONDS[words[amount[1]]], amount[1] + 1
    value = amount[0]
    if words[end : end + 1] == ["and"]:
        extra = numerals.read(words, end + 1)
        if extra and extra[0] < 1 and (extra[1] >= len(words) or words[extra[1]] not in {"a", "an", "of", *SECONDS}):
            value, end = value + extra[0], extra[1]
    return value * unit, end, unit


def read(words: Sequence[str], start: int = 0) -> tuple[Fraction, int] | None:
    """Read the longest length of time at `words[start]`: seconds, and the index of the word after it."""
    words = list(words)
    first = _part(words, start)
    if first is None:
        return None
    total, end, unit = first
    while True:
        at = end + (words[end : end + 1] == ["and"])
        part = _part(words, at)
        if part and part[2] < unit:
            total, end, unit = total + part[0], part[1], part[2]
            continue
        bare = numerals.read(words, end)
        if bare and unit in _BELOW and 0 < bare[0] < 60 and bare[1] == len(words):  # noqa: PLR2004 - sixty to the unit
            return total + bare[0] * _BELOW[unit], bare[1]
        return total, end


def parse(text: str) -> Fraction | None:
    """Give the seconds in a text that is a length of time and nothing else; None if it is not."""
    words = text.split()
    found = read(words)
    return found[0] if found and found[1] == len(words) else None

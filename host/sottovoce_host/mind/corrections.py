"""What is put right while it is said: "set a timer for five minutes, no, ten minutes"."""

import re
from datetime import datetime
from typing import Final

from sottovoce_host.mind import clocktimes, durations, moments, numerals

_WORD = r"(?:no|sorry|wait|actually|rather|or rather|i mean|i meant|make (?:it|that)|scratch that|correction)"
_SLIP: Final = re.compile(rf" {_WORD}(?: {_WORD})* (?=\S)")
_BEFORE_TIME: Final = {"for", "at", "in", "by", "on"}
_NAMED: Final = {"at": {"clock", "moment"}, "in": {"length"}}
_LONGEST: Final = 6


def put_right(words: str, now: datetime) -> str:
    """Give a request (as `wording.plain` writes it) with the time that was meant in place of the one that was not.

    A time of day takes the place of a time of day alone, so that the day stays; the whole moment that of either, and
    "at five" that of "in ten minutes".
    """
    slip = _SLIP.search(words)
    if slip is None:
        return words
    before, behind = words[: slip.start()].split(), words[slip.end() :].split()
    named = behind[0] if behind[0] in _BEFORE_TIME else ""
    behind = behind[bool(named) :]
    for end in range(min(len(behind), _LONGEST), 0, -1):
        meant = " ".join(behind[:end])
        sorts = _sorts(meant, now)
        sorts &= _NAMED.get(named, sorts)
        for start in range(max(len(before) - _LONGEST, 0), len(before)) if sorts else ():
            said = _sorts(" ".join(before[start:]), now) if before[start] not in _BEFORE_TIME else set()
            if said and {before[start - 1], named} == set(_NAMED):
                return " ".join([*before[: start - 1], named, meant, *behind[end:]])
            if said & sorts or (said and sorts == {"moment"}):
                unit = before[-1:] if before[-1] in durations.SECONDS and numerals.number(meant) is not None else []
                return " ".join([*before[:start], meant, *unit, *behind[end:]])
    return words


def _sorts(text: str, now: datetime) -> set[str]:
    """What sort of time a text may be: a length, a time of day, a day, or a moment of both; empty for none."""
    if numerals.number(text) is not None:
        return {"number", "length", "clock"}
    if durations.parse(text) is not None:
        return {"length"}
    if clocktimes.parse(text):
        return {"clock"}
    moment = moments.parse(text, now, waking=False)
    return set() if moment is None else {"moment"} if moment.at else {"day"}

"""What is wanted to ring, and when: "in ten minutes", "at half past six", "tomorrow morning"."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

import msgspec

from sottovoce_host.memory.timers import Kind
from sottovoce_host.mind import durations, moments

VERB: Final = (
    r"(?:set up|set|start|create|make|begin|give me|put on|put|add|run|do|i want|i need|i would like|get me|get|have|"
    r"set me|start me|switch on|turn on)"
)
"""What one sets something to ring with, as a part of a pattern."""

ROUGHLY: Final = "(?:about|around|roughly|exactly|just|like|a full|another)"
"""What may stand before a length of time and changes nothing, as a part of a pattern."""

_LONGEST: Final = timedelta(days=366)
_PARTS: Final = {"in the morning": 5, "in the afternoon": 16, "in the evening": 20}
"""Until which hour a part of the day, said alone, is today's."""


class Wanted(msgspec.Struct, frozen=True):
    """One thing to ring that was asked for.

    label: its name, or what to remind of; may be empty.
    due: when; None if that was not said, or is further off than a year.
    day: the words for the day, where only a day was said ("tomorrow evening"); else empty.
    relative: it was said as a length of time from now.
    hindrance: why it cannot be, where it cannot: it is over, on a day that no year has, or repeats in other ways.
    days: the weekdays on which it is to ring again and again, Monday 0; none: once.
    """

    kind: Kind
    label: str
    due: datetime | None = None
    day: str = ""
    relative: bool = False
    hindrance: str = ""
    days: frozenset[int] = frozenset()


def after(seconds: Fraction, now: datetime) -> datetime | None:
    """Give the instant this long after `now`; None if that is no time at all, or more than a year."""
    if not 0 < seconds <= _LONGEST.total_seconds():
        return None
    return (now.astimezone(UTC) + timedelta(seconds=float(seconds))).astimezone(now.tzinfo)


def lasting(seconds: Fraction, label: str, now: datetime) -> Wanted:
    """What is wanted for a length of time, or why none can last that long."""
    due = after(seconds, now)
    why = "" if due else "I can't count further than a year" if seconds > 0 else "that's no time at all"
    return Wanted("timer", label, due, hindrance=why)


def when(text: str, now: datetime, kind: Kind) -> tuple[datetime | None, str, bool] | None:
    """Read "in ten minutes", "at half past six", "tomorrow": the instant or the day's words; whether it is from now."""
    length = (
        re.sub(rf"^(?:(?:in|after|for|of) )?(?:{ROUGHLY} )?", "", text).removesuffix(" from now").removesuffix(" time")
    )
    seconds = durations.parse(length)
    if seconds is not None and (due := after(seconds, now)):
        return due, "", True
    found = moments.parse(text, now, waking=kind == "alarm")
    if found is None and text in _PARTS:
        day = "this" if now.hour < _PARTS[text] else "tomorrow"
        return None, f"{day} {text.removeprefix('in the ')}", False
    return (found.at, "" if found.at else text, False) if found else None


def never(text: str, now: datetime, kind: Kind, *, alone: bool = True) -> Wanted | None:
    """What is wanted for a moment that cannot be; None if the text names no such moment.

    alone: as `moments.hindrance` takes it.
    """
    why = moments.hindrance(text, now, waking=kind == "alarm", alone=alone)
    return Wanted(kind, "", hindrance=why) if why else None


def on_days(one: Wanted, days: frozenset[int], now: datetime) -> Wanted:
    """What is wanted for one of these weekdays (Monday 0), on all of them: first on the next one."""
    if one.due is None:
        return msgspec.structs.replace(one, days=days)
    clock, day = one.due.time(), one.due.weekday()
    if day not in days:  # "every Friday night at one" is on Saturdays
        days = frozenset((friday + 1) % 7 for friday in days)
    return msgspec.structs.replace(one, days=days, due=moments.upcoming_on(days, clock, now))


def again(kind: Kind) -> Wanted:
    """What is wanted again and again, and not on days of the week."""
    only = "can't repeat timers" if kind == "timer" else f"can only repeat {kind}s on days of the week"
    return Wanted(kind, "", hindrance=f"I {only}")

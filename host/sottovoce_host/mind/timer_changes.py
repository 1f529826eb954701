"""What is asked of something that runs: "make it five minutes longer", "move the alarm to eight"."""

import re
from datetime import datetime, time, timedelta
from fractions import Fraction

import msgspec

from sottovoce_host.memory.timers import Cadence, Timer
from sottovoce_host.mind import clocktimes, durations, moments
from sottovoce_host.mind.clocktimes import HALF_DAY_HOURS
from sottovoce_host.mind.wanted import when

_ONE = r"(?P<which>it|that|this|(?:the|my|this|that) (?:[\w' ]+? )??(?:timer|countdown|alarm|reminder))"
_LONGER = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:add|put|give)(?: me)? (?P<length>.+?) (?:to|on|onto|for) (?P<which>.+)$",
        r"^(?:extend|lengthen|postpone|delay) (?P<which>.+?) (?:by|for) (?P<length>.+)$",
        rf"^make {_ONE} (?P<length>.+) (?:longer|later)$",
        rf"^(?:push|move|put) {_ONE} back (?:by )?(?P<length>.+)$",
        r"^(?:add|give (?:me|(?P<which>it))) (?P<length>(?=.*\b(?:another|more|extra)\b).+)$",
    )
)
_SHORTER = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:take|remove|subtract|knock|cut) (?P<length>.+?) (?:off of|off|from) (?P<which>.+)$",
        r"^(?:shorten|reduce) (?P<which>.+?) by (?P<length>.+)$",
        rf"^make {_ONE} (?P<length>.+) (?:shorter|earlier|sooner)$",
    )
)
_MOVED = re.compile(
    rf"^(?:(?:change|move|reschedule|switch|extend|postpone|push|make) {_ONE} (?:back )?(?:(?:to|for|until|till) )?"
    r"(?P<to>.+?)|set (?P<which2>it|that) (?:to|for) (?P<to2>.+?))(?: instead)?$"
)
_MEANT = re.compile(r"^(?:no (?:i (?:meant|mean|said) )?|i (?:meant|mean|said) )(?:for |at )?(?P<to>.+)$")
_MORE = re.compile(r"(?:^| )(?:more|extra)(?= |$)")


class Change(msgspec.Struct, frozen=True):
    """What is to be changed, and how.

    which: the words for it; empty if it was not named. by_s: seconds that it gets longer, or less than 0 shorter.
    to: the words for a new time or length, where by_s is 0.
    """

    which: str
    by_s: Fraction = Fraction(0)
    to: str = ""

    @property
    def indefinite(self) -> bool:
        """Whether it is none that runs yet: "put five minutes on a timer"."""
        return bool(re.match(r"(?:an?|another) ", self.which))


def parse(words: str, *, right_behind: bool) -> Change | None:
    """Give the change that a request (as `wording.plain` writes it) asks for; None if it is no such request.

    right_behind: nobody answered anything else since one was spoken of, so that "no, nine" is about it.
    """
    for patterns, sign in ((_LONGER, 1), (_SHORTER, -1)):
        for pattern in patterns:
            found = pattern.match(words)
            if found and (seconds := _length(found["length"])):
                return Change(found["which"] or "", sign * seconds)
    if right_behind and (meant := _MEANT.match(words)):
        return Change("it", to=meant["to"])
    moved = _MOVED.match(words)
    return Change(moved["which"] or moved["which2"], to=moved["to"] or moved["to2"]) if moved else None


def due(change: Change, timer: Timer, now: datetime) -> datetime | None:
    """Give when a running one rings once it is changed; None where the words say no such thing. It may be over."""
    if change.by_s:
        start = max(timer.due, now) if change.by_s > 0 else timer.due
        return start + timedelta(seconds=float(change.by_s))
    clock = clocktimes.parse(change.to.removeprefix("at "))
    if clock and timer.kind != "timer":
        hours = (clock.hour,) if clock.settled else (clock.hour % HALF_DAY_HOURS, clock.hour % HALF_DAY_HOURS + 12)
        day = timer.due.astimezone(now.tzinfo).date()
        instants = [moments.local(day, time(hour, clock.minute), now) for hour in hours]
        coming = [instant for instant in instants if instant.timestamp() > now.timestamp()]
        return min(coming, key=lambda at: abs(at.timestamp() - timer.due_s), default=moments.upcoming(clock, now))
    found = when(change.to, now, timer.kind)
    return found[0] if found and (found[2] or timer.kind != "timer") else None


def moved(timer: Timer, due: datetime, now: datetime) -> Cadence | None:
    """Give when one that repeats rings from then on; on the same days, unless it has only one. None: it does not."""
    if timer.cadence is None:
        return None
    due, days = due.astimezone(now.tzinfo), timer.cadence.days
    return Cadence(days if len(days) > 1 else frozenset({due.weekday()}), due.time())


def _length(text: str) -> Fraction | None:
    text = _MORE.sub("", text).strip()
    return durations.parse(text.removeprefix("another ")) or durations.parse(re.sub(r"^another\b", "a", text))

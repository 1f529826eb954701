"""Several things to ring in one breath: "remind me in an hour to call Bob and at nine to take my pills"."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sottovoce_host.mind import moments, timer_requests
from sottovoce_host.mind.timer_answers import question
from sottovoce_host.mind.wanted import Wanted, when

ONE_BY_ONE: Final = "one at a time, please"
"""Why several cannot be: whether the second is one of its own, or on which day, cannot be told."""

_REMIND = re.compile(r"^(?:.+ )?(?:remind me|do not (?:let me )?forget) (?:(?P<day>.+?) )??(?P<about>to|about|that) ")
_JOINT = re.compile(r" and (?:then |also |again |please )*")
_ONE_MORE = re.compile(r"^(?:another|one)(?: one)?\b")
_NOUN = re.compile(r"(?:an?|the|some|my|our) ")
_MOST_WORDS = 60


def parse(words: str, now: datetime) -> list[Wanted]:
    """Give what a request (as `wording.plain` writes it) wants to ring; empty unless it is several, each in full.

    One that hinders says why it is none.
    """
    whole = _complete(words, now)
    if len(words.split()) > _MOST_WORDS or (whole and whole.kind != "reminder"):
        return []
    for joint in _JOINT.finditer(words):
        before, behind = words[: joint.start()], words[joint.end() :]
        first = _complete(before, now)
        readings = list(_readings(before, behind, first, now)) if first else []
        for second, sure in readings:
            rest = parse(second, now) or [wanted for wanted in [_complete(second, now)] if wanted]
            if first and rest:
                fits = (
                    sure
                    and not rest[0].hindrance
                    and not (first.days or rest[0].days)
                    and _on_its_day(first, rest[0], now)
                )
                return [first, *rest] if fits else [Wanted(first.kind, "", hindrance=ONE_BY_ONE)]
    return []


def _complete(words: str, now: datetime) -> Wanted | None:
    wanted = timer_requests.parse(words, now)
    return wanted if wanted and not wanted.hindrance and not question(wanted) else None


def _readings(before: str, behind: str, first: Wanted, now: datetime) -> Iterator[tuple[str, bool]]:
    """What stands behind an "and", as the request that it would be by itself, and whether it surely is one."""
    yield behind, True
    remind = _REMIND.match(before)
    if remind is None:
        yield _ONE_MORE.sub(f"set a {first.kind}", behind), True
        if first.kind == "alarm":
            yield f"wake me {behind}", True
        return
    yield f"remind me {behind}", True
    day = when(remind["day"], now, "reminder") if remind["day"] else None
    if remind["about"] == "to" and (day is None or day[1]):
        remind_me = f"remind me {remind['day']}" if day else "remind me"
        yield f"{remind_me} to {behind}", moments.stands_alone(first.label) and not _NOUN.match(behind)
        yield f"{remind_me} to {first.label} {behind}", True


def _on_its_day(first: Wanted, second: Wanted, now: datetime) -> bool:
    """Whether the second's day is surely its own, and not the first's, left unsaid the second time."""
    if first.due is None or second.due is None or first.relative or second.relative:
        return True
    return first.due.date() <= now.date() or second.due >= first.due

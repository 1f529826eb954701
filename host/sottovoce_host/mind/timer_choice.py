"""Which of the running timers, alarms and reminders is meant: "the pasta timer", "both", "my seven o'clock alarm"."""

import re
from datetime import datetime, timedelta

import msgspec

from sottovoce_host.memory.timers import Kind, Timer
from sottovoce_host.mind import clocktimes, durations, moments, phrasing, repetition, ringing
from sottovoce_host.mind.clocktimes import HALF_DAY_HOURS
from sottovoce_host.mind.wording import plain

_KINDS: dict[str, Kind] = {"timer": "timer", "countdown": "timer", "alarm": "alarm", "reminder": "reminder"}
_NOUN = r"timers?|countdowns?|alarms?|reminders?"
_SHAPE = re.compile(
    r"^(?:(?P<all>all|every|each|both|all of|both of|every one of)\s+)?"
    r"(?:(?:the|my|that|this|those|these|your|our|a|an|any)\s+)?"
    rf"(?P<front>(?:(?!\b(?:{_NOUN})\b).)*?)\s*(?P<noun>{_NOUN})"
    rf"(?P<more>(?:(?: (?:and|or))? (?:my |the )?(?:{_NOUN}))*)"
    r"(?:\s+(?:for|called|named|at|to|about|on|of)\s+(?:the |my )?(?P<back>.+))?$"
)
_NO_NAME = re.compile(r"\b(?:was|were|did|has|set|at|from|off|than|while|when)\b")
_ORDER = {
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "next": 0,
    "shortest": 0,
    "last": -1,
    "latest": -1,
    "longest": -1,
    "newest": -1,
    "other": -1,
}


class Choice(msgspec.Struct, frozen=True):
    """What was meant.

    kinds: the kinds that come into question. every: all of them are meant.
    named: something told them apart. found: those that fit, the next one first.
    """

    kinds: tuple[Kind, ...]
    every: bool
    named: str
    found: tuple[Timer, ...]


def _told(timer: Timer, text: str, now: datetime) -> bool:
    """Whether a timer is the one told by its name, its length or its time."""
    label = plain(timer.label)
    named = label and (text.removeprefix("the ") == label or (timer.kind == "reminder" and text in label))
    if named or text == label or (timer.cadence and repetition.is_named(text, timer.cadence.days)):
        return True
    seconds = durations.parse(text)
    if seconds is not None:
        return timer.kind == "timer" and abs(timer.length_s - float(seconds)) < 1
    due = timer.due.astimezone(now.tzinfo)
    clock = clocktimes.parse(text)
    if clock:
        hours_fit = due.hour == clock.hour if clock.settled else (due.hour - clock.hour) % HALF_DAY_HOURS == 0
        return timer.kind != "timer" and hours_fit and due.minute == clock.minute
    moment = moments.parse(text, now, waking=True)
    if moment is None or timer.kind == "timer" or timer.cadence:  # who names a day of one that repeats means that day
        return False
    if moment.at is not None:
        return due in {moment.at, moment.at + timedelta(hours=HALF_DAY_HOURS)}
    return due.date() == moment.day


def _told_apart(timers: list[Timer], text: str, now: datetime) -> list[Timer]:
    if text in _ORDER and timers and not any(timer.label == text for timer in timers):
        in_order = sorted(timers, key=lambda t: t.set_s) if text in {"latest", "newest"} else timers
        return in_order[_ORDER[text] :][:1]
    return [timer for timer in timers if _told(timer, text, now)]


def choose(text: str, running: list[Timer], now: datetime) -> Choice | None:
    """Give what a phrase such as "the pasta timer" means among those running; None if it is no such phrase."""
    shape = _SHAPE.match(text)
    if shape is None:
        return None
    nouns = [shape["noun"], *re.findall(_NOUN, shape["more"])]
    kinds = tuple(_KINDS[noun.removesuffix("s")] for noun in nouns)
    every = bool(shape["all"]) or any(noun.endswith("s") for noun in nouns)
    timers = [timer for timer in running if timer.kind in kinds]
    every = every or (" and " in shape["more"] and sorted(timer.kind for timer in timers) == sorted(kinds))
    named = " ".join(part for part in (shape["front"], shape["back"]) if part)
    if (shape["front"] and shape["back"]) or _NO_NAME.search(shape["front"]):
        return None
    return Choice(kinds, every, named, tuple(_told_apart(timers, named, now) if named else timers))


def choose_among(text: str, offered: list[Timer], now: datetime) -> list[Timer] | None:
    """Give which of those `offered` an answer means ("the pasta one", "both", "the first"); None if it means none."""
    text = re.sub(r"^(?:cancel|stop|delete|remove|just|only|um|i mean|i meant)\s+", "", text)
    if re.fullmatch(r"(?:all|both|everything|every one|all of them|both of them|them all|all three|the lot)", text):
        return offered
    text = re.sub(r"^(?:the|my|that|with the|with)\s+", "", text)
    text = re.sub(rf"\s*\b(?:one|{_NOUN})$", "", text) or text
    text = re.sub(rf"^(?:one|{_NOUN})\s+(?:for|called|named|to|at|about)\s+(?:the |my )?", "", text)
    text = re.sub(r"^(?:for|at|called)\s+(?:the )?", "", text)
    return _told_apart(offered, text, now) or [timer for timer in offered if text == timer.kind] or None


def none_such(choice: Choice, running: list[Timer], now: datetime) -> str:
    """Say that nothing running was meant, and what there is instead."""
    kind = choice.kinds[0]
    others = [timer for timer in running if timer.kind in choice.kinds]
    if choice.named and len(others) == 1:
        return f"I have no such {kind}, only the {ringing.described(others[0], now).rstrip(',')}"
    if choice.named and others:
        return f"I have no such {kind}"
    return f"No {phrasing.join([f'{kind}s' for kind in dict.fromkeys(choice.kinds)], 'or')} are set"

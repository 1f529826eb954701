"""What an answer adds to something that was wanted to ring: the length, the time, the day, what it is about."""

import re
from datetime import datetime

import msgspec

from sottovoce_host.mind import clocktimes, moments, numerals, reminder_requests
from sottovoce_host.mind.confirmation import agrees, asks_else
from sottovoce_host.mind.corrections import put_right
from sottovoce_host.mind.wanted import Wanted, on_days, when
from sottovoce_host.mind.wording import as_written, plain

_OPENING = re.compile(r"^(?:make it|set it for|set it to|let us say|say|about) ")
_ABOUT = re.compile(r"^(?:to|about|that|of) ")


def question(wanted: Wanted) -> str:
    """Ask for what is missing; empty: nothing is."""
    if wanted.kind == "reminder" and not wanted.label:
        return "What about?"
    if wanted.due:
        return ""
    if wanted.kind == "timer":
        return "For how long?"
    return "At what time?" if wanted.kind == "alarm" or wanted.day else "When?"


def completed(wanted: Wanted, text: str, now: datetime) -> Wanted | None:
    """Give what was wanted with what the answer `text` adds, or with the hindrance in it; None if it is no answer."""
    words = put_right(plain(text), now)
    about = wanted.kind == "reminder" and not wanted.label
    if about and (asks_else(words) or agrees(words)):
        return None
    moment = _OPENING.sub("", words)
    clock = moment.removeprefix("at ")
    if wanted.day and clocktimes.parse(clock):
        moment = f"{wanted.day} at {clock}"
    if wanted.kind == "timer" and numerals.number(moment) is not None:
        moment = f"{moment} minutes"
    found = when(moment, now, wanted.kind)
    if about and not found:
        return _about(wanted, words, text, now)
    if found is None:
        why = moments.hindrance(moment, now, waking=wanted.kind == "alarm")
        return msgspec.structs.replace(wanted, hindrance=why) if why else None
    due, day, relative = found
    if due is None and (wanted.kind == "timer" or wanted.day):
        return None
    full = msgspec.structs.replace(wanted, due=due, day=day, relative=relative)
    return on_days(full, wanted.days, now) if wanted.days else full


def _about(wanted: Wanted, words: str, text: str, now: datetime) -> Wanted | None:
    about = _ABOUT.sub("", words)
    full = reminder_requests.parse(f"remind me to {about}", now) if wanted.due is None and not wanted.day else None
    full = full or msgspec.structs.replace(wanted, label=about if about not in {"it", "this", "that"} else "")
    return msgspec.structs.replace(full, label=as_written(text, full.label)) if full.label or full.hindrance else None

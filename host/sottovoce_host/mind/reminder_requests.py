"""What a reminder is asked for with: "remind me at five to call Bob", "remind me to take the bins out tonight"."""

import re
from datetime import datetime

import msgspec

from sottovoce_host.mind import dates, moments, repetition
from sottovoce_host.mind.clocktimes import parse as parse_clock
from sottovoce_host.mind.parting import parted
from sottovoce_host.mind.wanted import VERB, Wanted, again, never, when

_REMIND = re.compile(
    rf"^(?:(?:do not forget to )?remind me|(?:{VERB} )?(?:me )?(?:a )?reminder|(?P<forget>do not let me forget))"
    r"(?: (?P<rest>.+))?$"
)
_ONLY_TIMED = re.compile(
    r"^(?:(?P<forget>do not forget)(?! to (?:set|start|wake)\b)|let me know(?! (?:in|about|of|that)\b)) (?P<rest>.+)$"
)
_ABOUT = {"to", "about", "that", "of"}
_MARKERS = {
    "at",
    "in",
    "on",
    "by",
    "tomorrow",
    "tonight",
    "today",
    "this",
    "next",
    "noon",
    "midnight",
    "every",
    "after",
}
_MARKERS |= {"for", "the", "around", *dates.WEEKDAYS}
_FROM_A_DAY = re.compile(r"^\S+ (?:days?|weeks?|fortnights?) (?:from|on|after|before|today|tomorrow)\b| from now$")
_OPEN = {"and", "or", "nor", "from", "to", "between", "until", "till", "than", "then", "but", "the", "a", "an"}
_GOES_ON = _OPEN | _MARKERS | _ABOUT | {"if", "unless", "when", "why", "what", "who", "where", "how", "again", "before"}
_LONGEST_MOMENT = 12
_DATE = re.compile(r"\bon \d+/\d+$")
_POINTED = {"it", "this", "that", "them", "these", "those"}
_CLAUSE = {"i", "we", "there"}
_REMINDER = re.compile(rf"^{VERB} (?P<front>.+?) reminder\b")
_PAST = {"yesterday", "last"}
_PART_OF = {"from", "of", "about", "since", "than", "for"}


def parse(words: str, now: datetime) -> Wanted | None:
    """Give the reminder that a request (as `wording.plain` writes it) asks for; None if it asks for none."""
    noun = _REMINDER.match(words)
    if noun and repetition.told_before(noun["front"]):
        return again("reminder")
    remind = _REMIND.match(words)
    found = remind or _ONLY_TIMED.match(words)
    if found is None:
        return None
    moment = when(found["rest"], now, "reminder") if found["rest"] else (None, "", False)
    wanted = Wanted("reminder", "", *moment) if moment else _about(found["rest"], now)
    if wanted is None and found["forget"]:
        wanted = _what_then_when(found["rest"].split(), now, doing=False)
    if wanted is None or not (remind or wanted.due or wanted.hindrance):
        return None
    return msgspec.structs.replace(wanted, label="") if wanted.label in _POINTED else wanted


def _about(rest: str, now: datetime) -> Wanted | None:
    parts = rest.removeprefix("please ").split()
    if parts[0] in _ABOUT | _CLAUSE:
        return _what_then_when(parts[parts[0] in _ABOUT :], now, doing=parts[0] == "to")
    for at in range(len(parts) - 2, 0, -1):
        if parts[at] not in _ABOUT or (parts[at] == "of" and parts[at + 1] in dates.MONTHS):
            continue
        moment = when(" ".join(parts[:at]), now, "reminder")
        if moment:
            later = _time_last(parts[:at], parts[at + 1 :], now) if moment[1] else None
            return later or Wanted("reminder", " ".join(parts[at + 1 :]), *moment)
        if gone := never(" ".join(parts[:at]), now, "reminder"):
            return gone
    return again("reminder") if repetition.told(rest) else _when_then_what(parts, now)


def _when_then_what(parts: list[str], now: datetime) -> Wanted | None:
    """Read "[remind me] at five[:] buy milk", where nothing stands between the moment and the thing."""
    for at in range(min(len(parts) - 1, _LONGEST_MOMENT), 0, -1) if parts[0] in _MARKERS else ():
        moment = when(" ".join(parts[:at]), now, "reminder")
        if moment:
            more = parts[at] in _GOES_ON or not moment[0]
            return None if more else Wanted("reminder", " ".join(parts[at:]), *moment)
    return None


def _time_last(day: list[str], parts: list[str], now: datetime) -> Wanted | None:
    """Read "[remind me] tomorrow [to] call mum at five"."""
    for at in range(1, len(parts)):
        moment = when(" ".join(day + parts[at:]), now, "reminder") if parts[at] == "at" else None
        if moment and moment[0]:
            return Wanted("reminder", " ".join(parts[:at]), *moment)
    return None


def _what_then_when(parts: list[str], now: datetime, *, doing: bool) -> Wanted | None:
    """Read "[remind me to] call mum at five". doing: it is something to do, so that a day that is over may be when.

    Words that go on in the moment ("from five to six", "at five and at six") are no such request.
    """
    if repetition.told(" ".join(parts)):
        return again("reminder")
    for at in range(1, len(parts)):
        rest = " ".join(parts[at:])
        marked = parts[at] in _MARKERS and not (parts[at - 1] == "last" and parts[at] in dates.WEEKDAYS)
        marked = marked or bool(_FROM_A_DAY.search(rest))
        if marked or parse_clock(rest):
            moment = when(rest, now, "reminder")
            lasting = parts[at] == "for" and moment and moment[2]
            if moment and not lasting and (marked or len(parts) - at > 1):
                if not doing and _timed_before_and(parts[:at], now):
                    break
                torn = parts[at - 1] in _OPEN or _DATE.search(" ".join(parts[:at]))
                return None if torn else Wanted("reminder", " ".join(parts[:at]), *moment)
        named = (marked or parts[at] in _PAST) and parts[at - 1] not in _PART_OF
        gone = never(rest, now, "reminder", alone=False) if named else None
        meant = doing and moments.stands_alone(" ".join(parts[:at] + [parts[at]] * (parts[at] in _PART_OF)))
        if gone and (meant or gone.hindrance != moments.OVER):
            return gone
    two = any(_is_timed(before.split(), now) for before, _ in parted(" ".join(parts)))
    return Wanted("reminder", " ".join(parts)) if parts and not two else None


def _timed_before_and(parts: list[str], now: datetime) -> bool:
    """Whether there are two times in what is so: "[remind me that] the shop opens at nine and closes [at six]"."""
    return any(_is_timed(parts[:at], now) for at, word in enumerate(parts) if word == "and")


def _is_timed(parts: list[str], now: datetime) -> bool:
    wanted = _what_then_when(parts, now, doing=True)
    return bool(wanted and wanted.due)

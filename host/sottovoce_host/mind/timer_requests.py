"""What a timer, an alarm or a reminder is asked for with: "set a pasta timer for nine minutes", "wake me at six"."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import msgspec

from sottovoce_host.memory.timers import Kind
from sottovoce_host.mind import dates, durations, moments, numerals, repetition
from sottovoce_host.mind.clocktimes import parse as parse_clock

_VERB = (
    r"(?:set up|set|start|create|make|begin|give me|put on|put|add|run|do|i want|i need|i would like|get me|get|have|"
    r"set me|start me|switch on|turn on)"
)
_ARTICLE = re.compile(r"^(?:a|an|another|my|the|one|new|second|third|other|quick|more|little)\s+(?=\S)")
_TIMER = re.compile(rf"^(?:(?P<verb>{_VERB}) )?(?P<front>.*?)\b(?:timer|countdown)(?: (?P<rest>.+))?$")
_ALARM = re.compile(rf"^(?:(?P<verb>{_VERB}) )?(?P<front>.*?)\balarm(?: clock)?(?: (?P<rest>.+))?$")
_WAKE = re.compile(
    r"^(?:wake me|wake me up|wake us|wake us up|get me up|i (?:need|have|want) to (?:wake|get|be) up) (?P<rest>.+)$"
)
_TO_WAKE = re.compile(r"^to (?:wake|get) (?:me |us )?up ")
_CLEAR_TIME = re.compile(
    r"\b(?:am|pm|oclock|past|to|noon|midday|midnight|morning|afternoon|evening|night|tonight|tomorrow)\b"
)
_COUNT = re.compile(
    r"^(?:time me for|time|count down(?: from)?|countdown(?: from)?|(?:let me know|ping me|alert me|"
    r"notify me) in) (?P<length>.+)$"
)
_FOR = re.compile(r"^(?:for|of|to|lasting|that lasts|at|in|with) (?=\S)")
_NAMED = re.compile(r"^(?:for|called|named|labelled|labeled|to) (?:the |my |a |an |some )?(?P<label>.+)$")
_NAMED_FIRST = re.compile(
    r"^(?:called|named|labelled|labeled|for) (?:the |my )?(?P<label>.+?) (?P<rest>(?:for|at|of|in) .+)$"
)
_NO_LABEL = re.compile(
    r"\d|\b(?:timers?|alarms?|all|that|this|and|two|three|four|five|what|when|how|is|on|of|cancel|stop|delete|"
    r"remove|turn|"
    r"no|not|never|dont|wont|any|left|seconds?|minutes?|hours?|days?|weeks?|every|each|these|those|remind|note|list|to|for|at|in|with|"
    r"the|long|does|my|your|i|clear|check|add|am|pm|me|yesterday|last (?:night|week|month|year|\w+day))\b"
)
_REMIND = re.compile(
    r"^(?:remind me|set (?:a |me a )?reminder|make (?:a |me a )?reminder|create (?:a )?reminder|add (?:a )?reminder|"
    r"give me a reminder|reminder|do not let me forget|do not forget to remind me) (?P<rest>.+)$"
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
_MARKERS |= {"for", "the", *dates.WEEKDAYS}
_REMINDER = re.compile(rf"^{_VERB} (?P<front>.+?) reminder\b")
_PAST = {"yesterday", "last"}
_PART_OF = {"from", "of", "about", "since", "than", "for"}
_REPEATED_FIRST = re.compile(
    r"^(?P<often>(?:every|each|on|once|twice) .+?) (?P<verb>remind me|wake me|set an? alarm)\b"
)
_LONGEST_LABEL = 3
_LONGEST = timedelta(days=366)
_DAWN = 5


class Wanted(msgspec.Struct, frozen=True):
    """One thing to ring that was asked for.

    label: its name, or what to remind of; may be empty.
    due: when; None if that was not said, or is further off than a year.
    day: the words for the day, where only a day was said ("tomorrow evening"); else empty.
    relative: it was said as a length of time from now.
    hindrance: why it cannot be, where it cannot: it would repeat, is over, or on a day that no year has.
    """

    kind: Kind
    label: str
    due: datetime | None = None
    day: str = ""
    relative: bool = False
    hindrance: str = ""


def after(seconds: Fraction, now: datetime) -> datetime | None:
    """Give the instant this long after `now`; None if that is no time at all, or more than a year."""
    if not 0 < seconds <= _LONGEST.total_seconds():
        return None
    return (now.astimezone(UTC) + timedelta(seconds=float(seconds))).astimezone(now.tzinfo)


def when(text: str, now: datetime, kind: Kind) -> tuple[datetime | None, str, bool] | None:
    """Read "in ten minutes", "at half past six", "tomorrow": the instant or the day's words; whether it is from now."""
    length = re.sub(r"^(?:in|after|for|of) ", "", text).removesuffix(" from now").removesuffix(" time")
    seconds = durations.parse(length)
    if seconds is not None and (due := after(seconds, now)):
        return due, "", True
    found = moments.parse(text, now, waking=kind == "alarm")
    if found is None and kind == "alarm" and text == "in the morning":
        return None, "this morning" if now.hour < _DAWN else "tomorrow morning", False
    return (found.at, "" if found.at else text, False) if found else None


def _never(text: str, now: datetime, kind: Kind, *, alone: bool = True) -> Wanted | None:
    """What is wanted for a moment that cannot be; None if the text names no such moment."""
    why = moments.hindrance(text, now, waking=kind == "alarm", alone=alone)
    return Wanted(kind, "", hindrance=why) if why else None


def _again(kind: Kind) -> Wanted:
    return Wanted(kind, "", hindrance=f"I can't repeat {kind}s yet")


def label_of(text: str) -> str | None:
    """Give a timer's name without its article, or None if the text cannot be one."""
    text = _strip_articles(text)
    if not text:
        return ""
    return None if _NO_LABEL.search(text) or len(text.split()) > _LONGEST_LABEL or numerals.number(text) else text


def _strip_articles(text: str) -> str:
    text = re.sub(r"^(?:a|an|the|my)$", "", text.strip())
    while (shorter := _ARTICLE.sub("", text)) != text:
        text = re.sub(r"^(?:another|second|third|new|other|quick|one|more|little)$", "", shorter)
    return "" if text in {"another", "new", "one", "quick", "me a"} else text


def _length_then_label(text: str) -> tuple[Fraction, str] | None:
    """Read "nine minutes for the pasta", "ten minute pasta"."""
    words = text.split()
    found = durations.read(words)
    if found is None:
        return None
    rest = " ".join(words[found[1] :]).removeprefix("from now").strip()
    named = _NAMED.match(rest)
    label = label_of(named["label"] if named else rest)
    return None if label is None else (found[0], label)


def _timer_front(front: str, rest: str, now: datetime) -> Wanted | None:
    """The length stands before the word: "a ten minute pasta timer [for the oven]"."""
    found = _length_then_label(front) or _length_then_label(_strip_articles(front))
    if found is None:
        return None
    named = _NAMED.match(rest)
    label = (label_of(named["label"]) if named else None if rest else found[1]) or ("" if not rest else None)
    if label is None or (named and found[1]):
        return None
    return Wanted("timer", label, after(found[0], now))


def _timer(words: str, now: datetime) -> Wanted | None:
    count = _COUNT.match(words)
    if count and (seconds := durations.parse(count["length"])) is not None:
        return Wanted("timer", "", after(seconds, now))
    found = _TIMER.match(words)
    if found is None or not (found["verb"] or found["rest"] or durations.read(_strip_articles(found["front"]).split())):
        return None
    front, rest = found["front"].strip(), found["rest"] or ""
    if found["verb"] and (repetition.told(f"{front} {rest}") or repetition.told_before(front)):
        return _again("timer")
    by_front = _timer_front(front, rest, now)
    label = label_of(front)
    if by_front or label is None:
        return by_front
    if not rest:
        return Wanted("timer", label) if found["verb"] else None
    named = _NAMED_FIRST.match(rest)
    if named and not label and (first := label_of(named["label"])):
        label, rest = first, named["rest"]
    never = _never(found["rest"], now, "timer") if found["verb"] else None
    return never or _timer_for(rest, label, now, asked=bool(found["verb"]))


def _timer_for(rest: str, label: str, now: datetime, *, asked: bool) -> Wanted | None:
    body = _FOR.sub("", rest)
    length = _length_then_label(body) or (_length_then_label(rest) if body == rest else None)
    if length:
        if label and length[1]:
            return None
        return Wanted("timer", label or length[1], after(length[0], now))
    if body in durations.SECONDS or numerals.number(body) is not None:
        return Wanted("timer", label)
    moment = when(body, now, "timer")
    if moment:
        return Wanted("timer", label, *moment) if _CLEAR_TIME.search(body) else Wanted("timer", label)
    named = _NAMED.match(rest)
    name = label_of(named["label"]) if named and not label else None
    return Wanted("timer", name) if asked and name else None


def _alarm(words: str, now: datetime) -> Wanted | None:
    wake = _WAKE.match(words)
    found = wake or _ALARM.match(words)
    if found is None:
        return None
    front, rest = ("", found["rest"]) if wake else (found["front"].strip(), found["rest"] or "")
    verb = bool(wake or found["verb"])
    rest = _TO_WAKE.sub("", rest.removeprefix("up "))
    if verb and (repetition.told(f"{front} {rest}") or repetition.told_before(front)):
        return _again("alarm")
    label = label_of(front)
    if not rest and front and label is None:
        moment = when(_strip_articles(front), now, "alarm")
        return Wanted("alarm", "", *moment) if moment else None
    if label is None or not (rest or verb):
        return None
    if not rest:
        return Wanted("alarm", label)
    asked = verb or rest.startswith(("for ", "at ", "on "))
    return (_never(rest, now, "alarm") if asked else None) or _alarm_for(rest, label, now)


def _alarm_for(rest: str, label: str, now: datetime) -> Wanted | None:
    moment = when(rest, now, "alarm")
    if moment:
        return Wanted("alarm", label, *moment)
    words = rest.split()
    for split in range(len(words) - 1, 0, -1):
        named, moment = _NAMED.match(" ".join(words[split:])), when(" ".join(words[:split]), now, "alarm")
        name = label_of(named["label"]) if named else None
        if moment and name and not label:
            return Wanted("alarm", name, *moment)
    first = _NAMED_FIRST.match(rest)
    if first and not label and (name := label_of(first["label"])) and (moment := when(first["rest"], now, "alarm")):
        return Wanted("alarm", name, *moment)
    return None


def _reminder(words: str, now: datetime) -> Wanted | None:
    found = _REMIND.match(words)
    if found is None:
        return None
    parts = found["rest"].split()
    if parts[0] in _ABOUT:
        return _what_then_when(parts[1:], now, doing=parts[0] == "to")
    for at in range(len(parts) - 2, 0, -1):
        if parts[at] not in _ABOUT or (parts[at] == "of" and parts[at + 1] in dates.MONTHS):
            continue
        moment = when(" ".join(parts[:at]), now, "reminder")
        if moment:
            later = _time_last(parts[:at], parts[at + 1 :], now) if moment[1] else None
            return later or Wanted("reminder", " ".join(parts[at + 1 :]), *moment)
        if never := _never(" ".join(parts[:at]), now, "reminder"):
            return never
    return _again("reminder") if repetition.told(found["rest"]) else None


def _time_last(day: list[str], parts: list[str], now: datetime) -> Wanted | None:
    """Read "[remind me] tomorrow [to] call mum at five"."""
    for at in range(1, len(parts)):
        moment = when(" ".join(day + parts[at:]), now, "reminder") if parts[at] == "at" else None
        if moment and moment[0]:
            return Wanted("reminder", " ".join(parts[:at]), *moment)
    return None


def _what_then_when(parts: list[str], now: datetime, *, doing: bool) -> Wanted | None:
    """Read "[remind me to] call mum at five". doing: it is something to do, so that a day that is over may be when."""
    if repetition.told(" ".join(parts)):
        return _again("reminder")
    for at in range(1, len(parts)):
        rest = " ".join(parts[at:])
        marked = parts[at] in _MARKERS and not (parts[at - 1] == "last" and parts[at] in dates.WEEKDAYS)
        if marked or parse_clock(rest):
            moment = when(rest, now, "reminder")
            if moment and (marked or len(parts) - at > 1):
                return Wanted("reminder", " ".join(parts[:at]), *moment)
        named = (marked or parts[at] in _PAST) and parts[at - 1] not in _PART_OF
        never = _never(rest, now, "reminder", alone=False) if named else None
        meant = doing and moments.stands_alone(" ".join(parts[:at] + [parts[at]] * (parts[at] in _PART_OF)))
        if never and (meant or never.hindrance != moments.OVER):
            return never
    return Wanted("reminder", " ".join(parts)) if parts else None


def parse(words: str, now: datetime) -> Wanted | None:
    """Give what a request (as `wording.plain` writes it) wants to ring; None if it is no such request."""
    noun = _REMINDER.match(words)
    if noun and repetition.told_before(noun["front"]):
        return _again("reminder")
    first = _REPEATED_FIRST.match(words)
    if first and repetition.told(first["often"]):
        return _again("reminder" if first["verb"] == "remind me" else "alarm")
    return _reminder(words, now) or _timer(words, now) or _alarm(words, now)

"""What a timer, an alarm or a reminder is asked for with: "set a pasta timer for nine minutes", "wake me at six"."""

import re
from datetime import datetime
from fractions import Fraction

from sottovoce_host.memory.timers import Kind
from sottovoce_host.mind import durations, numerals, reminder_requests, repetition
from sottovoce_host.mind.wanted import ROUGHLY, VERB, Wanted, again, lasting, never, on_days, when

_ARTICLE = re.compile(r"^(?:a|an|another|my|the|one|new|second|third|other|quick|more|little)\s+(?=\S)")
_TIMER = re.compile(rf"^(?:(?P<verb>{VERB}) )?(?P<front>.*?)\b(?:timer|countdown)(?: (?P<rest>.+))?$")
_ALARM = re.compile(rf"^(?:(?P<verb>{VERB}) )?(?P<front>.*?)\balarm(?: clock)?(?: (?P<rest>.+))?$")
_WAKE = re.compile(
    r"^(?:wake me|wake me up|wake us|wake us up|get me up|i (?:need|have|want) to (?:wake|get|be) up) (?P<rest>.+)$"
)
_WAKE_ME = re.compile(r"^wake (?:me|us)(?: up)?$")
_TO_WAKE = re.compile(r"^to (?:wake|get) (?:me |us )?up ")
_CLEAR_TIME = re.compile(
    r"\b(?:am|pm|oclock|past|to|noon|midday|midnight|morning|afternoon|evening|night|tonight|tomorrow)\b"
)
_COUNT = re.compile(
    r"^(?:time me for|time|count down(?: from)?|countdown(?: from)?|(?:let me know|ping me|alert me|"
    r"notify me) in) (?P<length>.+)$"
)
_FOR = re.compile(rf"^(?:for|of|to|lasting|that lasts|at|in|with) (?:{ROUGHLY} )?(?=\S)")
_NOW = re.compile(
    r" (?:starting now|starting right now|right now|right away|now|immediately|would you|will you|could you)$"
)
_NAMED = re.compile(r"^(?:for|called|named|labelled|labeled|to) (?:the |my |a |an |some )?(?P<label>.+)$")
_NAMED_FIRST = re.compile(
    r"^(?:called|named|labelled|labeled|for) (?:the |my )?(?P<label>.+?) (?P<rest>(?:for|at|of|in) .+)$"
)
_NO_LABEL = re.compile(
    r"\d|\b(?:timers?|alarms?|all|that|this|and|two|three|four|five|what|when|how|is|on|of|cancel|stop|delete|"
    r"remove|turn|"
    r"no|not|never|dont|wont|any|left|seconds?|minutes?|hours?|days?|weeks?|every|each|these|those|remind|note|list|to|for|at|in|with|"
    r"or|so|set|start|make|get|please|would|could|can|now|once|twice|again|longer|shorter|later|earlier|sooner|more|less|instead|"
    r"the|long|does|my|your|i|clear|check|add|am|pm|me|yesterday|last (?:night|week|month|year|\w+day))\b"
)
_WHEN_FIRST = re.compile(r"^(?P<when>.+?) (?P<verb>remind me|wake (?:me|us)(?: up)?|set an? alarm)\b(?P<rest>.*)$")
_LONGEST_LABEL = 3


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


def _length_then_label(text: str, *, named_only: bool = False) -> tuple[Fraction, str] | None:
    """Read "nine minutes for the pasta" and, unless named_only, "ten minute pasta"."""
    words = text.split()
    found = durations.read(words)
    if found is None:
        return None
    rest = " ".join(words[found[1] :]).removeprefix("from now").removeprefix("or so").strip()
    named = _NAMED.match(rest)
    label = label_of(named["label"]) if named else None if rest and named_only else label_of(rest)
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
    return lasting(found[0], label, now)


def _timer(words: str, now: datetime) -> Wanted | None:
    words = _NOW.sub("", words)
    count = _COUNT.match(words)
    if count and (seconds := durations.parse(count["length"])) is not None:
        return lasting(seconds, "", now)
    found = _TIMER.match(words)
    if found is None or not (found["verb"] or found["rest"] or durations.read(_strip_articles(found["front"]).split())):
        return None
    front, rest = found["front"].strip(), found["rest"] or ""
    if found["verb"] and (repetition.told(f"{front} {rest}") or repetition.told_before(front)):
        return again("timer")
    by_front = _timer_front(front, rest, now)
    label = label_of(front)
    if by_front or label is None:
        return by_front
    if not rest:
        return Wanted("timer", label) if found["verb"] else None
    named = _NAMED_FIRST.match(rest)
    if named and not label and (first := label_of(named["label"])):
        label, rest = first, named["rest"]
    gone = never(found["rest"], now, "timer") if found["verb"] else None
    return gone or _timer_for(rest, label, now, asked=bool(found["verb"]))


def _timer_for(rest: str, label: str, now: datetime, *, asked: bool) -> Wanted | None:
    body = _FOR.sub("", rest)
    length = _length_then_label(body, named_only=True)
    if length:
        if label and length[1]:
            return None
        return lasting(length[0], label or length[1], now)
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
        return again("alarm")
    label = label_of(front)
    if not rest and front and label is None:
        moment = when(_strip_articles(front), now, "alarm")
        return Wanted("alarm", "", *moment) if moment else None
    if label is None or not (rest or verb):
        return None
    if not rest:
        return Wanted("alarm", label)
    asked = verb or rest.startswith(("for ", "at ", "on "))
    return (never(rest, now, "alarm") if asked else None) or _alarm_for(rest, label, now)


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


def parse(words: str, now: datetime) -> Wanted | None:
    """Give what a request (as `wording.plain` writes it) wants to ring; None if it is no such request."""
    wanted = _once(words, now)
    if wanted is None or wanted != again(wanted.kind):
        return wanted
    repeated = repetition.parse(words, now)
    one = _once(repeated.once, now) if repeated else None
    if repeated is None or one is None or one.kind != wanted.kind or one.hindrance or one.relative:
        return wanted
    return on_days(one, repeated.days, now) if one.due or one.day else wanted


def _once(words: str, now: datetime) -> Wanted | None:
    first = _WHEN_FIRST.match(words)
    if first:
        kind: Kind = "reminder" if first["verb"] == "remind me" else "alarm"
        if repetition.told(first["when"]):
            return again(kind)
        if when(first["when"], now, kind):
            parts = ("verb", "when", "rest") if kind == "reminder" else ("verb", "rest", "when")
            words = " ".join(first[part].strip() for part in parts if first[part])
    if _WAKE_ME.match(words):
        return Wanted("alarm", "")
    return reminder_requests.parse(words, now) or _timer(words, now) or _alarm(words, now)

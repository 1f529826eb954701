"""What the wearer looks at: named, read, counted; who looks back; where a thing was seen last."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind import phrasing
from sottovoce_host.mind.looking import Looking, Sighted
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain
from sottovoce_wire import LookedAt, PersonNoticed, Read

_IT = r"(?:this|that|it|these|those)"
_SIGN = r"(?:(?:this|that|the) (?:sign|page|text|label|plate|board|plaque|poster|notice|menu|screen|paper|line|number))"
_NAME = re.compile(
    rf"^(?:what(?: kind of thing)? (?:is|are) {_IT}(?: thing)?(?: here| there)?|what (?:am i|are we) looking at"
    r"|what do (?:you|i) see(?: here| there)?|what is (?:this|that) (?:thing|object)(?: here| there)?"
    r"|what is in front of me)$"
)
_READ = re.compile(
    rf"^(?:read (?:{_IT}|{_SIGN})(?: to me| aloud| out| out loud| for me)*"
    rf"|what does (?:{_IT}|{_SIGN}) (?:say|read)(?: there| here)?|what (?:is|does it) (?:written|say)(?: there| here)?"
    rf"|what is written on {_SIGN})$"
)
_COUNT = re.compile(
    r"^how many (?P<what>[a-z]+(?: [a-z]+)?) (?:(?:do|can) (?:you|i) see|are (?:here|in front of me|around me|in view)"
    r"|(?<=people )are there)(?: here| there| now)?$"
)
_FACED = re.compile(
    r"^(?:is (?:anyone|anybody|someone|somebody) (?:looking|facing|watching)(?: at)? (?:me|us|here)"
    r"|who is looking at me|does (?:anyone|anybody) look at me|are (?:they|people) looking at me)$"
)
_KEEP = re.compile(r"^(?:remember|keep in mind|note|make a note of|take a note of) (?:this|that)(?: for me)?$")
_LIST = re.compile(r"^(?:add|put) (?:this|that|it) (?P<rest>(?:to|on|onto) (?:my |the |our )?(?:[a-z]+ ){0,3}list)$")
_WHERE = re.compile(
    r"^(?:where did i (?:leave|put|see|last see|lay)|where (?:is|are)|when did i last see|"
    r"have you seen|did you see) (?P<whose>my|the) (?P<what>[a-z]+(?: [a-z]+)?)(?: last)?$"
)
_LOOKS: Final[tuple[tuple[re.Pattern[str], Looking], ...]] = (
    (_READ, Looking(("read",))),
    (_NAME, Looking(("recognise", "read"))),
    (_FACED, Looking(("faces",))),
    (_KEEP, Looking(("read", "recognise"), then="note that {}")),
)
_ALSO: Final = {
    "people": "person", "men": "person", "women": "person", "persons": "person", "mug": "cup", "sofa": "couch",
    "phone": "cell phone", "bike": "bicycle", "television": "tv", "plane": "airplane", "bag": "handbag",
    "rucksack": "backpack", "plant": "potted plant", "glass": "wine glass", "table": "dining table",
    "knives": "knife", "sheep": "sheep", "motorbike": "motorcycle",
}  # fmt: skip
_VAGUE: Final = 50
"""Percent: what is less sure than this is said with "maybe"."""
_WHY_NOT: Final = {
    "refused": "Your glasses are muted, so I can't see.",
    "unsupported": "Your glasses can't do that.",
    "late": "That took too long, please ask again.",
    "silent": "Your glasses didn't answer.",
}


class Eyes:
    """Asks the glasses to look, and says what they saw. It never guesses what could not be seen."""

    name = "eyes"

    def __init__(self, memory: Memory) -> None:
        self._sightings = memory.sightings

    def answer(self, request: Request) -> Reply | None:
        """What has to be looked at for this request; or, for a thing that was left somewhere, where it was seen."""
        words = plain(request.text)
        if found := _WHERE.match(words):
            return self._last_seen(found["what"], "your" if found["whose"] == "my" else "the", request.now)
        looks = next((look for pattern, look in _LOOKS if pattern.match(words)), None)
        if found := _COUNT.match(words):
            looks = Looking(("count",), what=found["what"])
        elif found := _LIST.match(words):
            looks = Looking(("recognise", "read"), then=f"add {{}} {found['rest']}")
        return None if looks is None else Reply("", self.name, looks=looks)

    def told(self, looking: Looking, sighted: Sighted) -> Reply:
        """The reply to what was seen."""
        if sighted.outcome != "done" or sighted.task is None:
            could = "read that" if looking.tasks == ("read",) else "make out what that is"
            return Reply(_WHY_NOT.get(sighted.outcome, f"I couldn't {could}."), self.name)
        if sighted.task == "faces":
            return Reply(_faced([e for e in sighted.seen if isinstance(e, PersonNoticed)]), self.name)
        things = [e for e in sighted.seen if isinstance(e, LookedAt)]
        if sighted.task == "count":
            return Reply(_counted(looking.what, things), self.name)
        text = next((e.text for e in sighted.seen if isinstance(e, Read)), "")
        if text:
            return Reply(f"It says: {phrasing.aloud(text)}", self.name)
        if not things:
            return Reply("I couldn't make out what that is.", self.name)
        maybe = "Maybe " if things[0].confidence < _VAGUE else "That's "
        return Reply(f"{maybe}{_with_article(things[0].label)}.", self.name)

    def note(self, event: LookedAt, now: datetime) -> None:
        """Remember that this was seen. Raises StoreError."""
        self._sightings.saw(event.label, now)

    def _last_seen(self, what: str, whose: str, now: datetime) -> Reply | None:
        kind = _singular(what)
        seen = self._sightings.last(kind)
        if seen is None:
            return Reply(f"I haven't seen {whose} {what}.", self.name)
        age = (now - datetime.fromtimestamp(seen.at_s, UTC)).total_seconds()
        near = [label for label in self._sightings.near(seen) if label not in {kind, "person"}]
        beside = f", near {phrasing.join([_with_article(label) for label in near[:2]])}" if near else ""
        ago = "just now" if age < 10 else f"{phrasing.left(age)} ago"  # noqa: PLR2004 -- seconds nobody counts
        return Reply(f"I last saw {_with_article(seen.label)} {ago}{beside}.", self.name)


def seen_words(sighted: Sighted) -> str:
    """What was seen, in words that a request can hold; empty for nothing."""
    for event in sighted.seen:
        if isinstance(event, Read):
            return event.text
        if isinstance(event, LookedAt):
            return event.label
    return ""


def _faced(people: Sequence[PersonNoticed]) -> str:
    facing = sum(e.facing == "yes" for e in people)
    if facing:
        return phrasing.sentence(f"yes, {phrasing.count(facing, 'person', 'people')}")
    if not people:
        return "I see no face."
    unsure = any(e.facing == "unseen" for e in people)
    return "I can't tell for sure." if unsure else "No, nobody is turned to you."


def _counted(what: str, things: Sequence[LookedAt]) -> str:
    kind = _singular(what)
    number = sum(e.label == kind or e.label.endswith(f" {kind}") for e in things)
    many = "people" if kind == "person" else ""
    return phrasing.sentence(phrasing.count(number, kind, many)) if number else f"I see no {what}."


def _singular(what: str) -> str:
    one = what.removesuffix("s") if len(what) > 3 and not what.endswith("ss") else what  # noqa: PLR2004 -- "bus"
    return _ALSO.get(what) or _ALSO.get(one) or one


def _with_article(label: str) -> str:
    return f"{'an' if label[:1] in 'aeiou' else 'a'} {label}"

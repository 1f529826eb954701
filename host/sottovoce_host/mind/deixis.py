"""What "that" was: the words and the eye joined by time.

What counts is what was looked at when the word was said, not when the answer is made. The glasses tell both times by
one clock, so no clock of this host is needed.
"""

import re
from collections import deque
from typing import Final, Literal

import msgspec

from sottovoce_wire import LookedAt, Read, Said

KEPT: Final = 32
"""Looks that are remembered: half a minute of lively looking about."""
LEAD_MS: Final = 1_000
"""The eye is on a thing about a second before its word (Griffin and Bock 2000: 900 ms)."""
LAG_MS: Final = 400
"""And may come to it a little late: who has begun to speak of a thing looks at it to make sure."""
RECENT_MS: Final = 8_000
"""A look that was over longer before the word than this is not meant."""
READ_MS: Final = 1_000
"""A Read tells one moment; the text was looked at for about so long before."""
SURE: Final = 40
"""Percent: what was recognised less surely is not spoken of as if it were known."""

_POINTING: Final = re.compile(
    r"\b(?:that|this|those|these)\b(?= (?:sign|thing|one|text|label|word|line|page|menu|poster|title|plate)s?\b"
    r"|$| (?:is|are|say|says|said|mean|means|cost|costs|to|on|onto|in|into|down|here|there|for|please|now)\b)"
    r"|(?:(?<=\badd )|(?<=\bput ))it\b(?= (?:to|on|onto|down))",
    re.IGNORECASE,
)


class Sight(msgspec.Struct, frozen=True):
    """Something that was looked at: `what`, and from when to when by the glasses' clock."""

    kind: Literal["thing", "text"]
    what: str
    from_ms: int
    until_ms: int


class Sightings:
    """The last things one pair of glasses looked at; a new session of the glasses begins anew."""

    def __init__(self) -> None:
        self._seen: deque[Sight] = deque(maxlen=KEPT)
        self._session = 0

    def take(self, event: LookedAt | Read) -> None:
        """Remember a look."""
        if event.session != self._session:
            self._seen.clear()
            self._session = event.session
        if event.confidence < SURE:
            return
        if isinstance(event, Read):
            self._seen.append(Sight("text", event.text, max(0, event.at_ms - READ_MS), event.at_ms))
        else:
            self._seen.append(Sight("thing", event.label, max(0, event.at_ms - event.dwell_ms), event.at_ms))

    def meant(self, said: Said, text: str) -> Sight | None:
        """What these words point at; None when they point at nothing, or nothing was looked at then.

        text: the words; those of `said`, or with those of the parts before it.
        """
        place = pointing(text)
        if place is None or said.session != self._session:
            return None
        at_ms = said_at(said, place)
        shared = [(_shared_ms(s, at_ms - LEAD_MS, at_ms + LAG_MS), s) for s in self._seen]
        best = max(shared, key=lambda pair: (pair[0], pair[1].until_ms), default=None)
        if best is not None and best[0] > 0:
            return best[1]
        before = [s for s in self._seen if at_ms - RECENT_MS <= s.until_ms <= at_ms]
        return max(before, key=lambda s: s.until_ms, default=None)


def pointing(text: str) -> float | None:
    """Where in the words the pointing one is, 0 at their start and 1 at their end; None without one."""
    words = text.rstrip(" .?!,")
    found = _POINTING.search(words)
    return found.start() / len(words) if found else None


def said_at(said: Said, place: float) -> float:
    """When the word at this place was said: words take time by their letters, near enough."""
    return said.started_ms + place * (said.ended_ms - said.started_ms)


def spelt_out(text: str, sight: Sight) -> str:
    """A request to keep something, with what "that" was in its place; any other request as it is."""
    words = text.strip().rstrip(".?!")
    if re.match(r"(?:please )?(?:remember|note(?: down)?|write down) (?:this|that)$", words, re.IGNORECASE):
        return f"note: {sight.what}" if sight.kind == "text" else f"note: I saw {_a(sight.what)}"
    if re.match(r"(?:please )?(?:add|put) ", words, re.IGNORECASE) and re.search(r"\blist\b", words):
        return _POINTING.sub(lambda _: sight.what, words, count=1)
    return text


def _shared_ms(sight: Sight, from_ms: float, until_ms: float) -> float:
    """How long the look and the stretch of time share; a look of no length counts as a millisecond."""
    return min(sight.until_ms, until_ms) - max(sight.from_ms, from_ms) + 1


def _a(label: str) -> str:
    return f"{'an' if label[:1].lower() in 'aeiou' else 'a'} {label}"

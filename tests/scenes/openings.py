"""What a way of opening did with a scene: turns that it judged, from the glasses' events or from a peer."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from tests.scenes.mixer import Truth

from sottovoce_device.replay import Left
from sottovoce_wire import Attended, Hearing, Said

REACH_S: Final = 2.5
"""A verdict whose turn's edges are not told is on speech at most this long before it."""
LEAST_S: Final = 0.15
"""Less overlap is the edge of somebody else's turn."""


class Turn(Struct, frozen=True):
    """A turn that was judged.

    start_s, end_s: of its speech, as far as it is known. at_s: when its last verdict fell (seconds of the scene).
    confidence: the highest that it was meant for the glasses, 0 to 100. words: what left of it.
    final: its words came whole, not only partial ones.
    """

    start_s: float
    end_s: float
    at_s: float
    opened: bool
    confidence: int
    words: str = ""
    final: bool = False


def turns(events: Iterable[Left]) -> list[Turn]:
    """The glasses' events, put together by turn. A turn whose partial words left was opened, whatever came after."""
    by_turn: dict[int, list[Left]] = {}
    for left in events:
        if isinstance(left.event, Attended | Said | Hearing):
            by_turn.setdefault(left.event.turn, []).append(left)
    return [_turn(lefts) for lefts in by_turn.values()]


def _turn(lefts: list[Left]) -> Turn:
    said = [left.event for left in lefts if isinstance(left.event, Said)]
    verdicts = [left.event for left in lefts if isinstance(left.event, Attended)]
    hearing = [left.event for left in lefts if isinstance(left.event, Hearing)]
    first, last = lefts[0].at_s, lefts[-1].at_s
    start_s = min((s.started_ms for s in said), default=round((first - REACH_S) * 1000)) / 1000
    end_s = max((s.ended_ms for s in said), default=round(last * 1000)) / 1000
    confidence = max([v.confidence for v in verdicts] + [s.confidence for s in said], default=0)
    opened = bool(said or hearing) or any(v.opened for v in verdicts)
    words = " ".join(s.text for s in said) or (hearing[-1].text if hearing else "")
    return Turn(start_s, end_s, last, opened, confidence, words, final=bool(said))


def overlap_s(turn: Turn, truth: Truth) -> float:
    """For how long they were at the same time."""
    return min(turn.end_s, truth.end_s) - max(turn.start_s, truth.start_s)


def utterance_of(turn: Turn, truth: list[Truth]) -> Truth | None:
    """What was judged there: the utterance with most overlap, the newest where the turn's edges are not told."""
    met = [t for t in truth if overlap_s(turn, t) > LEAST_S]
    if not met:
        return None
    if turn.final:
        return max(met, key=lambda t: overlap_s(turn, t))
    return max(met, key=lambda t: t.end_s)


def to_device(truth: Truth) -> bool:
    """The wearer said it to the glasses."""
    return truth.who == "wearer" and truth.to == "device"

"""The thing under the gaze: not the biggest, and not the surest."""

from collections.abc import Sequence
from typing import Final

from sottovoce_device.observation import Box, Thing, Things

SURE: Final = 0.4
"""Below this nothing is told: NanoDet-g's false things in our photographs are mostly below it."""
_SAME: Final = 0.5
"""Boxes of two looks that share more than this (intersection over union) are one thing."""
_OFF_CENTRE: Final = 0.5
"""What a thing loses when the gaze is at its edge: people look at the middle of things (Nuthmann & Henderson 2010)."""


def thing_at(looks: Sequence[Things], x: float, y: float, reach: float = 0.0) -> Thing | None:
    """The thing at this point, seen in several looks at one moment; None when that is unsure.

    x, y: shares of the frame. reach: how far beside a thing the gaze may be, in the same unit. A label's confidence
    is its mean over the looks; among things that hold the point, sureness and nearness of their middle decide.
    """
    groups: list[tuple[Box, dict[str, list[float]]]] = []
    for number, look in enumerate(looks):
        for thing in look.things:
            if not _grown(thing.box, reach).holds(x, y):
                continue
            labels = next((g[1] for g in groups if g[0].overlap(thing.box) > _SAME), None)
            if labels is None:
                labels = {}
                groups.append((thing.box, labels))
            chances = labels.setdefault(thing.label, [0.0] * len(looks))
            chances[number] = max(chances[number], thing.confidence)
    best, worth = None, 0.0
    for box, labels in groups:
        label, confidence = max(((n, sum(c) / len(looks)) for n, c in labels.items()), key=lambda pair: pair[1])
        value = confidence * (1 - _OFF_CENTRE * min(1.0, _off_centre(box, x, y)))
        if confidence >= SURE and value > worth:
            best, worth = Thing(label, confidence, box), value
    return best


def counted(things: Things) -> list[Thing]:
    """The things that are sure enough to be counted, one label each: a place that has two labels has its surer one."""
    kept: list[Thing] = []
    for thing in sorted(things.things, key=lambda t: -t.confidence):
        if thing.confidence >= SURE and all(thing.box.overlap(other.box) < _SAME for other in kept):
            kept.append(thing)
    return kept


def _grown(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _off_centre(box: Box, x: float, y: float) -> float:
    """0 in the middle of the box, 1 at its edge."""
    half_x, half_y = max(1e-9, (box.right - box.left) / 2), max(1e-9, (box.bottom - box.top) / 2)
    return max(abs(x - (box.left + box.right) / 2) / half_x, abs(y - (box.top + box.bottom) / 2) / half_y)

"""What finds and names things: NanoDet, or a finder of the builder's own, which is one file."""

from numbers import Real
from typing import Any, Final, Protocol

import numpy as np

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.own_files import is_own, no_such, opened_own, tried
from sottovoce_device.errors import DriverError
from sottovoce_device.observation import Box, Thing, Things
from sottovoce_device.perceive.nanodet import NanoDet
from sottovoce_device.perceive.weights import Weights

SETTING: Final = "[models] finder"
OURS: Final = "nanodet"
MOST: Final = 1_000
"""Things in one frame: each is compared with the others."""
LONGEST: Final = 40
"""Characters of a label, as the wire has them."""


class Finder(Protocol):
    """Finds and names things."""

    def infer(self, frame: Frame) -> Things:
        """frame: uint8 RGB, shape [height, width, 3], any size; it stays its owner's. The surest thing is first."""


class OwnFinder:
    """A finder of the builder's own, whose answers are looked through before anything is made of them."""

    def __init__(self, theirs: Finder, path: str) -> None:
        self._theirs = theirs
        self._path = path

    def infer(self, frame: Frame) -> Things:
        """As `Finder`. Raises DriverError for an answer that is none, and whatever theirs raises."""
        found: Any = self._theirs.infer(frame)
        flaw = _flaw(found) if isinstance(found, Things) else f"a {type(found).__name__}, and not Things"
        if flaw:
            raise DriverError(f"{self._path}: infer() gave {flaw}")
        things = sorted(map(_plain, found.things), key=lambda thing: -thing.confidence)
        return Things(tuple(things), frame.at_ms)


def open_finder(wanted: str, weights: Weights) -> Finder:
    """What finds things. wanted: `[models] finder`.

    One of the builder's own is tried on a grey picture. Raises ConfigError for a name or a file that is none, and
    ModelError where the file of ours is missing.
    """
    if wanted == OURS:
        return NanoDet(weights)
    if not is_own(wanted):
        raise no_such(SETTING, wanted, [OURS])
    own = OwnFinder(opened_own(SETTING, wanted, "open_finder", weights.folder, ("infer",)), wanted)
    tried(SETTING, wanted, lambda: own.infer(Frame(np.full((360, 640, 3), 128, np.uint8), 0.0)))
    return own


def _plain(thing: Thing) -> Thing:
    """The same in Python's own numbers."""
    box = Box(*(float(side) for side in (thing.box.left, thing.box.top, thing.box.right, thing.box.bottom)))
    return Thing(str(thing.label), float(thing.confidence), box)


def _flaw(found: Things) -> str:
    """What is wrong with an answer; "" where nothing is. Not what it says: in it is what was seen."""
    if not isinstance(found.things, tuple) or len(found.things) > MOST:
        return f"no tuple of at most {MOST} things"
    for thing in found.things:
        if not isinstance(thing, Thing) or not isinstance(thing.box, Box):
            return "something that is no Thing with a Box"
        if not isinstance(thing.label, str) or not 1 <= len(thing.label) <= LONGEST or not thing.label.isprintable():
            return f"a label that is no text of 1 to {LONGEST} characters"
        numbers = (thing.confidence, thing.box.left, thing.box.top, thing.box.right, thing.box.bottom)
        if not all(isinstance(number, Real) and 0 <= number <= 1 for number in numbers):
            return "a confidence or a place that is no number from 0 to 1"
    return ""

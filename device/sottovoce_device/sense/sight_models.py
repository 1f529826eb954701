"""The models of sight that the configuration wants, and what each kind of ask does with them."""

from typing import Final

import numpy as np

from sottovoce_device.capture.frame import Frame
from sottovoce_device.config import SeeingConfig
from sottovoce_device.decide.looking import SightAsk
from sottovoce_device.decide.under_gaze import counted, thing_at
from sottovoce_device.observation import Box, FacePose, FaceSpot, Gaze, Mark, Reading, Thing, Things
from sottovoce_device.perceive.blazeface import FaceFinder
from sottovoce_device.perceive.facemesh import FaceMesh
from sottovoce_device.perceive.mark import MarkFinder
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.finder import OURS, Finder, open_finder
from sottovoce_device.sense.reading import PartReader

NEARER: Final = 0.7
"""A thing is looked at twice: in the whole frame, and in this share of it around the gaze. Both must agree."""
REACH: Final = 0.01
FIND_MS: Final = 3_000.0
"""Faces are looked for anew at least this often; between, a still scene has them where they were. It is as often as
in a still scene without a face (sight.IDLE_MS)."""
MOST_FACES: Final = 6
"""The nearest so many faces are looked at closely."""

Found = tuple[FacePose, ...] | tuple[Thing, ...] | Reading | Mark | None
"""Poses for "faces", things for "recognise" and "count", a reading, a mark; None: it could not be told."""


class SightModels:
    """Loaded once, used by one thread. What is not wanted is not loaded. finder: `[models] finder`."""

    def __init__(self, config: SeeingConfig, weights: Weights, finder: str = OURS) -> None:
        self._faces = (FaceFinder(weights), FaceMesh(weights)) if config.faces else None
        self._reader = PartReader(weights) if config.text else None
        self._things = open_finder(finder, weights) if config.things else None
        self._spots: tuple[FaceSpot, ...] = ()
        self._found_ms = 0.0
        self._marks = MarkFinder()

    def able(self, kind: str) -> bool:
        """Whether there is a model for this kind of ask."""
        models = {"faces": self._faces, "read": self._reader, "recognise": self._things, "count": self._things}
        return models[kind] is not None

    def infer(self, ask: SightAsk, frame: Frame) -> Found:
        """Answer an ask about a frame, which stays its owner's."""
        if ask.kind == "mark":
            return self._marks.infer(frame)
        if ask.kind == "faces" and self._faces is not None:
            return self._poses(*self._faces, ask, frame)
        if ask.kind == "read" and self._reader is not None:
            return self._reader.read(frame, ask.gaze.x, ask.gaze.y)
        if self._things is None:
            return None
        whole = self._things.infer(frame)
        if ask.kind == "count":
            return tuple(counted(whole))
        found = thing_at([whole, self._nearer(self._things, frame, ask.gaze)], ask.gaze.x, ask.gaze.y, REACH)
        return None if found is None else (found,)

    def _poses(self, finder: FaceFinder, mesh: FaceMesh, ask: SightAsk, frame: Frame) -> tuple[FacePose, ...]:
        """How faces are turned. Where nothing changes they are where they were, and only their mouths are looked at."""
        if not ask.still or ask.command or not self._spots or ask.at_ms - self._found_ms > FIND_MS:
            self._spots, self._found_ms = finder.infer(frame)[:MOST_FACES], ask.at_ms
        poses = [mesh.infer(frame, spot) for spot in self._spots]
        if None in poses:
            self._spots = ()
        return tuple(pose for pose in poses if pose is not None)

    def warm_up(self) -> None:
        """A model's first run is its slowest: have it before anybody asks."""
        grey = Frame(np.full((360, 640, 3), 128, np.uint8), 0.0)
        for kind in ("faces", "recognise", "read"):
            if self.able(kind):
                self.infer(SightAsk(kind, 0.0, Gaze(0.5, 0.5, 1.0, "head", 0.0)), grey)

    @staticmethod
    def _nearer(model: Finder, frame: Frame, gaze: Gaze) -> Things:
        """What is seen in the part around the gaze, in places of the whole frame."""
        side = NEARER * max(frame.width, frame.height)
        width, height = min(frame.width, side), min(frame.height, side)
        left = min(max(0.0, gaze.x * frame.width - width / 2), frame.width - width)
        top = min(max(0.0, gaze.y * frame.height - height / 2), frame.height - height)
        part = frame.cut(round(left), round(top), round(left + width), round(top + height))
        found = model.infer(part)
        part.wipe()

        def placed(box: Box) -> Box:
            return Box(
                (left + box.left * width) / frame.width,
                (top + box.top * height) / frame.height,
                (left + box.right * width) / frame.width,
                (top + box.bottom * height) / frame.height,
            )

        return Things(tuple(Thing(t.label, t.confidence, placed(t.box)) for t in found.things), frame.at_ms)

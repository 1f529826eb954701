"""When the gaze rests: fixations by dispersion (I-DT, Salvucci and Goldberg 2000), in degrees and milliseconds."""

from collections import deque
from statistics import median
from typing import Final, Literal

from msgspec import Struct

from sottovoce_device.decide.lens import Lens, apart_deg
from sottovoce_device.observation import PUPIL_FOUND, Gaze

SCATTER_DEG: Final = 1.5
"""How far a sample may be from the fixation's middle. Salvucci and Goldberg give 0.5 to 1 degree of dispersion for
trackers of half a degree; a head-worn one that is right within 1.5 degrees scatters more."""
SHORTEST_MS: Final = 100.0
"""Their shortest fixation: 100 to 200 ms."""
GAP_MS: Final = {"eye": 400.0, "head": 1500.0}
"""A blink lasts 100 to 400 ms, and the gaze is mostly back where it was. Head direction comes with the world frame."""
STRAY_MS: Final = 60.0
"""Samples elsewhere for less than this are an outlier of the detector: the eye cannot go and come back so quickly."""
DWELL_MS: Final = 500.0
"""How long the gaze rests before what is there is named: in passing people fixate 200 to 300 ms (Rayner 1998)."""
KEPT: Final = 60


class Fixation(Struct, frozen=True):
    """The gaze rests. x, y: where on the world frame. started_ms, at_ms: from when, and the newest sample.

    rested_ms: for how long, without the gaps. confidence: mean of its samples' confidence.
    """

    x: float
    y: float
    started_ms: float
    at_ms: float
    rested_ms: float
    confidence: float
    source: Literal["eye", "head"]


class FixationFinder:
    """Follows the gaze. Blinks and drop-outs neither count as time of rest nor end it, unless they are long."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._kept: deque[Gaze] = deque(maxlen=KEPT)
        self._stray: list[Gaze] = []
        self._started_ms = 0.0
        self._rested_ms = 0.0
        self._gap = False

    def step(self, gaze: Gaze) -> Fixation | None:
        """Take the next gaze; the fixation that it belongs to, or None while there is none."""
        if gaze.confidence < PUPIL_FOUND:
            self._gap = True
            if self._kept and gaze.at_ms - self._kept[-1].at_ms > GAP_MS[gaze.source]:
                self._begin([])
            return None
        if not self._kept or gaze.at_ms - self._kept[-1].at_ms > GAP_MS[gaze.source]:
            self._begin([gaze])
            return None
        if not self._belongs(gaze):
            self._stray.append(gaze)
            if gaze.at_ms - self._stray[0].at_ms < STRAY_MS:
                return None
            self._begin(self._gathered())
            return None
        if not self._gap and not self._stray:
            self._rested_ms += gaze.at_ms - self._kept[-1].at_ms
        self._gap, self._stray = False, []
        self._kept.append(gaze)
        if self._rested_ms < SHORTEST_MS:
            return None
        x, y = self._middle()
        sure = sum(g.confidence for g in self._kept) / len(self._kept)
        return Fixation(x, y, self._started_ms, gaze.at_ms, self._rested_ms, sure, gaze.source)

    def _begin(self, with_: list[Gaze]) -> None:
        self._kept = deque(with_, maxlen=KEPT)
        self._stray, self._gap = [], False
        self._started_ms = with_[0].at_ms if with_ else 0.0
        self._rested_ms = with_[-1].at_ms - with_[0].at_ms if with_ else 0.0

    def _gathered(self) -> list[Gaze]:
        """The newest of the strays that are close together: the eye may still have been under way."""
        last = self._stray[-1]
        here = self._lens.angles(last.x, last.y)
        together: list[Gaze] = []
        for gaze in reversed(self._stray):
            if apart_deg(self._lens.angles(gaze.x, gaze.y), here) > SCATTER_DEG:
                break
            together.insert(0, gaze)
        return together

    def _belongs(self, gaze: Gaze) -> bool:
        return apart_deg(self._lens.angles(*self._middle()), self._lens.angles(gaze.x, gaze.y)) <= SCATTER_DEG

    def _middle(self) -> tuple[float, float]:
        return median(g.x for g in self._kept), median(g.y for g in self._kept)


class Dwell:
    """Tells each fixation once, when it has lasted: a look, not a glance in passing."""

    def __init__(self, lens: Lens) -> None:
        self._fixations = FixationFinder(lens)
        self._told_ms = -1.0

    def step(self, gaze: Gaze) -> Fixation | None:
        """Take the next gaze; the fixation that has just become a look."""
        fixation = self._fixations.step(gaze)
        if fixation is None or fixation.rested_ms < DWELL_MS or fixation.started_ms == self._told_ms:
            return None
        self._told_ms = fixation.started_ms
        return fixation

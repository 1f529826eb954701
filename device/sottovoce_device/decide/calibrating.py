"""A calibration while it is made: one mark, looked at in several places of the world frame.

The world camera tells where the mark is, so neither the head nor the mark has to be anywhere in particular. A place
counts when the mark and the eye have rested there together.
"""

from collections import deque
from statistics import median
from typing import Final, Literal

from sottovoce_device.decide.calibration import Calibration, LookedMark, Refusal, at_rest, calibrate
from sottovoce_device.decide.lens import apart_deg
from sottovoce_device.observation import PUPIL_FOUND, Pupil
from sottovoce_wire.calibration import Reason

REST_DEG: Final = 0.7
"""A mark that moves by less rests: less than half of what a fixation scatters (decide/fixation.py)."""
REST_MS: Final = 1_200.0
"""For so long: six world frames of five a second, and dozens of pupils."""
SETTLE_MS: Final = 300.0
"""The eye comes to a mark 200 ms after it has moved, and takes 50 to get there (Salvucci and Goldberg 2000)."""
APART_DEG: Final = 4.0
"""A place nearer than this to one that was taken tells nothing new: three by three places have seven between them."""
UNSEEN_MS: Final = 600.0
"""A mark that was not found in three frames has gone."""
PATIENCE_MS: Final = 30_000.0
"""So long without a new place, and the calibration is over: nobody is looking."""
_KEPT: Final = 400

Direction = tuple[float, float]
"""Degrees right and down."""


class Calibrating:
    """Takes where the mark is, and pupils; says what has come of it.

    command: seq of the command that wants it. taken: the places so far. outcome: None until it is over.
    """

    def __init__(self, command: int, marks: int, now_ms: float) -> None:
        self.command = command
        self.taken: list[LookedMark] = []
        self.outcome: Calibration | Refusal | None = None
        self._wanted = marks
        self._news_ms = now_ms
        self._rest: list[tuple[float, Direction]] = []
        self._pupils: deque[Pupil] = deque(maxlen=_KEPT)
        self._seen: set[Literal["mark", "eye"]] = set()

    def pupil(self, pupil: Pupil) -> None:
        """Take the next pupil."""
        self._pupils.append(pupil)
        if pupil.confidence >= PUPIL_FOUND:
            self._seen.add("eye")

    def mark(self, at: Direction | None, now_ms: float) -> bool:
        """Take where the mark is, or None where it is not seen; whether a place was taken, or it is over."""
        if at is None:
            if self._rest and now_ms - self._rest[-1][0] > UNSEEN_MS:
                self._rest = []
            return self.tick(now_ms)
        if self._rest and apart_deg(self._middle(), at) > REST_DEG:
            self._rest = []
        self._rest.append((now_ms, at))
        middle = self._middle()
        if any(apart_deg((m.yaw_deg, m.pitch_deg), middle) < APART_DEG for m in self.taken):
            return self.tick(now_ms)
        self._seen.add("mark")
        since_ms = self._rest[0][0]
        if now_ms - since_ms < REST_MS:
            return self.tick(now_ms)
        looked = LookedMark(*middle, tuple(p for p in self._pupils if since_ms + SETTLE_MS <= p.at_ms <= now_ms))
        if not at_rest(looked):
            return self.tick(now_ms)
        self.taken.append(looked)
        self._rest, self._news_ms, self._seen = [], now_ms, set()
        if len(self.taken) == self._wanted:
            self.outcome = calibrate(self.taken)
        return True

    def tick(self, now_ms: float) -> bool:
        """Give up when nothing new has come for long; whether it is over."""
        if self.outcome is None and now_ms - self._news_ms > PATIENCE_MS:
            self.outcome = Refusal(self._missing())
        return self.outcome is not None

    def _missing(self) -> Reason:
        if "mark" not in self._seen:
            return "mark_unseen"
        return "restless" if "eye" in self._seen else "eye_unseen"

    def _middle(self) -> Direction:
        return median(d[0] for _, d in self._rest), median(d[1] for _, d in self._rest)

"""By how much the glasses have slipped since the calibration: told by the lamp's reflection.

When the eye turns, the pupil moves about twice as far as the reflection in the cornea; when the glasses slip, both
move alike. So what the reflection has moved beyond what the calibration expects for this pupil is slippage.
"""

from collections import deque
from statistics import median
from typing import Final

from sottovoce_device.decide import quadric
from sottovoce_device.decide.calibration import Calibration
from sottovoce_device.decide.lens import apart_deg
from sottovoce_device.observation import PUPIL_FOUND, Pupil

KEPT: Final = 45
"""Pupils over which the shift is taken: glasses slip and then stay, so three quarters of a second lose nothing."""
ENOUGH: Final = 15
FARTHEST: Final = 1.0
"""A glint farther than this from where it is expected, in the calibration's units, is another one."""
LIMIT_DEG: Final = 12.0
"""A shift of more than this is not made good any more (docs/gaze.md has the errors): a new calibration is asked for."""
_STEEPEST: Final = 0.05


class Slippage:
    """Follows the shift of the glasses on the head; without a glint it is taken as none."""

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self._shifts: deque[tuple[float, float]] = deque(maxlen=KEPT)
        self._outside: deque[bool] = deque(maxlen=20 * KEPT)
        self.shift = (0.0, 0.0)

    def step(self, pupil: Pupil) -> tuple[float, float]:
        """Take the next pupil; its place in the calibration's units, as if the glasses had not slipped."""
        u, v = self._calibration.place(pupil.x, pupil.y)
        if pupil.confidence < PUPIL_FOUND:
            return u - self.shift[0], v - self.shift[1]
        if self._calibration.glint and (shift := self._shift(u, v, pupil)) is not None:
            self._shifts.append(shift)
            if len(self._shifts) >= ENOUGH:
                self.shift = median(s[0] for s in self._shifts), median(s[1] for s in self._shifts)
        u, v = u - self.shift[0], v - self.shift[1]
        self._outside.append((u * u + v * v) ** 0.5 > 1.3 * self._calibration.reach)
        return u, v

    @property
    def shift_deg(self) -> float:
        """What the shift would do to the gaze if it were not made good."""
        return apart_deg(self._calibration.direction(0.0, 0.0), self._calibration.direction(*self.shift))

    @property
    def drifted(self) -> bool:
        """Whether the calibration holds no more: shifted too far, or the eye is out of its range most of the time."""
        out = len(self._outside) == self._outside.maxlen and sum(self._outside) > len(self._outside) / 2
        return self.shift_deg > LIMIT_DEG or out

    def _shift(self, u: float, v: float, pupil: Pupil) -> tuple[float, float] | None:
        """The shift that this pupil and its glint tell of: solves (1 - J) shift = glint - expected glint."""
        across, down = self._calibration.glint
        expected = quadric.value(across, u, v), quadric.value(down, u, v)
        (a, b), (c, d) = quadric.slope(across, u, v), quadric.slope(down, u, v)
        a, b, c, d = 1 - a, -b, -c, 1 - d
        determinant = a * d - b * c
        if determinant < _STEEPEST:
            return None
        found = []
        for x, y in pupil.glints:
            gu, gv = self._calibration.place(x, y)
            du, dv = gu - expected[0], gv - expected[1]
            found.append(((d * du - b * dv) / determinant, (a * dv - c * du) / determinant))
        near = min(found, key=lambda s: (s[0] - self.shift[0]) ** 2 + (s[1] - self.shift[1]) ** 2, default=None)
        if near is None or max(abs(near[0] - self.shift[0]), abs(near[1] - self.shift[1])) > FARTHEST:
            return None
        return near

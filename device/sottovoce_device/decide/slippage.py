"""By how much the glasses have slipped since the calibration: told by the lamp's reflection.

When the eye turns, the pupil moves about twice as far as the reflection in the cornea; when the glasses slip, both
move nearly alike. So what the reflection has moved beyond what the calibration expects for this pupil is slippage.
"""

from collections import deque
from statistics import median
from typing import Final

from sottovoce_device.decide import quadric
from sottovoce_device.decide.calibration import Calibration
from sottovoce_device.decide.lens import apart_deg
from sottovoce_device.observation import PUPIL_FOUND, Pupil

KEPT: Final = 30
"""Pupils over which the shift is taken: glasses slip and then stay, so 1.5 s (at 20 a second) lose nothing."""
ENOUGH: Final = 15
FARTHEST: Final = 1.0
"""A glint farther than this from where it is expected, in the calibration's units, is another one."""
LIMIT_DEG: Final = 12.0
"""A shift of more than this is not made good any more (docs/gaze.md has the errors): a new calibration is asked for."""
CARRIED: Final = 0.9
"""How far the reflection goes along when the glasses slip, where the pupil goes along wholly. Camera and lamp move with
the glasses, so the cornea (a convex mirror of focal length f = 3.9 mm, half its radius) shows the lamp shifted back by
f / (f + u): 8 to 13 % for a camera u = 25 to 45 mm from it, 10 % in the middle of that."""
STEPS: Final = 3
"""Of Newton's method; the third one moves the result by less than a hundredth of a degree."""
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
        """The shift that this pupil and one of its glints tell of: the one nearest to what is known."""
        found = [self._solved(u, v, *self._calibration.place(x, y)) for x, y in pupil.glints]
        known = self.shift
        near = min(
            (s for s in found if s is not None),
            key=lambda s: (s[0] - known[0]) ** 2 + (s[1] - known[1]) ** 2,
            default=None,
        )
        if near is None or max(abs(near[0] - known[0]), abs(near[1] - known[1])) > FARTHEST:
            return None
        return near

    def _solved(self, u: float, v: float, glint_u: float, glint_v: float) -> tuple[float, float] | None:
        """The shift s that explains pupil and glint: expected(pupil - s) + CARRIED s = glint (Newton's method)."""
        across, down = self._calibration.glint
        x, y = self.shift
        for _ in range(STEPS):
            at = u - x, v - y
            off_u = glint_u - quadric.value(across, *at) - CARRIED * x
            off_v = glint_v - quadric.value(down, *at) - CARRIED * y
            (a, b), (c, d) = quadric.slope(across, *at), quadric.slope(down, *at)
            a, b, c, d = CARRIED - a, -b, -c, CARRIED - d
            determinant = a * d - b * c
            if determinant < _STEEPEST:
                return None
            x, y = x + (d * off_u - b * off_v) / determinant, y + (a * off_v - c * off_u) / determinant
        return x, y

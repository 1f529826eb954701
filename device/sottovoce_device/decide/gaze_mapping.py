"""From the pupil to the attention point on the world frame."""

import math
from typing import Final

from sottovoce_device.decide.calibration import Calibration
from sottovoce_device.decide.lens import Lens
from sottovoce_device.decide.slippage import Slippage
from sottovoce_device.observation import PUPIL_FOUND, Gaze, Pupil

FARTHEST: Final = 1.5
"""In reaches of the marks: what is farther out is no pupil of this eye but lashes, or the polynomial's guess. With
marks at 18 and 10 degrees that is 31; eyes mostly keep within 22, then the head turns (Stahl 1999)."""


class GazeMapping:
    """One wearer's gaze, as calibrated. When the calibration holds no more it says so, and the gaze is unsure.

    drifted: whether to ask for a new calibration.
    """

    def __init__(self, calibration: Calibration, lens: Lens) -> None:
        self._calibration = calibration
        self._lens = lens
        self._slippage = Slippage(calibration)

    @property
    def drifted(self) -> bool:
        """Whether the calibration holds no more."""
        return self._slippage.drifted

    @property
    def shift_deg(self) -> float:
        """By how much the glasses have slipped, as degrees of gaze."""
        return self._slippage.shift_deg

    def step(self, pupil: Pupil) -> Gaze:
        """The attention point; of no confidence without a pupil where one can be, or a calibration that holds."""
        u, v = self._slippage.step(pupil)
        x, y = self._lens.point(*self._calibration.direction(u, v))
        within = math.hypot(u, v) <= FARTHEST * self._calibration.reach
        sure = pupil.confidence >= PUPIL_FOUND and within and not self.drifted
        return Gaze(x=x, y=y, confidence=pupil.confidence if sure else 0.0, source="eye", at_ms=pupil.at_ms)

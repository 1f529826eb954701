"""From the pupil to the attention point on the world frame."""

from sottovoce_device.decide.calibration import Calibration
from sottovoce_device.decide.lens import Lens
from sottovoce_device.decide.slippage import Slippage
from sottovoce_device.observation import PUPIL_FOUND, Gaze, Pupil


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
        """The attention point; of no confidence while the pupil is not found, or the calibration holds no more."""
        yaw, pitch = self._calibration.direction(*self._slippage.step(pupil))
        x, y = self._lens.point(yaw, pitch)
        sure = pupil.confidence >= PUPIL_FOUND and not self.drifted
        return Gaze(x=x, y=y, confidence=pupil.confidence if sure else 0.0, source="eye", at_ms=pupil.at_ms)

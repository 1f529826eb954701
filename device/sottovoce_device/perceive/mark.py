"""Where the calibration mark is in the world frame."""

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import Mark
from sottovoce_device.opencv import MarkDetector


class MarkFinder:
    """Budget: 10 ms for 1280 x 720 on a desktop core, no weights; only run while a calibration is made."""

    def __init__(self) -> None:
        self._detector = MarkDetector()

    def infer(self, frame: Frame) -> Mark | None:
        """The mark, or None where there is none."""
        found = self._detector.find(frame.data)
        return None if found is None else Mark((found[0] + 0.5) / frame.width, (found[1] + 0.5) / frame.height)

"""One frame of the eye camera, looked at."""

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import EyeLook
from sottovoce_device.perceive.glance import Glancer
from sottovoce_device.perceive.pupil import PupilFinder


class EyeReader:
    """A glance and the pupil of each frame. Keeps a thumbnail until the next one; used by one thread."""

    def __init__(self) -> None:
        self._glancer = Glancer()
        self._finder = PupilFinder()

    def infer(self, eye: Frame) -> EyeLook:
        """What the frame, which stays its owner's, tells."""
        return EyeLook(self._glancer.infer(eye), self._finder.infer(eye))

    def wipe(self) -> None:
        """Overwrite what is kept of the last frame."""
        self._glancer.wipe()

"""The camera of a Raspberry Pi, through picamera2 (a package of Raspberry Pi OS, not of ours)."""

from typing import Any

import numpy as np

from sottovoce_device.capture.polled_camera import PolledCamera
from sottovoce_device.config import CameraConfig
from sottovoce_device.errors import SensorError
from sottovoce_device.opencv import Picture


class PiCamera:
    """One camera of the board. number: picamera2's own."""

    def __init__(self, number: int, width: int, height: int, fps: int) -> None:
        try:
            from picamera2 import Picamera2
        except ImportError:
            raise SensorError(
                'driver = "picamera2" needs picamera2: `sudo apt install python3-picamera2`, and an environment '
                "made with --system-site-packages"
            ) from None
        try:
            self._camera: Any = Picamera2(number)
            size = {"size": (width, height), "format": "BGR888"}  # which is libcamera's name for bytes in order R, G, B
            self._camera.configure(self._camera.create_video_configuration(main=size, controls={"FrameRate": fps}))
            self._camera.start()
        except (RuntimeError, IndexError) as error:
            raise SensorError(f"device = {number}: the camera does not start ({error}); check its cable") from None

    def grab(self, wanted: bool) -> Picture | None:
        """Wait for the next picture."""
        try:
            picture = np.array(self._camera.capture_array("main")[..., :3], np.uint8)
        except RuntimeError as error:
            raise SensorError(f"the camera has gone ({error}); check its cable") from None
        return picture if wanted else None

    def close(self) -> None:
        """Let it go."""
        self._camera.close()


def open_camera(config: CameraConfig) -> PolledCamera:
    """The camera that `device` numbers, 0 where it is empty. Raises SensorError for what is no number."""
    if config.device and not config.device.isdigit():
        raise SensorError(f'device = {config.device!r}: driver = "picamera2" counts cameras: write 0 or 1')
    return PolledCamera(config, find)


def find(config: CameraConfig) -> PiCamera:
    """Open it. Raises SensorError where it is not there."""
    return PiCamera(int(config.device or 0), config.width, config.height, config.fps)

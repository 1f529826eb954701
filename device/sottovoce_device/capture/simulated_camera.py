"""A camera that sees pictures: one, or a folder of them in the order of their names."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Final

import numpy as np

from sottovoce_device.capture.camera import CameraState
from sottovoce_device.capture.frame import Frame
from sottovoce_device.config import CameraConfig
from sottovoce_device.errors import SensorError
from sottovoce_device.opencv import Picture, read_picture, resized

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
_NOISY_ROWS: Final = 8


class SimulatedCamera:
    """Shows pictures to the glasses.

    real_time: frames come when a camera would give them, stamped with the monotonic clock; otherwise as fast as they
    are taken, stamped with their place in the sequence.
    seconds: how long the pictures last.

    A picture keeps its shape: it is made to fit into width and height, and grows no larger than it is. What is held
    is noisy by one level, as sensors are: a picture that comes twice to the bit is a sensor that is stuck.
    """

    state: CameraState = "on"

    def __init__(self, config: CameraConfig, *, real_time: bool) -> None:
        self._config = config
        self._real_time = real_time
        self._closed = Flag()
        self._paths = pictures_in(Path(config.path))
        self._each = max(1, round(config.each_s * config.fps))
        self.seconds = len(self._paths) * self._each / config.fps
        read_picture(self._paths[0])

    def frames(self) -> Iterator[Frame]:
        """The pictures, and what comes after them."""
        start_ms = time.monotonic() * 1000 if self._real_time else 0.0
        for number, picture in enumerate(self._pictures()):
            at_ms = start_ms + number * 1000 / self._config.fps
            if self._real_time:
                self._closed.wait(max(0.0, at_ms / 1000 - time.monotonic()))
            if self._closed.is_set():
                return
            yield Frame(picture, at_ms)
        if self._config.at_end == "unplug":
            self.state = "lost"
            while self._real_time and not self._closed.wait(1.0):
                continue

    def close(self) -> None:
        """End frames(); any thread may call it."""
        self._closed.set()

    def _pictures(self) -> Iterator[Picture]:
        number, at_end = 0, self._config.at_end
        while True:
            for path in self._paths:
                picture = self._fitted(read_picture(path))
                for _ in range(self._each):
                    number += 1
                    yield _noisy(picture, number)
            if at_end != "loop":
                break
        while at_end in {"hold", "freeze"}:
            number += at_end == "hold"
            yield _noisy(picture, number)

    def _fitted(self, picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        scale = min(1.0, self._config.width / width, self._config.height / height)
        return picture if scale == 1 else resized(picture, round(width * scale), round(height * scale))


def open_camera(config: CameraConfig) -> SimulatedCamera:
    """Open the pictures that the configuration's path names, in real time."""
    if not config.path:
        raise SensorError('a camera with driver = "simulated" needs a path: the picture or folder that it sees')
    return SimulatedCamera(config, real_time=True)


def pictures_in(path: Path) -> list[Path]:
    """The pictures of a folder by name, or the one picture. Raises SensorError where none may be seen."""
    try:
        if not path.is_dir():
            return [path]
        found = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise SensorError(f"{path}: cannot be read ({error.strerror}); see who may read it and its folder") from None
    if not found:
        raise SensorError(f"{path}: there is no picture in this folder; put JPEG or PNG files there")
    return found


def _noisy(picture: Picture, number: int) -> Picture:
    """A copy whose last bits flip in some rows, other ones for each number."""
    copy = picture.copy()
    copy[number % _NOISY_ROWS :: _NOISY_ROWS, number % 3 :: 2] ^= np.uint8(1)
    return copy

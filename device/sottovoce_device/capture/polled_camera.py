"""A camera whose device is asked for each frame; found again when it is lost. What v4l2 and picamera2 share."""

import sys
import time
from collections.abc import Callable, Iterator
from threading import Event as Flag
from typing import Final, Protocol

from sottovoce_device.capture.camera import CameraState
from sottovoce_device.capture.frame import Frame
from sottovoce_device.config import CameraConfig
from sottovoce_device.errors import SensorError
from sottovoce_device.opencv import Picture

RETRY_S: Final = 1.0
"""Between attempts to find a lost camera: quick enough for a plug, rare enough to cost nothing."""


class Device(Protocol):
    """An open device."""

    def grab(self, wanted: bool) -> Picture | None:
        """Wait for the next picture, uint8 RGB; None when the device has gone, or where none is wanted.

        wanted: false lets this picture go undecoded. Raises SensorError when the device has gone.
        """

    def close(self) -> None:
        """Let it go."""


class PolledCamera:
    """Frames of a device at the configured rate and size.

    find: opens the device; raises SensorError, in one line, where it is not there. Each new reason for a loss is one
    line of the log; nothing is thrown: glasses whose camera is unplugged go on hearing.
    """

    def __init__(self, config: CameraConfig, find: Callable[[CameraConfig], Device], retry_s: float = RETRY_S) -> None:
        self._config = config
        self._find = find
        self._retry_s = retry_s
        self._closed = Flag()
        self._reason = ""
        self.state: CameraState = "lost"

    def frames(self) -> Iterator[Frame]:
        """Frames as they are sensed, on the reader's thread; ends after close()."""
        while not self._closed.is_set():
            try:
                device = self._find(self._config)
                try:
                    yield from self._while_it_lasts(device)
                finally:
                    device.close()
            except SensorError as error:
                self._lose(str(error))
                self._closed.wait(self._retry_s)

    def close(self) -> None:
        """End frames(); any thread may call it."""
        self._closed.set()

    def _while_it_lasts(self, device: Device) -> Iterator[Frame]:
        every_s = 1 / self._config.fps
        due_s = time.monotonic()
        while not self._closed.is_set():
            wanted = time.monotonic() >= due_s
            picture = device.grab(wanted)
            if picture is None:
                continue
            now_s = time.monotonic()
            due_s = max(due_s + every_s, now_s)
            height, width = picture.shape[:2]
            if (width, height) != (self._config.width, self._config.height):
                picture.fill(0)
                raise SensorError(
                    f"the camera gives {width} x {height}, not {self._config.width} x {self._config.height}; "
                    "set the width and height of its table to what it can"
                )
            self.state, self._reason = "on", ""
            yield Frame(picture, now_s * 1000)

    def _lose(self, reason: str) -> None:
        self.state = "lost"
        if reason != self._reason:
            self._reason = reason
            sys.stderr.write(f"camera: {reason}\n")

"""A camera whose device is asked for each frame; found again when it is lost. What v4l2 and picamera2 share."""

import sys
import time
from collections.abc import Callable, Iterator
from threading import Event as Flag
from typing import Final, Protocol

from sottovoce_device.capture.camera import CameraState
from sottovoce_device.capture.frame import Frame
from sottovoce_device.config import CameraConfig
from sottovoce_device.errors import AbsentError, SensorError
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

    find: opens the device; raises SensorError, in one line, where it cannot, AbsentError where it is not there. It is
    tried at once, since a sealed process can open nothing later. Each new reason for a loss is one line of the log;
    nothing is thrown: glasses whose camera is unplugged go on hearing.
    """

    def __init__(self, config: CameraConfig, find: Callable[[CameraConfig], Device], retry_s: float = RETRY_S) -> None:
        self._config = config
        self._find = find
        self._retry_s = retry_s
        self._closed = Flag()
        self._reason = ""
        self._absent = False
        self.state: CameraState = "lost"
        self._device = self._found()

    def frames(self) -> Iterator[Frame]:
        """Frames as they are sensed, on the reader's thread; ends after close()."""
        while not self._closed.is_set():
            device, self._device = self._device or self._found(), None
            if device is None:
                self._closed.wait(self._retry_s)
                continue
            try:
                try:
                    yield from self._while_it_lasts(device)
                finally:
                    device.close()
            except SensorError as error:
                self._lose(error)
                self._closed.wait(self._retry_s)

    def close(self) -> None:
        """End frames(); any thread may call it."""
        self._closed.set()
        device, self._device = self._device, None
        if device is not None:  # frames() was never asked for
            device.close()

    def _found(self) -> Device | None:
        try:
            return self._find(self._config)
        except SensorError as error:
            self._lose(error)
            return None

    def _while_it_lasts(self, device: Device) -> Iterator[Frame]:
        every_s = 1 / self._config.fps
        due_s = time.monotonic()
        while not self._closed.is_set():
            wanted = time.monotonic() >= due_s
            picture = device.grab(wanted)
            if picture is None:
                continue
            now_s = time.monotonic()
            due_s = max(due_s + every_s, now_s + every_s / 2)  # a late frame is not followed by another at once
            height, width = picture.shape[:2]
            if (width, height) != (self._config.width, self._config.height):
                picture.fill(0)
                raise SensorError(
                    f"the camera gives {width} x {height}, not {self._config.width} x {self._config.height}; "
                    "set the width and height of its table to what it can"
                )
            self.state, self._reason, self._absent = "on", "", False
            yield Frame(picture, now_s * 1000)

    def _lose(self, error: SensorError) -> None:
        gone = isinstance(error, AbsentError)
        self.state = "back" if self._absent and not gone else "lost"
        self._absent = self._absent or gone
        if str(error) != self._reason:
            self._reason = str(error)
            sys.stderr.write(f"camera: {error}\n")

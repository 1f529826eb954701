"""The eye camera in the glasses: frames on one thread, the pupil on another, what it tells on the caller's."""

import threading
from collections.abc import Callable
from typing import Final

from sottovoce_device.capture.camera import Camera
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.observation import EyeLook
from sottovoce_device.perceive.eye import EyeReader

FRAMES_WAITING: Final = 2
"""A gaze that is older than two frames is the last glance's."""


class EyeWatch:
    """Owns the eye camera and its threads. A frame of it goes no further than to the finder of pupils.

    later: hands a step to the thread of the rules. take: takes what a frame told, on that thread. fail: takes the
    error that ends the process.
    """

    def __init__(
        self,
        camera: Camera,
        later: Callable[[Callable[[], None]], None],
        take: Callable[[EyeLook], None],
        fail: Callable[[BaseException], None],
    ) -> None:
        self.camera = camera
        self._reader = EyeReader()
        self._later = later
        self._take = take
        self._fail = fail
        self._frames: Mailbox[Frame] = Mailbox(FRAMES_WAITING)
        self._muted = True
        self._threads = [threading.Thread(target=t, name=f"eye{t.__name__}") for t in (self._capture, self._find)]

    def start(self) -> None:
        """Begin to see, muted."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Let the camera go, overwrite what waits, end the threads. Only after start()."""
        self.camera.close()
        self._frames.close()
        for thread in self._threads:
            thread.join()

    def mute(self, muted: bool) -> None:
        """Switch it off or on."""
        self._muted = muted

    @property
    def dropped(self) -> int:
        """Frames that were let go because the finder was late."""
        return self._frames.dropped

    def _capture(self) -> None:
        try:
            for frame in self.camera.frames():
                self._frames.put(frame)
        except BaseException as error:  # noqa: BLE001 -- handed to the main thread, which ends the process with it
            self._fail(error)

    def _find(self) -> None:
        try:
            while (frame := self._frames.take()) is not None:
                if self._muted:
                    self._reader.wipe()
                else:
                    look = self._reader.infer(frame)
                    self._later(lambda look=look: self._told(look))  # type: ignore[misc]
                frame.wipe()
        except BaseException as error:  # noqa: BLE001 -- likewise
            self._fail(error)
        finally:
            self._reader.wipe()

    def _told(self, look: EyeLook) -> None:
        if not self._muted:
            self._take(look)

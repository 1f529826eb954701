"""The last seconds of frames, a few a second: for what is asked about a moment ago."""

from collections import deque
from typing import Final

from sottovoce_device.capture.frame import Frame

NEAR_MS: Final = 700.0
"""A frame that is further from the moment than this does not show it."""


class Glimpses:
    """A short row of frames in RAM. What falls out of it is overwritten.

    seconds: how far back it goes. every_ms: how far apart its frames are; the newest frame is always there.
    """

    def __init__(self, seconds: float, every_ms: float) -> None:
        self._length_ms = seconds * 1000
        self._every_ms = every_ms
        self._frames: deque[Frame] = deque()

    def keep(self, frame: Frame) -> None:
        """Take over the newest frame; the one before goes, where it is too near to the one before it."""
        frames = self._frames
        if len(frames) > 1 and frames[-1].at_ms - frames[-2].at_ms < self._every_ms:
            frames.pop().wipe()
        frames.append(frame)
        while frame.at_ms - frames[0].at_ms > self._length_ms:
            frames.popleft().wipe()

    def at(self, at_ms: float) -> Frame | None:
        """A copy of the frame nearest to a moment; None when none is near. Whoever asks wipes it."""
        nearest = min(self._frames, key=lambda f: abs(f.at_ms - at_ms), default=None)
        if nearest is None or abs(nearest.at_ms - at_ms) > NEAR_MS:
            return None
        return nearest.cut(0, 0, nearest.width, nearest.height)

    def wipe(self) -> None:
        """Overwrite all of them."""
        while self._frames:
            self._frames.popleft().wipe()

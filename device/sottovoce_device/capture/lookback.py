"""The last seconds of sound, for what the models ask to hear again."""

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import RATE_HZ, Sample


class Lookback:
    """A ring of PCM, addressed by position: the number of samples since the start.

    position: where the newest sample ends.
    Only what is still wanted stays: forget_before() overwrites the rest, and the ring overwrites itself.
    """

    def __init__(self, seconds: float) -> None:
        self._ring: NDArray[np.float32] = np.zeros(int(seconds * RATE_HZ), np.float32)
        self._oldest = 0
        self.position = 0

    def write(self, block: Sample) -> None:
        """Append a block. The block itself is left to its owner."""
        values = block.data
        places = (self.position + np.arange(len(values))) % len(self._ring)
        self._ring[places] = values
        self.position += len(values)
        self._oldest = max(self._oldest, self.position - len(self._ring))

    def cut(self, start: int, end: int, at_ms: float) -> Sample:
        """A copy of what lies between two positions; what is gone or not yet there is left out."""
        start, end = max(start, self._oldest), min(end, self.position)
        places = np.arange(start, max(start, end)) % len(self._ring)
        return Sample(self._ring[places], at_ms)

    def erase(self, start: int, end: int) -> None:
        """Overwrite what lies between two positions, which stay."""
        start, end = max(start, self._oldest), min(end, self.position)
        self._ring[np.arange(start, max(start, end)) % len(self._ring)] = 0

    def forget_before(self, position: int) -> None:
        """Overwrite everything older than this position."""
        position = min(position, self.position)
        if position > self._oldest:
            self._ring[np.arange(self._oldest, position) % len(self._ring)] = 0
            self._oldest = position

    def wipe(self) -> None:
        """Overwrite all of it."""
        self.forget_before(self.position)

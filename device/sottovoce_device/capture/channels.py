"""From what a device or file gives, channel beside channel, to samples of one microphone or of two."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import Sample
from sottovoce_device.errors import SensorError

ALIKE: Final = 32
"""Blocks, a second of sound, that no two microphones hear alike to the bit: each has a noise of its own."""


class Channels:
    """Makes samples of one microphone or two. source: what to call the device or file."""

    def __init__(self, count: int, source: str) -> None:
        self.count = count
        self._source = source
        self._alike = 0
        self._differ = False

    def require(self, there: int) -> None:
        """Raises SensorError where the device or file has fewer channels than there are microphones."""
        if there < self.count:
            raise SensorError(
                f"{self._source}: {there} channel, and [microphone] channels = {self.count}:"
                " choose one of both microphones, or set channels = 1"
            )

    def sample(self, values: NDArray[np.float32], at_ms: float) -> Sample:
        """values: [n, channels], overwritten. Raises SensorError where two microphones turn out to be one."""
        parts = [values[:, n].copy() for n in range(self.count)]
        values.fill(0)
        if self.count == 1:
            return Sample(parts[0], at_ms)
        self._compare(*parts)
        return Sample(parts[0], at_ms, parts[1])

    def _compare(self, first: NDArray[np.float32], second: NDArray[np.float32]) -> None:
        """Sound systems give a device of one microphone as many channels as they are asked for, all the same."""
        if self._differ or not first.any():
            return
        self._differ = not np.array_equal(first, second)
        self._alike += 1
        if not self._differ and self._alike >= ALIKE:
            raise SensorError(
                f"{self._source}: both channels are the same sound, so there is one microphone:"
                " set [microphone] channels = 1, or choose another input"
            )

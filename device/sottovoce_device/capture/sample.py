"""What a sensor gave. It lives in RAM, in one process, for one turn."""

from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.errors import SampleError

RATE_HZ = 16_000
"""Every model of hearing takes 16 kHz mono."""

BLOCK = 512
"""Samples in a block: 32 ms, the step of Silero VAD."""


class Sample:
    """PCM or pixels, and when it was sensed.

    data: the values; for sound float32 in [-1, 1], shape [n], 16 kHz mono. Raises SampleError once wiped.
    at_ms: when its last value was sensed, milliseconds of the process's clock.

    It cannot be pickled, copied or printed, and wipe() overwrites it.
    """

    __slots__ = ("_data", "at_ms")

    def __init__(self, data: NDArray[np.float32], at_ms: float) -> None:
        self._data: NDArray[np.float32] | None = data
        self.at_ms = at_ms

    @property
    def data(self) -> NDArray[np.float32]:
        """The values, for as long as the sample's turn lasts."""
        if self._data is None:
            raise SampleError("this sample's turn is over: it has been overwritten")
        return self._data

    def wipe(self) -> None:
        """Overwrite the values and let them go. Doing it twice is harmless."""
        if self._data is not None:
            self._data.fill(0)
            self._data = None

    def __repr__(self) -> str:
        return "<Sample>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise SampleError("a sample never leaves the process that sensed it: it cannot be pickled or copied")

"""What a sensor gave. It lives in RAM, in one process, for one turn."""

from typing import Any, Generic, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.errors import SampleError

RATE_HZ = 16_000
"""Every model of hearing takes 16 kHz mono."""

BLOCK = 512
"""Samples in a block: 32 ms, the step of Silero VAD."""

_FIXED = "a sample in memory that cannot be overwritten; give it a copy: data.copy()"
_OVER = "this sample's turn is over: it has been overwritten"

Number = TypeVar("Number", bound="np.generic[Any]")


class Sensed(Generic[Number]):
    """Values of a sensor, and when they were sensed: what sound and pictures have in common.

    data: the values. Raises SampleError once wiped.
    at_ms: when the last of them was sensed, milliseconds of the process's clock.
    Raises SampleError for values in memory that wipe() could not overwrite.

    It cannot be pickled, copied or printed, and wipe() overwrites it.
    """

    __slots__ = ("_data", "at_ms")

    def __init__(self, data: NDArray[Number], at_ms: float) -> None:
        self._data: NDArray[Number] | None = _writable(data)
        self.at_ms = at_ms

    @property
    def data(self) -> NDArray[Number]:
        """The values, for as long as the sample's turn lasts."""
        if self._data is None:
            raise SampleError(_OVER)
        return self._data

    def wipe(self) -> None:
        """Overwrite the values and let them go. Doing it twice is harmless."""
        if self._data is not None:
            self._data.fill(0)
            self._data = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise SampleError("a sample never leaves the process that sensed it: it cannot be pickled or copied")


def _writable(data: NDArray[Number]) -> NDArray[Number]:
    """The same values: `np.frombuffer` of bytes, which many a driver begins with, gives some that are not."""
    if isinstance(data, np.ndarray) and not data.flags.writeable:
        raise SampleError(_FIXED)
    return data


class Sample(Sensed[np.float32]):
    """Sound: float32 in [-1, 1], shape [n], 16 kHz; what every model hears.

    second: the same stretch at a second microphone, where the glasses have two. It is overwritten with the first.
    """

    __slots__ = ("_second",)

    def __init__(self, data: NDArray[np.float32], at_ms: float, second: NDArray[np.float32] | None = None) -> None:
        super().__init__(data, at_ms)
        self._second = None if second is None else _writable(second)

    @property
    def second(self) -> NDArray[np.float32] | None:
        """None where there is one microphone. Raises SampleError once wiped."""
        if self._data is None:
            raise SampleError(_OVER)
        return self._second

    def wipe(self) -> None:
        """Overwrite what either microphone heard, and let it go."""
        if self._second is not None:
            self._second.fill(0)
            self._second = None
        super().wipe()

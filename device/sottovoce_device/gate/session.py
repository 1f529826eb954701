"""The number of the gate's session: another one when its machine has slept."""

from collections.abc import Callable
from typing import Final

SLEPT_MS: Final = 1_000
"""Less than this is no sleep: the two clocks are read one after the other."""


class Session:
    """Events are stamped with a clock that stands still in sleep: how late they are counts within one session only.

    draw: gives numbers at random.
    """

    def __init__(self, draw: Callable[[], int], asleep_ms: float) -> None:
        self._draw = draw
        self._number, self._asleep_ms = draw(), asleep_ms

    def number(self, asleep_ms: float) -> int:
        """Of the session now. asleep_ms: by how much a clock that goes on in sleep is ahead of the events' own."""
        if asleep_ms - self._asleep_ms > SLEPT_MS:
            self._number, self._asleep_ms = self._draw(), asleep_ms
        return self._number

"""How near the voice of a turn is, over all of it: whose words are recognised is not told by one loud syllable."""

from collections import deque
from typing import Final

from sottovoce_device.decide.turn import ONSET_BLOCKS

DOUBT_BLOCKS: Final = 16
"""Blocks, half a second: of a turn with so many, half of the log odds are believed. A far voice that seems near does so
for a syllable or two."""
ENOUGH: Final = 0.5
"""Log odds that are left then, from which words are recognised. Chosen on sides train and dev: 26 of 87 stretches of
others' speech pass, and 9 of 403 requests do not; from 0.8 it would be 11 and 15."""


class TurnVoice:
    """The mean log odds of the near blocks of the turn that goes on."""

    def __init__(self) -> None:
        self._newest: deque[tuple[float, float, float]] = deque(maxlen=ONSET_BLOCKS)
        self._sums = (0.0, 0.0, 0.0)
        self._blocks = 0

    def hear(self, logit: float, parallax: float, peak_db: float) -> None:
        """Take a near block: log odds of its being the wearer's, what of them two microphones tell, its level."""
        block = (logit, parallax, peak_db)
        self._newest.append(block)
        self._sums = _added(self._sums, block)
        self._blocks += 1

    def begin(self) -> None:
        """A turn has just begun, with the newest blocks."""
        self._sums, self._blocks = (0.0, 0.0, 0.0), len(self._newest)
        for block in self._newest:
            self._sums = _added(self._sums, block)

    @property
    def logit(self) -> float | None:
        """Of its being the wearer's, the mean; None: nothing was near, or nobody asked."""
        return self._mean(0) if self._blocks else None

    @property
    def parallax(self) -> float:
        """What of it two microphones tell."""
        return self._mean(1)

    @property
    def peak_db(self) -> float | None:
        """The mean level of its syllables."""
        return self._mean(2) if self._blocks else None

    @property
    def is_near(self) -> bool:
        """Whether the turn is near enough for its words to be recognised."""
        return self._mean(0) * self._blocks / (self._blocks + DOUBT_BLOCKS) > ENOUGH

    def _mean(self, which: int) -> float:
        return self._sums[which] / max(self._blocks, 1)


def _added(one: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float, float]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]

"""How loud the wearer is on *this* microphone: not known beforehand, so learnt as one goes, from all that is heard.

A posterior over the level of the wearer's syllables, kept on a grid. Speech, near or far, tells of it: if it is the
wearer's it is as loud as they are, and if it is somebody else's the wearer is louder.
"""

import math
from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.observation import Level

GRID_DB: Final[NDArray[np.float64]] = np.arange(-75.0, 1.0)
"""Levels that the wearer's syllables may have on this microphone, in dB of full scale."""
USUAL_DB: Final = -24.0
USUAL_SPREAD_DB: Final = 9.0
"""Before anything is heard: speech of 60 dB at a metre has 78 dB at 13 cm, microphones for speech are set up to give
-28 dB of full scale there, and syllables peak 4 dB above the mean. Builds and people differ by some 9 dB."""
ENROLLED_HOLDS: Final = 0.7
ENROLLED_SPREAD_DB: Final = 5.0
"""The level of an enrolment holds so often, and within so much: people speak up in noise, and mutter; and a file may be
of another microphone. On sides train and dev (1905 sentences of the wearer's and 1163 of others') 36 are not heard
instead of 62, and 130 of others' are, as before; where the level is wrong by 10 dB, 90 and 122, or 25 and 168. Chosen
on side train, where 0.5 to 0.9 and 4 to 5 dB do alike."""
SENTENCE_DB: Final = 3.0
"""How much louder or softer one sentence of a person's is than the next; no averaging within it takes that away."""
SYLLABLE_DB: Final = 3.6
"""And one syllable than the next, within a sentence; that averages out."""
FAR_BELOW_DB: Final = 13.0
FAR_SPREAD_DB: Final = 6.5
"""How much less of the others arrives, from 0.6 m to 4 m, from whispering to calling out."""
DRIFT_DB: Final = 0.15
"""How far the wearer's level wanders from one lesson to the next."""
PEAK_BLOCKS: Final = 5
"""A syllable's peak is looked for in 160 ms: between two of them lies less than that (4 to 6 a second). The mean of the
last so many peaks is the level: it takes no longer than the texture to follow another voice."""
VOICED: Final = 0.35
"""Probability of speech from which a block counts; nothing is learnt from one of less than SURE."""
SURE: Final = 0.6


class WearerLevel:
    """The posterior. enrolled_db: how loud the wearer's syllables were when they enrolled; None: that is not known."""

    def __init__(self, enrolled_db: float | None = None) -> None:
        self._posterior = _normal(GRID_DB, USUAL_DB, USUAL_SPREAD_DB)
        if enrolled_db is not None:
            known = _normal(GRID_DB, enrolled_db, ENROLLED_SPREAD_DB)
            self._posterior = ENROLLED_HOLDS * known + (1 - ENROLLED_HOLDS) * self._posterior
        self._posterior /= self._posterior.sum()

    @property
    def db(self) -> float:
        """The level at which the wearer's syllables are expected, in dB of full scale."""
        return float(self._posterior @ GRID_DB)

    def logit(self, level_db: float, blocks: int) -> float:
        """Log odds that speech of this level, over so many blocks, is the wearer's; nothing else is known of it."""
        near = float(self._posterior @ _normal(GRID_DB, level_db, _near_spread_db(blocks)))
        far = float(self._posterior @ _normal(GRID_DB - FAR_BELOW_DB, level_db, FAR_SPREAD_DB))
        odds = math.log(max(near, 1e-12) / max(far, 1e-12))
        return max(4.0, odds) if level_db > self.db else odds  # nobody is louder for being far away

    def learn(self, level_db: float, blocks: int, own: float) -> None:
        """Learn from so many blocks of speech of this level, which is the wearer's with this probability."""
        likely = own * _normal(GRID_DB, level_db, _near_spread_db(blocks))
        likely += (1 - own) * _normal(GRID_DB - FAR_BELOW_DB, level_db, FAR_SPREAD_DB)
        self._posterior = np.convolve(self._posterior, _STEP, mode="same") * likely
        self._posterior /= self._posterior.sum()


def mean_syllable_db(levels: Sequence[Level], speech: Sequence[float]) -> float | None:
    """How loud the syllables of one voice are; None: nobody speaks. speech: how likely each block is."""
    recent: deque[float] = deque(maxlen=PEAK_BLOCKS)
    peaks: list[float] = []
    for level, likely in zip(levels, speech, strict=True):
        if likely < VOICED:
            recent.clear()
            continue
        recent.append(level.db)
        if likely >= SURE:
            peaks.append(max(recent))
    return sum(peaks) / len(peaks) if peaks else None


def _near_spread_db(blocks: int) -> float:
    """How far the mean level of so many blocks of the wearer's speech is from their usual one."""
    return math.hypot(SENTENCE_DB, SYLLABLE_DB / math.sqrt(1 + blocks / PEAK_BLOCKS))


def _normal(at: NDArray[np.float64], mean: float, spread: float) -> NDArray[np.float64]:
    density: NDArray[np.float64] = np.exp(-0.5 * ((at - mean) / spread) ** 2) / (spread * math.sqrt(2 * math.pi))
    return density


_STEP: Final = np.array([DRIFT_DB**2 / 2, 1 - DRIFT_DB**2, DRIFT_DB**2 / 2])

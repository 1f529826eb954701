"""Is it the enrolled wearer: how much a voice is like theirs, in log odds."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.observation import Voiceprint

SLOPE: Final = 30.0
"""Log odds for a cosine of 1. Fitted to trials of one day it is 44; people sound otherwise on another day (a cold, an
evening), so we believe it two thirds as much."""
EVEN: Final = 0.622
"""The cosine at even odds after a second of speech."""
EVEN_PER_OCTAVE: Final = 0.049
"""And its rise with each doubling. `python -m tests.scenes.verifiers --fit` finds all three, on side train."""
_OCTAVES: Final = 2.0
_MOST: Final = 8.0
STRANGER: Final = -2.0
"""Log odds below which a voice is somebody else's, and is not recognised."""
STRANGER_BRIEF: Final = -3.0
"""The same for less than a second of speech, which may sound like anything."""


class Wearer:
    """The enrolled voice. embedding: unit vector. syllable_db: its level on this microphone, where that is known."""

    def __init__(self, embedding: Sequence[float] | NDArray[np.float32], syllable_db: float | None = None) -> None:
        self._embedding = np.asarray(embedding, np.float32)
        self.syllable_db = syllable_db

    def likeness(self, voice: Voiceprint) -> float:
        """Log odds, at even chances before, that this voice is the wearer's."""
        octaves = max(-_OCTAVES, min(_OCTAVES, math.log2(max(voice.seconds, 1e-3))))
        cosine = float(self._embedding @ voice.embedding)
        return max(-_MOST, min(_MOST, SLOPE * (cosine - EVEN - EVEN_PER_OCTAVE * octaves)))

    @staticmethod
    def is_stranger(likeness: float, seconds: float) -> bool:
        """Whether a voice of this likeness, heard for so long, is surely somebody else's."""
        return likeness < (STRANGER if seconds >= 1 else STRANGER_BRIEF)


def enrolled(voices: list[Voiceprint]) -> NDArray[np.float32]:
    """One unit vector of several stretches of the wearer's speech, each as much as it is long."""
    total = np.sum([voice.embedding * np.float32(voice.seconds) for voice in voices], axis=0)
    unit: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
    return unit

"""Tells whether it is one person who speaks in all of these stretches."""

from itertools import compress
from typing import Final

import numpy as np

from sottovoce_device.decide.wearer import Wearer, enrolled
from sottovoce_device.observation import Voiceprint

UNLIKE: Final = 0.2
"""A share of stretches may be unlike the rest: a laugh, a cough, a door."""
LEAST_S: Final = 1.0
"""Shorter ones may sound like anything."""
APART: Final = 0.70
"""The cosine of the two halves that differ most, below which they are of two people. On side train 132 enrolments of
one person have 0.77 or more, and 400 of two people 0.57 (median). Of 48 people of sides dev and test none of 171
enrolments is refused for it, and 3 % of 400 of two people pass. Before, 52 % did: the mean of both is like each."""
_ROUNDS: Final = 20


def is_one(voices: list[Voiceprint]) -> bool:
    """Whether the stretches of LEAST_S or more are like the others together, but for a few, and are no two voices."""
    long = [voice for voice in voices if voice.seconds >= LEAST_S]
    unlike = 0
    for voice in long:
        others = [other for other in long if other is not voice]
        unlike += bool(others) and Wearer(enrolled(others)).likeness(voice) < 0
    return unlike <= UNLIKE * len(long) and _likeness_of_halves(long) >= APART


def _likeness_of_halves(voices: list[Voiceprint]) -> float:
    """The cosine of the two groups of at least two stretches that differ most; 1 where there are no two.

    A stretch that is like no other (a cough) is set aside, and the rest parted anew.
    """
    for _ in range(1 + max(1, int(UNLIKE * len(voices)))):
        halves = _parted(voices)
        alone = min(halves, key=len)
        if len(alone) != 1:
            return float(enrolled(halves[0]) @ enrolled(halves[1])) if alone else 1.0
        voices = max(halves, key=len)
    return 1.0


def _parted(voices: list[Voiceprint]) -> tuple[list[Voiceprint], list[Voiceprint]]:
    """Into the two groups that differ most: spherical k-means (Dhillon and Modha 2001), begun at two that do."""
    if not voices:
        return [], []
    given = np.array([voice.embedding for voice in voices])
    alike = given @ given.T
    first, second = (given[place] for place in np.unravel_index(alike.argmin(), alike.shape))
    of_first = np.ones(len(voices), bool)
    for _ in range(_ROUNDS):
        before, of_first = of_first, given @ first >= given @ second
        halves = list(compress(voices, of_first)), list(compress(voices, ~of_first))
        if np.array_equal(before, of_first) or not all(halves):
            break
        first, second = map(enrolled, halves)
    return halves

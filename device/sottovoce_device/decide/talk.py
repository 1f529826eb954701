"""How much the wearer has been talking to others of late, as far as it was the wearer.

Who leans in, or sits next to glasses that do not know their wearer yet, is taken for the wearer until the wearer
speaks. So each turn is kept with its level, and what it tells of the next one is reckoned when that one is heard:
people do not speak much louder from one sentence to the next, and the wearer's mouth is much nearer than others' are.
"""

import math
from collections import deque
from typing import Final

from msgspec import Struct

from sottovoce_device.decide.wearer_level import FAR_BELOW_DB, FAR_SPREAD_DB, SENTENCE_DB

FADES_MS: Final = 30_000
"""Talk is half forgotten after two thirds of this (time constant)."""
MOST: Final = 3.0
"""Turns: more of them tell no more."""
KEPT: Final = 32
"""Turns that are remembered; three of the newest are as much as counts."""
BELIEVED: Final = 2.2
"""Log odds that a turn which was taken for the wearer's was theirs, before its level is asked: nine in ten."""


class Spoken(Struct, frozen=True):
    """A turn that is over.

    opened: it was for the glasses. for_others: the probability that it was the wearer's and was not.
    peak_db: the mean level of its syllables, dB of full scale; None where nobody measured.
    """

    end_ms: float
    opened: bool
    for_others: float
    peak_db: float | None = None


class Talk:
    """Remembers the wearer's turns: when each ended, whom it was for and how loud it was; no words."""

    def __init__(self) -> None:
        self._turns: deque[Spoken] = deque(maxlen=KEPT)

    def judged(self, turn: Spoken) -> None:
        """Take a turn that is over."""
        self._turns.append(turn)

    def before(self, start_ms: float, peak_db: float | None) -> float:
        """How many turns of the half minute before this one were for others or nobody; 0 to 3, fading.

        peak_db: the level of the turn that began then, as far as it is known.
        """
        turns, at_ms = 0.0, -math.inf
        for turn in self._turns:
            if turn.end_ms > start_ms:
                break
            turns *= _left_after(turn.end_ms - at_ms)
            turns = turns / 2 if turn.opened else min(MOST, turns + turn.for_others * _same_voice(turn, peak_db))
            at_ms = turn.end_ms
        return turns * _left_after(start_ms - at_ms)


def _left_after(passed_ms: float) -> float:
    return math.exp(-max(0.0, passed_ms) / FADES_MS)


def _same_voice(turn: Spoken, peak_db: float | None) -> float:
    """Probability that who speaks now, and is taken for the wearer, said that turn, too.

    Two normal densities of how much louder they are now: one voice twice, or another before, from afar. Being softer
    now tells nothing.
    """
    if turn.peak_db is None or peak_db is None:
        return 1.0
    louder = max(0.0, peak_db - turn.peak_db)
    same, other = math.hypot(SENTENCE_DB, SENTENCE_DB), math.hypot(FAR_SPREAD_DB, SENTENCE_DB)
    odds = math.log(other / same) - 0.5 * (louder / same) ** 2 + 0.5 * ((louder - FAR_BELOW_DB) / other) ** 2
    return 1 / (1 + math.exp(-BELIEVED - odds))

"""How much can leave at all: a sense that was taken over sends as fast as it can, and the judge is asked, for an hour.

Virtual time: the judge takes the time as an argument. What is sent is random, so what leaves of it is what is told.
"""

import math
import random
import string
from typing import Final

from msgspec import Struct

from sottovoce_device.gate.budget import BURST_BITS, RATE_BITS_PER_S
from sottovoce_device.gate.judge import Judge
from sottovoce_wire import Read, encode

HOUR_S: Final = 3600
EACH_MS: Final = 50
CODEC2_BIT_S: Final = 450
"""The narrowest speech codec there is: Codec2 450."""
ALPHABET: Final = string.ascii_letters + string.digits + string.punctuation
LETTERS: Final = 160


class Pipe(Struct, frozen=True):
    """sustained_bit_s: told, after the burst. burst_bytes: what may leave at once. allowed_bit_s: as stated."""

    sustained_bit_s: float
    burst_bytes: int
    allowed_bit_s: int
    tried_bytes: int

    @property
    def held(self) -> bool:
        """Whether it is as narrow as stated, and narrower than speech."""
        return self.sustained_bit_s <= self.allowed_bit_s < CODEC2_BIT_S


def flooded() -> Pipe:
    """Offer 80 times what may pass, for an hour."""
    judge, dice = Judge(1), random.Random(7)  # noqa: S311 -- to be repeated, not to be secret
    told = 0.0
    for now_ms in range(0, HOUR_S * 1000, EACH_MS):
        text = "".join(dice.choices(ALPHABET, k=LETTERS))
        event = judge.judge(encode(Read(at_ms=now_ms, text=text, confidence=1, source="head", command=0)), now_ms)
        told += LETTERS * math.log2(len(ALPHABET)) if event is not None else 0
    tried = HOUR_S * 1000 // EACH_MS * LETTERS
    return Pipe((told - BURST_BITS) / HOUR_S, BURST_BITS // 8, RATE_BITS_PER_S, tried)

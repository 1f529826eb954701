"""How much can leave at all: a sense that was taken over sends as fast as it can, and the judge is asked, for an hour.

Virtual time: the judge takes the time as an argument.
"""

from typing import Final

from msgspec import Struct

from sottovoce_device.gate.budget import BURST_BYTES, RATE_BYTES_PER_S
from sottovoce_device.gate.judge import Judge, text_bytes
from sottovoce_wire import Read, encode

HOUR_S: Final = 3600
EACH_MS: Final = 50
CODEC2_BIT_S: Final = 450
"""The narrowest speech codec there is: Codec2 450."""


class Pipe(Struct, frozen=True):
    """sustained_bit_s: of free text, after the burst. burst_bytes: what may leave at once. allowed_bit_s: as stated."""

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
    judge, left, tried = Judge(1), 0, 0
    packet = "x" * 160
    for now_ms in range(0, HOUR_S * 1000, EACH_MS):
        event = judge.judge(encode(Read(at_ms=now_ms, text=packet, confidence=1, source="head", command=0)), now_ms)
        tried += len(packet)
        left += text_bytes(event) if event is not None else 0
    return Pipe((left - BURST_BYTES) * 8 / HOUR_S, BURST_BYTES, RATE_BYTES_PER_S * 8, tried)

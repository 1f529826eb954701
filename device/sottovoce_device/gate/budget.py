"""The narrow pipe: how many bits may leave, whatever they are hidden in."""

from typing import Final, Protocol

from sottovoce_wire.capacity import IDLE_BITS_PER_S

RATE_BITS_PER_S: Final = 320
"""All that leaves, sustained: under the narrowest speech codec (Codec2, 450 bit/s)."""
BURST_BITS: Final = 16_384
"""What may have gathered: the longest message of the wire fits."""
RESERVE_BITS: Final = 512
"""What sense leaves of it, so that the gate's own word is never kept waiting by a sense that floods."""


class Kept(Protocol):
    """Where the level outlives the process. before: the level to go on from, and when that was; None: a full bucket."""

    before: tuple[float, float | None] | None

    def write(self, bits: float, at_ms: float) -> None:
        """Keep this level."""


class BitBudget:
    """A token bucket over everything that leaves. Silence costs, too: what it tells is taken from the rate.

    kept: where a bucket goes on that was begun by a gate before this one.
    """

    def __init__(self, kept: Kept | None = None) -> None:
        self._kept = kept
        before = None if kept is None else kept.before
        self._tokens, self._last_ms = (float(BURST_BITS), None) if before is None else before
        self._tokens = min(BURST_BITS, self._tokens)

    def spend(self, bits: float, now_ms: float, keep_bits: float = 0) -> bool:
        """Whether so much may leave now and still leave keep_bits. A clock that goes backwards gives nothing."""
        self._fill(now_ms)
        if bits > self._tokens - keep_bits:
            return False
        self._take(bits, now_ms)
        return True

    def owe(self, bits: float, now_ms: float) -> None:
        """Take what has to leave at once; where there is too little, it is paid back before anything else leaves."""
        self._fill(now_ms)
        self._take(bits, now_ms)

    def _take(self, bits: float, now_ms: float) -> None:
        """Before anything leaves for it, it is written down."""
        self._tokens -= bits
        if self._kept is not None:
            self._kept.write(self._tokens, now_ms if self._last_ms is None else self._last_ms)

    def _fill(self, now_ms: float) -> None:
        if self._last_ms is not None and now_ms > self._last_ms:
            gained = (now_ms - self._last_ms) / 1000 * (RATE_BITS_PER_S - IDLE_BITS_PER_S)
            self._tokens = min(BURST_BITS, self._tokens + gained)
        self._last_ms = now_ms if self._last_ms is None else max(now_ms, self._last_ms)

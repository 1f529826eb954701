"""The narrow pipe: how much free text may leave."""

from typing import Final

RATE_BYTES_PER_S: Final = 40
"""320 bit/s: under the narrowest speech codec (Codec2, 450 bit/s)."""
BURST_BYTES: Final = 4096


class ByteBudget:
    """A token bucket over the text of all events together."""

    def __init__(self, rate_bytes_per_s: float = RATE_BYTES_PER_S, burst_bytes: float = BURST_BYTES) -> None:
        self._rate = rate_bytes_per_s
        self._burst = burst_bytes
        self._tokens = burst_bytes
        self._last_ms: float | None = None

    def spend(self, size_bytes: int, now_ms: float, keep_bytes: int = 0) -> bool:
        """Whether so much text may leave now and still leave keep_bytes. A clock that goes backwards gives nothing."""
        if self._last_ms is not None and now_ms > self._last_ms:
            self._tokens = min(self._burst, self._tokens + (now_ms - self._last_ms) / 1000 * self._rate)
        self._last_ms = now_ms if self._last_ms is None else max(now_ms, self._last_ms)
        if size_bytes > self._tokens - keep_bytes:
            return False
        self._tokens -= size_bytes
        return True

"""How late a message is, between two machines whose clocks agree on nothing."""

import time


def stamp_ms() -> float:
    """A host's clock for what it sends: it goes on while the computer is asleep.

    One that stood still meanwhile would make all that is sent after a night later by the night.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME) * 1000


class Lateness:
    """Estimates a message's delay beyond the quickest one of its session.

    Sender and receiver stamp with monotonic clocks of unknown offset. The smallest difference seen between arrival
    and stamp is offset plus the quickest transit; what a message has more than that, it is late. This is the minimum
    filter of NTP's clock filter (RFC 5905, section 10) without its round trip. It never needs the date, which a
    Raspberry Pi without network does not have. Drift between the clocks (some 50 ppm) is given back at that rate.

    A receiver that sleeps seems quicker, which is taken up at once; a sender must not stamp with a clock that stands
    still meanwhile, or has to begin a new session when it is there again.
    """

    _DRIFT = 100e-6

    def __init__(self) -> None:
        self._session: int | None = None
        self._offset_ms = 0.0
        self._last_ms = 0.0

    def step(self, session: int, stamped_ms: int, arrived_ms: float) -> float:
        """Milliseconds by which this message is later than the quickest of its session; at least 0."""
        offset = arrived_ms - stamped_ms
        if session != self._session:
            self._session, self._offset_ms = session, offset
        else:
            self._offset_ms += (arrived_ms - self._last_ms) * self._DRIFT
            self._offset_ms = min(self._offset_ms, offset)
        self._last_ms = arrived_ms
        return offset - self._offset_ms

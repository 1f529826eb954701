"""When a message may leave: at the beginning of a slot, one a slot, so that its moment carries little."""

from sottovoce_wire.bounds import SLOT_MS


class Slots:
    """Hands out slots of the gate's clock, each once, in order."""

    def __init__(self) -> None:
        self._newest = -1

    def take(self, now_ms: float) -> int:
        """The beginning (ms) of the first slot that is still to come and nobody has."""
        self._newest = max(self._newest + 1, int(-(-now_ms // SLOT_MS)))
        return self._newest * SLOT_MS

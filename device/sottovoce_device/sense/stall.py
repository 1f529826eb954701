"""Whether a model hangs: it has been at one and the same piece of work for too long."""


class Stall:
    """Looks at a thread's work from time to time; work that was begun and ended between two looks is not seen."""

    def __init__(self) -> None:
        self._at = 0
        self._since_ms = 0.0

    def lasts_ms(self, at: int, now_ms: float) -> float:
        """For how long it has been at this piece, as far as looks at it tell. at: the piece's number; 0 while idle."""
        if at == 0 or at != self._at:
            self._at, self._since_ms = at, now_ms
        return now_ms - self._since_ms

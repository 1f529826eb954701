"""Notices when the wall clock is set while something counts down by it."""

from typing import Final

STEP_S: Final = 2.0
"""What a clock does not go wrong by itself between two looks, and no time server corrects without setting it."""


class WallClock:
    """Looked at again and again, next to a clock that is never set and does not stand still while the host sleeps."""

    def __init__(self) -> None:
        self._ahead_s: float | None = None

    def set_by(self, wall_s: float, steady_s: float) -> float:
        """Seconds by which it was set since the last look: 0 at the first one, and for less than STEP_S."""
        before, self._ahead_s = self._ahead_s, wall_s - steady_s
        step_s = 0.0 if before is None else self._ahead_s - before
        return step_s if abs(step_s) >= STEP_S else 0.0

    def look_away(self) -> None:
        """Nothing counts down any more: what happens until the next look is nobody's concern."""
        self._ahead_s = None

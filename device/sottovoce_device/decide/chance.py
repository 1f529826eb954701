"""How often others speak anyway: what a television or two neighbours do has nothing to do with the wearer's turns.

That somebody spoke right before the wearer tells only as far as it would be rare by chance.
"""

import math
from typing import Final

FORGETS_MS: Final = 60_000
"""Time constant: a television is on for longer, a passer-by is not."""
PRIOR_OCCUPANCY: Final = 0.3
PRIOR_MS: Final = 10_000
"""Before anything is known others speak, or have just done so, for this part of the time; as if known for so long."""


class Chance:
    """Counts, in time that comes in."""

    def __init__(self) -> None:
        self._busy_ms = 0.0
        self._all_ms = 0.0

    def pass_time(self, passed_ms: float, *, busy: bool) -> None:
        """Take a stretch of time. busy: others spoke in it, or had just done so."""
        kept = math.exp(-passed_ms / FORGETS_MS)
        self._busy_ms = self._busy_ms * kept + passed_ms * busy
        self._all_ms = self._all_ms * kept + passed_ms

    @property
    def occupancy(self) -> float:
        """The part of the time in which others speak, or have just done so."""
        return (PRIOR_OCCUPANCY * PRIOR_MS + self._busy_ms) / (PRIOR_MS + self._all_ms)

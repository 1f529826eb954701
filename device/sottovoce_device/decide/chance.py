"""How often others speak anyway: what a television or two neighbours do has nothing to do with the wearer's turns.

That somebody speaks right after the wearer tells of an exchange only as far as it would be rare by chance. So the rate
at which others begin to speak is learnt from the moments in which the wearer is silent, as a Poisson process with a
gamma prior, which forgets.
"""

import math
from typing import Final

FORGETS_MS: Final = 60_000
"""Time constant: a television is on for longer, a passer-by is not."""
PRIOR_ONSETS: Final = 1.0
PRIOR_MS: Final = 10_000
"""Before anything is known: somebody begins to speak every ten seconds in which nobody does."""
PRIOR_OCCUPANCY: Final = 0.3
"""And this part of the time somebody speaks, or has just done so; known as well as after PRIOR_MS."""


class Chance:
    """Counts, in time that comes in."""

    def __init__(self) -> None:
        self._onsets = 0.0
        self._free_ms = 0.0
        self._busy_ms = 0.0
        self._all_ms = 0.0

    def pass_time(self, passed_ms: float, *, free: bool, busy: bool) -> None:
        """Take a stretch of time. free: nobody spoke, nor had the wearer just done so. busy: others did, or had."""
        kept = math.exp(-passed_ms / FORGETS_MS)
        self._onsets *= kept
        self._free_ms = self._free_ms * kept + passed_ms * free
        self._busy_ms = self._busy_ms * kept + passed_ms * busy
        self._all_ms = self._all_ms * kept + passed_ms

    def count(self) -> None:
        """Somebody began to speak in free time."""
        self._onsets += 1

    def onset_within(self, window_ms: float) -> float:
        """The probability that somebody begins to speak in so much time, whatever the wearer does."""
        rate = (PRIOR_ONSETS + self._onsets) / (PRIOR_MS + self._free_ms)
        return 1 - math.exp(-rate * window_ms)

    @property
    def occupancy(self) -> float:
        """The part of the time in which others speak, or have just done so."""
        return (PRIOR_OCCUPANCY * PRIOR_MS + self._busy_ms) / (PRIOR_MS + self._all_ms)

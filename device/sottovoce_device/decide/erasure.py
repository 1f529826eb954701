"""Which stretches of what was heard are others' speech: they are overwritten, and no recogniser is given them.

Else the end of somebody's sentence is heard with the request that falls in with it ("yeah. give me a dark roast"),
which is words of theirs recognised, and a request misread.
"""

from typing import Final

BLOCK: Final = 512
CONFIRM: Final = 5
"""Blocks of far speech, 160 ms, a syllable: fewer may be a soft beginning of the wearer's own."""
KEEP: Final = 2
"""The newest blocks, which a voice that begins now may need: its loudest comes after its first sound."""
LEAD: Final = 2
"""Blocks before the first: speech begins before it is told."""
SURELY_FAR: Final = -1.0
"""Log odds of a near voice below which speech is somebody else's. Of the wearer's blocks on sides train and dev 1 % are
lost in quiet, 10 % over noise (most of them of turns that are refused anyway); of others' 5 to 15 % are kept."""
PAUSE: Final = 15
"""Blocks, half a second: others' pauses shorter than this are theirs, too."""


class Erasure:
    """Follows far speech block by block, and says what of it can be overwritten."""

    def __init__(self) -> None:
        self._start = 0
        self._free = 0
        self._far = 0
        self._silent = 0

    def step(self, position: int, *, voiced: bool, near: bool, logit: float) -> tuple[int, int] | None:
        """Take the block that ends at this position; positions between which nothing may stay.

        logit: log odds of a near voice.
        """
        if not voiced:
            self._silent += 1
            if self._silent > PAUSE:
                self._far = 0
            return None
        self._silent = 0
        if near or logit > SURELY_FAR:
            self._far, self._free = 0, position
            return None
        if not self._far:
            self._start = max(self._free, position - (1 + LEAD) * BLOCK)
        self._far += 1
        end = position - KEEP * BLOCK
        if self._far < CONFIRM or end <= self._start:
            return None
        start, self._start = self._start, end
        return start, end

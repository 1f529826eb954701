"""Where the speech that is going on began: before the first block that is surely speech, and the wearer's."""

from typing import Final

from sottovoce_device.decide.erasure import BLOCK
from sottovoce_device.observation import Voice

PERHAPS: Final = 0.1
"""From this probability on a block may be speech. Silero gives a soft first consonant that much, and a pause less: of
288 requests of scenes of side train 1 % begin more than 0.16 s before such a stretch; so with 0.05 or 0.2."""
GAP_BLOCKS: Final = 3
"""Quiet blocks that join: the closure of a plosive is no longer."""


class SpeechStretch:
    """Follows blocks that may be speech, whoever speaks."""

    def __init__(self) -> None:
        self.began = 0
        self._quiet_blocks = GAP_BLOCKS + 1

    def step(self, voice: Voice) -> None:
        """Take the next block. `began` is the position where the newest stretch begins."""
        if voice.anybody < PERHAPS:
            self._quiet_blocks += 1
            return
        if self._quiet_blocks > GAP_BLOCKS:
            self.began = voice.position - BLOCK
        self._quiet_blocks = 0

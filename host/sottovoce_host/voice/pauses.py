"""Silence in a reply: none before its first word, and between sentences as much as people leave."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_host.voice.sink import RATE_HZ

PAUSE_S: Final = 0.35
"""Between two sentences: most pauses of people who talk are of 0.2 to 0.5 s (Campione & Véronis 2002)."""
AUDIBLE_DB: Final = -45.0
"""Against the loudest sample of a sentence: the hiss that begins "stop" and the breath that ends it are louder."""
LEAD_S: Final = 0.01
TAIL_S: Final = 0.05
"""Kept on either side of what is audible, so that nothing is cut off hard."""
END_S: Final = 0.4
"""After the last sentence: what is still on its way, through Bluetooth and the room, has been heard when the reply is
said to be over. Until then the glasses know it for their own."""


def spoken(sounds: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """The same sentences, [n] at 24 kHz each, from the first to the last sound of each, with pauses; then silence.

    The voice gives every sentence 0.3 s of silence before it and 0.45 s after it: a reply came that much later.
    """
    pause = np.zeros(0, np.float32)
    for sound in sounds:
        size = np.abs(sound)
        audible = np.flatnonzero(size > 10 ** (AUDIBLE_DB / 20) * size.max(initial=0.0))
        if len(audible):
            begin = max(0, audible[0] - round(LEAD_S * RATE_HZ))
            end = audible[-1] + 1 + round(TAIL_S * RATE_HZ)
            yield np.concatenate([pause, sound[begin:end]])
            pause = np.zeros(round(PAUSE_S * RATE_HZ), np.float32)
    if len(pause):
        yield np.zeros(round(END_S * RATE_HZ), np.float32)

"""How loud a sound is in the wire's bands, frame by frame: what the glasses are told of a reply before they hear it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_host.voice.sink import RATE_HZ
from sottovoce_wire import ExpectEcho
from sottovoce_wire.echo import EDGES_HZ, FRAME_MS, FRAMES, QUIETEST_DB

FRAME: Final = FRAME_MS * RATE_HZ // 1000
_LOUDEST: Final = 96
_BLOCK: Final = 16 * FRAMES
"""Frames whose spectra are held at once: half a minute of sound."""


def levels(sound: NDArray[np.float32]) -> NDArray[np.int64]:
    """Levels of each frame of this sound, [n] at 24 kHz, in each band: [frames, 4], in dB above QUIETEST_DB."""
    padded = np.pad(sound, (0, -len(sound) % FRAME)).reshape(-1, FRAME)
    bins = np.fft.rfftfreq(FRAME, 1 / RATE_HZ)
    bands = np.stack([(bins >= low) & (bins < high) for low, high in pairwise(EDGES_HZ)], axis=1)
    window = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME) * np.sqrt(2)
    power = np.concatenate(
        [np.zeros((0, len(EDGES_HZ) - 1))]
        + [
            2 * np.abs(np.fft.rfft(padded[at : at + _BLOCK] * window)) ** 2 / FRAME**2 @ bands
            for at in range(0, len(padded), _BLOCK)
        ]
    )
    decibels = 10 * np.log10(power + 10 ** (QUIETEST_DB / 10)) - QUIETEST_DB
    whole: NDArray[np.int64] = np.clip(np.rint(decibels), 0, _LOUDEST).astype(np.int64)
    return whole


def foretold(sound: NDArray[np.float32], starts_ms: float) -> Iterator[ExpectEcho]:
    """What to tell of this sound, which begins to sound at this moment by `stamp_ms`: a message each 2 s."""
    found = levels(sound)
    for at in range(0, len(found), FRAMES):
        low, middle, high, top = (tuple(int(v) for v in band) for band in found[at : at + FRAMES].T)
        yield ExpectEcho(starts_ms=round(starts_ms + at * FRAME_MS), low=low, middle=middle, high=high, top=top)

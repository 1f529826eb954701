"""How a voice has been changed by the way it came: reverberation blurs, nearness keeps the edges.

Two cues that need no second microphone. The residual of linear prediction has a sharp peak at each stroke of the
glottis; echoes of it fill the time between them, and its kurtosis falls (Yegnanarayana & Murthy 2000, IEEE Trans.
Speech and Audio Processing 8(3)). And high tones stop as fast as the tongue does; in a room they die away.
"""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.observation import Texture

ORDER: Final = 12
"""Of the prediction: a formant a kilohertz needs two, and four for the rest (Markel & Gray 1976)."""
WINDOW: Final = 256
HOP: Final = 128
"""8 ms: the quickest closures of speech take 10."""
EDGES_HZ: Final = (1_700.0, 2_400.0, 3_400.0, 4_900.0, 7_600.0)
"""Bands above the first formants, where a room's absorption and a closure both show."""
_QUIET: Final = 1e-9
_WHITE: Final = 1.0 + 1e-3
"""White noise at -30 dB keeps the prediction stable."""


class TextureMeter:
    """Follows a sound block by block; costs 0.15 ms a block."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] = np.zeros(WINDOW, np.float32)
        bins = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ)
        self._bands = [np.flatnonzero((bins >= a) & (bins < b)) for a, b in pairwise(EDGES_HZ)]
        self._window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
        self._taper = np.hanning(BLOCK + 1)[:-1].astype(np.float32)
        self._last: NDArray[np.float64] = np.full(len(self._bands), -120.0)

    def infer(self, block: Sample) -> Texture:
        """block: 512 samples at 16 kHz."""
        values = block.data
        joined = np.concatenate([self._before, values])
        frames = np.lib.stride_tricks.sliding_window_view(joined, WINDOW)[HOP::HOP]
        power = np.abs(np.fft.rfft(frames * self._window)) ** 2
        energy = np.stack([power[:, band].mean(axis=1) for band in self._bands], axis=1)
        level = 10 * np.log10(energy + _QUIET)
        steps = np.diff(np.vstack([self._last, level]), axis=0)
        self._last = level[-1]
        joined.fill(0)
        self._before[:] = values[-WINDOW:]
        return Texture(kurtosis=self._kurtosis(values), fall_db=float(np.minimum(steps, 0).mean()))

    def wipe(self) -> None:
        """Overwrite what is kept of the block before."""
        self._before.fill(0)

    def _kurtosis(self, values: NDArray[np.float32]) -> float:
        """Of the prediction's residual: 3 for noise, above 10 for a voice at the lips."""
        spectrum = np.fft.rfft(values * self._taper, 2 * BLOCK)
        correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: ORDER + 1]
        if correlation[0] <= _QUIET:
            return 3.0
        correlation[0] *= _WHITE
        matrix = correlation[np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))]
        predictor = np.linalg.solve(matrix, correlation[1:])
        residual = np.convolve(values, np.concatenate([[1.0], -predictor]))[ORDER:BLOCK]
        square = residual**2
        return float(np.mean(square**2) / (np.mean(square) ** 2 + 1e-30))

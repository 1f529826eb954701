"""Log-mel spectrogram as Whisper defines it (Radford et al. 2022, arXiv 2212.04356, section 2.2)."""

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import RATE_HZ

WINDOW = 400
HOP = 160
MELS = 80


class LogMel:
    """Features of a fixed length: Hann windows of 25 ms every 10 ms, 80 Slaney mels, the loudest 80 dB, log10."""

    def __init__(self, seconds: int) -> None:
        self._length = seconds * RATE_HZ
        self._bank = slaney_bank(MELS)
        self._window: NDArray[np.float32] = np.hanning(WINDOW + 1)[:-1].astype(np.float32)

    def of(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """values: [seconds * 16000]. Features [1, 80, seconds * 100]. Raises ValueError for another length."""
        if values.shape != (self._length,):
            raise ValueError(f"expected {self._length} samples, got {values.shape}")
        padded = np.pad(values, WINDOW // 2, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[:-1:HOP]
        power = np.abs(np.fft.rfft(frames * self._window, axis=1)).astype(np.float32) ** 2
        mel = np.log10(np.maximum(self._bank @ power.T, 1e-10))
        features: NDArray[np.float32] = ((np.maximum(mel, mel.max() - 8) + 4) / 4)[None].astype(np.float32)
        return features


def slaney_bank(mels: int) -> NDArray[np.float32]:
    """Triangles [mels, 201] of equal area, linear to 1 kHz and logarithmic above (Slaney, Auditory Toolbox)."""
    top = _to_mel(RATE_HZ / 2)
    edges = np.array([_to_hz(m) for m in np.linspace(0, top, mels + 2)])
    bins = np.linspace(0, RATE_HZ / 2, WINDOW // 2 + 1)
    rising = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
    area = 2 / (edges[2:] - edges[:-2])
    bank: NDArray[np.float32] = (np.clip(np.minimum(rising, falling), 0, None) * area[:, None]).astype(np.float32)
    return bank


_HZ_PER_MEL = 200 / 3
_LOG_FROM_HZ = 1000.0
_LOG_FROM_MEL = _LOG_FROM_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27


def _to_mel(hz: float) -> float:
    return _LOG_FROM_MEL + float(np.log(hz / _LOG_FROM_HZ)) / _LOG_STEP if hz >= _LOG_FROM_HZ else hz / _HZ_PER_MEL


def _to_hz(mel: float) -> float:
    above = mel - _LOG_FROM_MEL
    return _LOG_FROM_HZ * float(np.exp(_LOG_STEP * above)) if above >= 0 else mel * _HZ_PER_MEL

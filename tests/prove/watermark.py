"""A sound and a picture that nothing else is like: drawn anew each run, so what resembles them comes of them."""

import wave
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

RATE_HZ: Final = 16_000
PERIOD: Final = 16_384
"""Samples after which the noise repeats: about a second. Wherever a piece is cut from, it can be laid on one period."""
NOISE_RMS: Final = 0.015
"""12 dB under the speech, as in a car: the recogniser still works, and the noise is in every sample of the speech."""
LEAD_S: Final = 1.0
GRAIN: Final = 4
COLUMNS, ROWS = 80, 45
"""The picture is a random pattern of so many squares of GRAIN pixels, with noise on each pixel."""

Signs = NDArray[np.float32]


class Watermark:
    """What this run's sensors are given. seed: from the system's own chance, unless a test wants to repeat a run."""

    def __init__(self, seed: int | None = None) -> None:
        rng = np.random.default_rng(seed)
        self._noise = rng.standard_normal(PERIOD)
        self.squares: Signs = rng.choice([-1.0, 1.0], (ROWS, COLUMNS)).astype(np.float32)
        grey = 128 + 70 * np.kron(self.squares, np.ones((GRAIN, GRAIN)))[..., None]
        self.picture: NDArray[np.uint8] = np.clip(grey + rng.normal(0, 15, (*grey.shape[:2], 3)), 0, 255).astype(
            np.uint8
        )
        self.sound: NDArray[np.int16] = self.under(np.zeros(round(LEAD_S * RATE_HZ)))

    def under(self, speech: NDArray[np.floating]) -> NDArray[np.int16]:
        """The noise under this speech (16 kHz, full scale 1), with a lead-in and a tail of noise alone; remembered."""
        quiet = np.zeros(round(LEAD_S * RATE_HZ))
        clean = np.concatenate([quiet, speech, quiet])
        noise = np.resize(self._noise, len(clean)) * NOISE_RMS
        self.sound = (np.clip(clean + noise, -1, 1) * 32767).astype(np.int16)
        return self.sound

    def signs_at(self, rate_hz: float, *, picked: bool = False) -> Signs:
        """The signs of one period of the noise at another rate, -1 and 1.

        They are what every scaling, companding and quantisation leaves of a sound. picked: without a filter before it,
        as when only every second sample is taken.
        """
        spectrum = np.fft.rfft(self._noise)
        length = round(PERIOD * rate_hz / RATE_HZ)
        if picked:
            return np.sign(self._noise[np.arange(length) * PERIOD // length]).astype(np.float32)
        return np.sign(np.fft.irfft(spectrum, length)).astype(np.float32)

    def pattern_at(self, width: int, height: int) -> Signs:
        """The picture's pattern scaled to this size and read line by line, as signs."""
        return (
            np.sign(cv2.resize(self.squares, (width, height), interpolation=cv2.INTER_AREA)).astype(np.float32).ravel()
        )

    def resembles(self, picture: NDArray[np.uint8]) -> float:
        """How alike a picture of any size is to this run's: 0 for any other, 1 for the same."""
        grey = picture.astype(np.float32)
        grey = grey.mean(axis=2) if grey.ndim == 3 else grey
        small = cv2.resize(grey, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
        small = small - small.mean()
        size = float(np.linalg.norm(small)) * float(np.linalg.norm(self.squares))
        return abs(float((small * self.squares).sum())) / size if size else 0.0

    def write(self, sound: Path, picture: Path, quiet_s: float = 0.0) -> None:
        """Write both where the simulated sensors look. quiet_s: digital silence before the sound."""
        with wave.open(str(sound), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(bytes(2 * round(quiet_s * RATE_HZ)))
            file.writeframes(self.sound.astype("<i2").tobytes())
        cv2.imwrite(str(picture), self.picture[..., ::-1])

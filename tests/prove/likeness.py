"""Finds what resembles the watermark and is no copy: scaled, companded, quantised, resampled, at any place in bytes.

The sign of a sample survives scaling, quantising and companding, and in every usual form of a sample (int8 and uint8,
mu-law and A-law, int16, int24, float16, float32, float64) the sign is the highest bit of one byte. So the highest bits
of every n-th byte are compared with the signs of the watermark. Because those are drawn at random, the sum of products
with anything that does not come of them is normally distributed with a standard deviation that is known, whatever the
bytes are: the threshold's false alarms can be calculated, and are none.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from tests.prove.watermark import Signs, Watermark

AT_A_TIME: Final = 8_192
"""Signs that are compared at a time: half a second at 16 kHz. A fifth of a second in one of them is enough."""
_LENGTH: Final = 2 * AT_A_TIME
SIGMAS: Final = 9.0
"""One in 10^19 by chance, and less than 10^12 places are compared."""
LOPSIDED: Final = 0.7
"""Signs that are so much on one side are no sound and no picture: text, zeros, small numbers, addresses."""
RATES_HZ: Final = (16_000, 8_000, 11_025, 12_000)
"""With every second, third or fourth sample of the bytes also 22.05, 24, 32, 44.1 and 48 kHz."""
SIZES: Final = ((80, 45), (64, 36), (160, 90), (320, 180), (128, 128))
STEPS: Final = ((1, 1), (2, 2), (3, 3), (4, 4), (6, 2), (8, 8), (12, 4), (16, 4))
"""Bytes from one sign to the next, and at how many first places that is tried. From 6 on they skip samples."""
OTHERS: Final = 16
OF_MEMORY: Final = ((1, 1), (2, 2), (4, 4))
OFTEN: Final = (0, 1, 2, 5, 6)
"""What memory is compared with: the sound at 16 and 8 kHz, and the picture at two sizes."""


class Likeness(NamedTuple):
    """Where it is, what it resembles, and how many standard deviations above chance."""

    place: int
    what: str
    sigmas: float


class Likenesses:
    """Compares bytes, or numbers, with the watermark at all rates and sizes."""

    def __init__(self, mark: Watermark) -> None:
        sounds = [(f"sound at {rate / 1000:g} kHz", mark.signs_at(rate)) for rate in RATES_HZ]
        sounds.insert(2, ("every second sample", mark.signs_at(8_000, picked=True)))
        pictures = [(f"picture of {w} x {h}", mark.pattern_at(w, h)) for w, h in SIZES]
        self._names = [name for name, _ in [*sounds, *pictures]]
        self._spectra = [fft.rfft(_tiled(signs)).conj() for _, signs in [*sounds, *pictures]]
        self._variances = [1.0] * len(sounds) + _variances_of_pictures()

    def find(self, data: bytes | NDArray[np.uint8], *, memory: bool = False) -> list[Likeness]:
        """What resembles the watermark in these bytes. memory: only the forms that memory holds, which is quicker."""
        raw = np.frombuffer(data, np.uint8)
        found = []
        for step, phases in OF_MEMORY if memory else STEPS:
            for phase in range(phases):
                signs = (raw[phase::step] & 0x80).astype(bool)
                hits = self._compared(signs, few=memory)
                found += [hit._replace(place=hit.place * step + phase) for hit in hits]
        return found

    def find_in_numbers(self, values: NDArray[np.float64]) -> list[Likeness]:
        """What resembles it in a row of numbers, around their median."""
        found = []
        for step in range(1, 5):
            for first in range(step):
                some = values[first::step]
                found += self._compared(some < np.median(some), few=False) if len(some) else []
        return found

    def _compared(self, signs: NDArray[np.bool_], *, few: bool) -> list[Likeness]:
        count = -(-len(signs) // AT_A_TIME)
        padded: Signs = np.zeros((count, AT_A_TIME), np.float32)
        flat = padded.reshape(-1)
        flat[: len(signs)] = np.where(signs, np.float32(-1), np.float32(1))
        sizes = np.full(count, AT_A_TIME)
        if count:
            sizes[-1] = len(signs) - (count - 1) * AT_A_TIME
        kept = np.flatnonzero((np.abs(padded.sum(axis=1)) < LOPSIDED * sizes) & (sizes > SIGMAS**2))
        found = []
        for start in range(0, len(kept), 64):
            some = kept[start : start + 64]
            spectrum = fft.rfft(padded[some], _LENGTH, axis=1)
            for number in OFTEN if few else range(len(self._names)):
                alike = np.abs(fft.irfft(spectrum * self._spectra[number], axis=1)).max(axis=1)
                sigmas = alike / np.sqrt(sizes[some] * self._variances[number])
                found += [
                    Likeness(int(some[place]) * AT_A_TIME, self._names[number], float(sigmas[place]))
                    for place in np.flatnonzero(sigmas > SIGMAS)
                ]
        return found


def _variances_of_pictures() -> list[float]:
    """By what the variance is larger where neighbours are alike, for bytes that repeat just so: at worst.

    It is the peak of the spectrum of other pictures of the same kind. That of the sound's noise is flat: 1.
    """
    peaks = np.zeros((len(SIZES), _LENGTH // 2 + 1))
    for seed in range(OTHERS):
        other = Watermark(seed)
        for number, size in enumerate(SIZES):
            signs = other.pattern_at(*size)[:_LENGTH]
            peaks[number] += np.abs(fft.rfft(signs, _LENGTH)) ** 2 / len(signs) / OTHERS
    return [float(peak.max()) for peak in peaks]


def _tiled(signs: Signs) -> Signs:
    return np.resize(signs, _LENGTH)

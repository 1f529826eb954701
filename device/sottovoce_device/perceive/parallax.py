"""Two microphones of the glasses hear the wearer's mouth differently, and everybody else almost alike.

A hand's breadth away, some centimetres more are some decibels less; from a metre on they are next to nothing. Where
the head is smaller than the wave it casts hardly a shadow that could look like it (Duda & Martens 1998, JASA 104(5)),
so levels are compared there. The mouth's delay between the two is known from where they sit; what comes by another way,
or back from the walls by many, is not coherent at that delay (Knapp & Carter 1976, IEEE Trans. ASSP 24(4)).
"""

import math
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.errors import ConfigError
from sottovoce_device.observation import Parallax

SOUND_M_S: Final = 343.0
WINDOW: Final = 256
HOP: Final = 128
LEVEL_HZ: Final = (150.0, 800.0)
"""Where levels are compared: below are hum and wind; above, the head shades one microphone by more than a decibel."""
DELAY_HZ: Final = (500.0, 3_500.0)
"""Where the delay is told: between microphones a hand apart it is a good part of a wave, and not yet a whole one."""
MEMORY: Final = 0.5
"""What a block's spectra still count in the next: 8 windows together make a coherence."""
_QUIET: Final = 1e-9
COVERED_DB: Final = 15.0
"""No mouth is louder at one than at the other by so much: one of them is covered, or broken."""


APART_M: Final = (0.02, 0.25)
"""Microphones nearer to each other hear the same; glasses are not so long that two could be farther apart."""
MOUTH_LEAST_M: Final = 0.03
EXCESS_DB: Final = 2.0
"""By less than this a mouth's level does not stand out: microphones of a kind differ by 1 dB."""


class Layout(Struct, frozen=True):
    """Where things are, in metres from the first microphone: ahead, left, up.

    second_m: the second microphone. mouth_m: the wearer's mouth.
    """

    second_m: tuple[float, float, float]
    mouth_m: tuple[float, float, float]

    @property
    def apart_m(self) -> float:
        """Between the two microphones."""
        return math.hypot(*self.second_m)

    @property
    def farther_m(self) -> float:
        """By how much the mouth is farther from the second than from the first; negative where it is nearer."""
        return math.dist(self.mouth_m, self.second_m) - math.hypot(*self.mouth_m)

    @property
    def excess_db(self) -> float:
        """By how much the first hears the mouth louder than the second, in a room without echo; negative: softer."""
        return 20 * math.log10(math.dist(self.mouth_m, self.second_m) / math.hypot(*self.mouth_m))


def layout(second_m: tuple[float, float, float], mouth_m: tuple[float, float, float]) -> Layout:
    """The layout of [microphone]. Raises ConfigError where two microphones that sit so cannot tell a mouth."""
    found = Layout(second_m, mouth_m)
    if not APART_M[0] <= found.apart_m <= APART_M[1]:
        raise ConfigError(
            f"[microphone] second_m: {100 * found.apart_m:.0f} cm from the first microphone;"
            " say in metres, from there, how it sits on the glasses: 2 to 25 cm away"
        )
    if min(math.hypot(*mouth_m), math.dist(mouth_m, second_m)) < MOUTH_LEAST_M or abs(found.excess_db) < EXCESS_DB:
        raise ConfigError(
            "[microphone] second_m, mouth_m: the mouth is about as far from either, or at one of them;"
            " have one sit nearer to it, as at the nose pads, or set channels = 1"
        )
    return found


class ParallaxMeter:
    """Follows a sound at two microphones block by block."""

    def __init__(self, place: Layout) -> None:
        self._before: NDArray[np.float32] = np.zeros((2, WINDOW), np.float32)
        self._window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
        hz = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ)
        self._level, self._delay = (np.flatnonzero((hz >= low) & (hz < high)) for low, high in (LEVEL_HZ, DELAY_HZ))
        self._from_mouth = np.exp(-2j * np.pi * hz[self._delay] * place.farther_m / SOUND_M_S)
        self._excess_db = place.excess_db
        self._own = np.zeros((2, len(hz)))
        self._cross = np.zeros(len(hz), complex)

    def infer(self, block: Sample) -> Parallax | None:
        """block: 512 samples of each microphone, at 16 kHz; None where it is of one, or one is covered."""
        if block.second is None:
            return None
        joined = np.concatenate([self._before, np.stack([block.data, block.second])], axis=1)
        frames = np.lib.stride_tricks.sliding_window_view(joined, WINDOW, axis=1)[:, HOP::HOP]
        spectra = np.fft.rfft(frames * self._window)
        self._own *= MEMORY
        self._own += (np.abs(spectra) ** 2).mean(axis=1)
        self._cross *= MEMORY
        self._cross += (spectra[0].conj() * spectra[1]).mean(axis=0)
        self._before[:] = joined[:, -WINDOW:]
        joined.fill(0)
        spectra.fill(0)
        return self._told()

    def wipe(self) -> None:
        """Overwrite what is kept of the blocks before."""
        self._before.fill(0)
        self._own.fill(0)
        self._cross.fill(0)

    def _told(self) -> Parallax | None:
        first, second = self._own[:, self._level].sum(axis=1) + _QUIET
        apart_db = 10 * math.log10(first / second)
        if abs(apart_db) > COVERED_DB:
            return None
        both = np.sqrt(self._own[0] * self._own[1])[self._delay] + _QUIET
        alike = (self._cross[self._delay] * self._from_mouth.conj()).real / both
        return Parallax(
            nearer=apart_db / self._excess_db, towards_mouth=float(np.average(alike, weights=np.sqrt(both)))
        )

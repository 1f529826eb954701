"""What else sounds: made here, never copied. All are [n], 16 kHz, with a root mean square of 1."""

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

RATE_HZ: Final = 16_000
Pcm = NDArray[np.float32]
NoiseKind = Literal["none", "pink", "hum", "impacts", "traffic", "babble", "music"]


def noise(kind: NoiseKind, length: int, rng: np.random.Generator, voices: list[Pcm]) -> Pcm:
    """`length` samples of this noise. voices: what babble is made of, at least one sound; others ignore it."""
    if kind == "none":
        return np.zeros(length, np.float32)
    if kind == "babble":
        return levelled(babble(length, rng, voices))
    makers: dict[str, Callable[[int, np.random.Generator], Pcm]] = {
        "pink": pink,
        "hum": hum,
        "impacts": impacts,
        "traffic": traffic,
        "music": music,
    }
    return levelled(makers[kind](length, rng))


def levelled(sound: Pcm) -> Pcm:
    """Root mean square 1."""
    return (sound / max(float(np.sqrt(np.mean(sound**2))), 1e-9)).astype(np.float32)


def pink(length: int, rng: np.random.Generator, slope: float = 0.5) -> Pcm:
    """Power falls with 1/f (slope 0.5 of the amplitude) from 30 Hz on: ventilation, a crowd's rustle."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    frequency = np.fft.rfftfreq(length, 1 / RATE_HZ)
    return np.fft.irfft(spectrum / np.maximum(frequency, 30) ** slope, length).astype(np.float32)


def traffic(length: int, rng: np.random.Generator) -> Pcm:
    """Power falls with 1/f², and swells as cars go by every some seconds."""
    knots = np.arange(0, length / RATE_HZ + 4, 2.0)
    swell = 10 ** (np.interp(np.arange(length) / RATE_HZ, knots, rng.normal(0, 5, len(knots))) / 20)
    return (pink(length, rng, 1.0) * swell).astype(np.float32)


def hum(length: int, rng: np.random.Generator) -> Pcm:
    """Mains hum of 50 or 60 Hz with harmonics, over a little pink noise: a refrigerator, a transformer."""
    base = rng.choice((50.0, 60.0))
    phase = 2 * np.pi * base * np.arange(length) / RATE_HZ
    tones = sum(np.sin(n * phase + rng.uniform(0, 6)) / n**0.8 for n in range(1, 9))
    return (levelled(np.asarray(tones, np.float32)) + 0.3 * levelled(pink(length, rng))).astype(np.float32)


def impacts(length: int, rng: np.random.Generator) -> Pcm:
    """Cups, keys and doors: bursts that ring for 20 to 200 ms, on average one in 1.5 s."""
    out = np.zeros(length + RATE_HZ, np.float32)
    for start in rng.integers(0, length, max(1, round(length / RATE_HZ / 1.5))):
        t = np.arange(RATE_HZ // 2) / RATE_HZ
        ring = np.sin(2 * np.pi * rng.uniform(200, 4000) * t) + rng.standard_normal(len(t)) * 0.7
        burst = ring * np.exp(-t / rng.uniform(0.006, 0.06)) * 10 ** (rng.uniform(-14, 0) / 20)
        out[start : start + len(burst)] += burst.astype(np.float32)
    return out[:length] + np.float32(0.002) * rng.standard_normal(length).astype(np.float32)


def babble(length: int, rng: np.random.Generator, voices: list[Pcm]) -> Pcm:
    """Eight streams of speech at once, none of which can be followed."""
    out = np.zeros(length, np.float32)
    for _ in range(8):
        place = -int(rng.integers(0, 3 * RATE_HZ))
        while place < length:
            voice = levelled(voices[int(rng.integers(len(voices)))])
            start, stop = max(place, 0), min(place + len(voice), length)
            if stop > start:
                out[start:stop] += voice[start - place : stop - place]
            place += len(voice) + int(rng.integers(0, RATE_HZ // 2))
    return out


def music(length: int, rng: np.random.Generator) -> Pcm:
    """Chords, a bass and a beat of plucked tones in a random key; no voice."""
    beat = round(RATE_HZ * 60 / rng.uniform(75, 140))
    root = 110 * 2 ** (rng.integers(0, 12) / 12)
    out = np.zeros(length + 4 * beat, np.float32)
    t = np.arange(2 * beat) / RATE_HZ
    for number, start in enumerate(range(0, length, beat)):
        degree = (0, 0, 5, 7)[number // 4 % 4]
        notes = [degree - 12, *(degree + step for step in ((0, 4, 7), (0, 3, 7))[number // 8 % 2])]
        notes.append(degree + 12 + int(rng.choice((0, 2, 4, 7, 9))))
        for note in notes:
            frequency = root * 2 ** (note / 12)
            tone = sum(np.sin(2 * np.pi * frequency * n * t) / n**1.3 for n in range(1, 7))
            out[start : start + len(t)] += (tone * np.exp(-t * 3)).astype(np.float32)
        click = rng.standard_normal(800) * np.exp(-np.arange(800) / 120)
        out[start : start + 800] += click.astype(np.float32)
    return out[:length]

"""What the bench listens to: real utterances with known beginnings and ends."""

import os
from pathlib import Path

import numpy as np
import soundfile
from msgspec import Struct
from numpy.typing import NDArray

from sottovoce_device.capture.simulated import read_resampled

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "models" / "weights"
RATE_HZ = 16_000
TWO_CITIES = """
It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the
epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness, it was the
spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were all going
direct to Heaven, we were all going direct the other way in short, the period was so far like the present period, that
some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative degree of
comparison only.
"""
"""What the recording two_cities.wav reads (Charles Dickens, 1859; public domain)."""

Pcm = NDArray[np.float32]


class Utterance(Struct, frozen=True):
    """Speech from its first to its last sound: [n], 16 kHz mono."""

    name: str
    pcm: Pcm


class Scene(Struct, frozen=True):
    """A sound file, and where in it each utterance ends, in ms."""

    path: Path
    ends_ms: list[float]
    seconds: float


def data_folder() -> Path:
    """The development data; see the README."""
    return Path(os.environ.get("SOTTOVOCE_DATA") or ROOT.parent / "shared" / "data")


def requests(count: int) -> tuple[list[Utterance], str]:
    """Real people's requests, of as many voices as there are; without the data, clauses of a recording by package."""
    folder = data_folder() / "speech"
    if folder.is_dir():
        rows = [line.split("\t") for line in (folder / "commands.tsv").read_text().splitlines()[1:]]
        by_voice = {row[1]: row[0] for row in rows}
        files = [folder / name for name in list(by_voice.values())[:count]]
        return [Utterance(f.stem, trimmed(read(f))) for f in files], f"{len(files)} requests of as many voices"
    whole = read(WEIGHTS / "two_cities.wav")
    return clauses(whole)[:count], "clauses of one human recording (no development data here)"


def read(path: Path) -> Pcm:
    """A sound file at 16 kHz mono."""
    return np.concatenate(list(read_resampled(path)))


def loud(pcm: Pcm) -> NDArray[np.bool_]:
    """Which 10 ms frames are within 30 dB of the loudest: an energy's view of speech, not a model's."""
    frames = pcm[: len(pcm) // 160 * 160].reshape(-1, 160)
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    found: NDArray[np.bool_] = level > np.max(level) - 30
    return found


def trimmed(pcm: Pcm) -> Pcm:
    """From the first to the last sound of speech."""
    where = np.nonzero(loud(pcm))[0]
    return pcm[where[0] * 160 : (where[-1] + 1) * 160]


def clauses(pcm: Pcm, pause_s: float = 0.25) -> list[Utterance]:
    """The stretches of speech between pauses."""
    where = np.nonzero(loud(pcm))[0]
    cuts = np.nonzero(np.diff(where) > pause_s * 100)[0]
    edges = [(a[0], a[-1] + 1) for a in np.split(where, cuts + 1)]
    return [Utterance(f"clause {n}", pcm[a * 160 : b * 160]) for n, (a, b) in enumerate(edges) if b - a > 60]


def scene(path: Path, utterances: list[Utterance], pause_s: float) -> Scene:
    """Writes the utterances into a quiet room, with pauses in which they can be answered."""
    sounds: list[Pcm] = [silence(2.0)]
    ends = []
    for utterance in utterances:
        sounds += [utterance.pcm]
        ends.append(sum(map(len, sounds)) / 16)
        sounds.append(silence(pause_s))
    mixed = np.concatenate(sounds)
    mixed = mixed + np.random.default_rng(0).normal(0, 0.0004, len(mixed)).astype(np.float32)
    soundfile.write(path, mixed, RATE_HZ, subtype="PCM_16")
    return Scene(path, ends, len(mixed) / RATE_HZ)


def silence(seconds: float) -> Pcm:
    """Digital silence."""
    return np.zeros(round(seconds * RATE_HZ), np.float32)

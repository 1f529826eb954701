"""Who speaks in the scenes: real people from the development data, and synthetic ones."""

import csv
import json
import re
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tests.bench.corpus import data_folder, loud, read, trimmed
from tests.scenes.script import ScriptError
from tests.scenes.split import Side, number, on

from sottovoce_host.errors import UnspeakableError
from sottovoce_host.voice.hibari import Synthesiser

RATE_HZ: Final = 16_000
SYNTHESIS_HZ: Final = 24_000
SYNTHETIC: Final = 60
"""Synthetic speakers there are, on all sides together."""
_FRAME: Final = 512
_HOP: Final = 128
_LIFTER: Final = 40
"""Cepstral coefficients of the envelope: 2.5 ms, shorter than the pitch period of any voice here."""

Pcm = NDArray[np.float32]


class Throat(Struct, frozen=True):
    """What makes a synthetic speaker another one than the synthesiser's voice.

    pitch: factor on the fundamental. tract: factor on the formants (a shorter tract is above 1).
    pace: factor on the speed. tilt_db: of the spectrum at 8 kHz against 500 Hz.
    """

    pitch: float
    tract: float
    pace: float
    tilt_db: float


def throat(name: str) -> Throat:
    """The speaker `synthetic:N`: low voices have long tracts, with exceptions (Fitch & Giedd 1999 find r = 0.9)."""
    rng = np.random.default_rng([11, number(name)])
    size = rng.uniform(-1, 1)
    return Throat(
        pitch=float(np.exp(0.05 + 0.3 * size - 0.15 + rng.normal(0, 0.06))),
        tract=float(np.exp(0.11 * size - 0.04 + rng.normal(0, 0.03))),
        pace=float(rng.uniform(0.88, 1.18)),
        tilt_db=float(rng.uniform(-6, 4)),
    )


class Speaks(Protocol):
    """What turns words into sound."""

    def speech(self, voice: str, words: str) -> Pcm:
        """The words in this voice: [n], 16 kHz, from the first to the last sound."""


class Cast:
    """Synthetic speakers, by one synthesiser. Each sentence of each voice is made once a process."""

    def __init__(self, synthesiser: Synthesiser) -> None:
        self._synthesiser = synthesiser
        self._made: dict[tuple[str, str], Pcm] = {}

    def speech(self, voice: str, words: str) -> Pcm:
        """The words in this voice: [n], 16 kHz, from the first to the last sound."""
        key = (voice, words)
        if key not in self._made:
            if len(self._made) > 400:  # a scene or two: memory stays bounded
                self._made.clear()
            self._made[key] = self._make(throat(voice), words)
        return self._made[key]

    def _make(self, who: Throat, words: str) -> Pcm:
        try:
            sound = np.concatenate([*self._synthesiser.stream(words, speed=who.pace / who.pitch)])
        except UnspeakableError:
            raise ScriptError(f"the words {words!r} make no sound: write them as they are spoken") from None
        sound = resampled(sound, round(SYNTHESIS_HZ * who.pitch))
        return trimmed(shaped(sound, who.pitch / who.tract, who.tilt_db))


def resampled(sound: Pcm, rate_hz: int) -> Pcm:
    """To 16 kHz, by cutting the spectrum or filling it up: exact for a clip that begins and ends in silence."""
    length = round(len(sound) * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(sound)
    fitted = np.zeros(length // 2 + 1, spectrum.dtype)
    kept = min(len(fitted), len(spectrum))
    fitted[:kept] = spectrum[:kept]
    return (np.fft.irfft(fitted, length) * (length / len(sound))).astype(np.float32)


def shaped(sound: Pcm, squeeze: float, tilt_db: float) -> Pcm:
    """The same excitation through another envelope: what was at f * squeeze comes to f."""
    window = np.hanning(_FRAME + 1)[:-1].astype(np.float32)
    padded = np.pad(sound, (_FRAME, _FRAME + (-len(sound)) % _HOP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP] * window
    spectrum = np.fft.rfft(frames)
    cepstrum = np.fft.irfft(np.log(np.abs(spectrum) + 1e-5))
    cepstrum[:, _LIFTER : _FRAME - _LIFTER] = 0
    envelope = np.fft.rfft(cepstrum).real
    bins = np.arange(envelope.shape[1])
    source = np.clip(bins * squeeze, 0, bins[-1])
    low = np.minimum(source.astype(int), bins[-1] - 1)
    moved = envelope[:, low] + (envelope[:, low + 1] - envelope[:, low]) * (source - low)
    octaves = np.log2(np.maximum(bins / bins[-1], 1 / 16)) / 4 + 1
    gain = np.clip(moved - envelope, -2.3, 2.3) + tilt_db / 8.686 * octaves
    changed = np.fft.irfft(spectrum * np.exp(gain)) * window
    out = np.zeros(len(padded), np.float64)
    for offset in range(_FRAME // _HOP):
        part = changed[offset :: _FRAME // _HOP]
        flat = part.reshape(-1)
        out[offset * _HOP : offset * _HOP + len(flat)] += flat
    return (out[_FRAME : _FRAME + len(sound)] / 1.5).astype(np.float32)


def active_rms(sound: Pcm) -> float:
    """Root mean square of the frames that hold speech: pauses do not count, as in ITU-T P.56."""
    used = len(sound) // 160 * 160
    if used == 0:
        return 0.0
    frames = sound[:used].reshape(-1, 160)[loud(sound)]
    return float(np.sqrt(np.mean(frames**2)))


class Clip(Struct, frozen=True):
    """A recording of one person: path under the data's speech folder, the speaker's name, what is known of it."""

    path: str
    voice: str
    text: str = ""


@cache
def clips(kind: str) -> tuple[Clip, ...]:
    """Real people: kind "commands" (by voice group), "reading" (by reader), "alexa" (one person a file)."""
    if kind == "alexa":
        paths = sorted(_data("speech/alexa").iterdir())
        return tuple(Clip(f"alexa/{p.name}", f"alexa:{p.stem}", "alexa") for p in paths)
    with _data(f"speech/{kind}.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return tuple(Clip(row[0], f"{kind}:{row[1]}") for row in rows)


def speakers(kind: str, side: Side) -> dict[str, list[Clip]]:
    """The clips of this side's speakers; a voice group or a reader is never on two sides."""
    if kind == "synthetic":
        return {name: [] for name in on(side, "speaker", [f"synthetic:{n}" for n in range(SYNTHETIC)])}
    found: dict[str, list[Clip]] = {}
    for clip in clips(kind):
        found.setdefault(clip.voice, []).append(clip)
    return {name: found[name] for name in on(side, "speaker", found)}


def recorded(path: str) -> Pcm:
    """A clip of the data, or a sound file by its own path: [n], 16 kHz, from the first to the last sound."""
    place = data_folder() / "speech" / path
    return trimmed(read(place if place.is_file() else Path(path)))


@cache
def requests(side: Side) -> tuple[str, ...]:
    """Sentences that people addressed to an assistant: those of this side that can be read out as they stand."""
    rows = _data("text/directed.tsv").read_text().splitlines()
    sentences = [row.split("\t")[0] for row in rows]
    spoken = [s for s in sentences if re.fullmatch(r"[a-z' ]+", s) and 3 <= len(s.split()) <= 16]
    return tuple(on(side, "sentence", spoken))


@cache
def dialogues(side: Side) -> tuple[tuple[str, ...], ...]:
    """People talking to each other, turn by turn: those of this side, without the turns that have no words ("{}")."""
    lines = _data("text/conversations.jsonl").read_text().splitlines()
    told = [json.loads(line) for line in on(side, "dialogue", lines)]
    return tuple(tuple(turn for turn in turns if re.search("[a-zA-Z]", turn)) for turns in told)


def _data(name: str) -> Path:
    """A file of the development data. Raises ScriptError where it is not there."""
    place = data_folder() / name
    if not place.exists():
        raise ScriptError(f"{place}: no development data there; set SOTTOVOCE_DATA")
    return place

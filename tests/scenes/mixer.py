"""From a script to what the glasses hear, and the truth about it."""

import math
import wave
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tests.scenes.noises import levelled, noise
from tests.scenes.rooms import LAYOUT, MOUTH, RATE_HZ, Acoustics
from tests.scenes.script import Line, Person, Script, To, write_script
from tests.scenes.voices import Pcm, Speaks, active_rms, recorded

from sottovoce_device.perceive.parallax import SOUND_M_S

FULL_SCALE_DB: Final = 106.0
"""Sound pressure whose root mean square is full scale at the usual gain: MEMS microphones give -26 dB of full scale at
94 dB, and glasses raise that by some 14 dB."""
SELF_NOISE_DB: Final = 29.0
"""Of the microphone itself, as sound pressure: 65 dB(A) under 94 dB, which is usual."""
MISMATCH_DB: Final = 1.0
"""Spread of one microphone's sensitivity against the other's: MEMS microphones are sold within 1 dB of their kind."""
FIT_M: Final = 0.01
"""Spread of the wearer's mouth, from the second microphone, around where it is taken to be: faces differ."""
LOMBARD: Final = 0.4
"""People raise their voice by this many dB for each dB of noise above 45 (0.3 to 0.6 in the literature)."""
HESITATION_S: Final = (0.35, 0.9)
AFTER_WORD_S: Final = 0.15
"""Between a wake word and the request."""
AWAY_DB: Final = -8.0
"""Of the tones above 2 kHz of a head turned away."""
OFF_AXIS_DB: Final = -4.0
"""Of the tones above 2 kHz from the wearer's own mouth up to the temple."""
_SHELF_HZ: Final = 2000.0


class Truth(Struct, frozen=True, omit_defaults=True):
    """A line of truth.jsonl: who spoke, to whom, from when to when (seconds), and the words where they are known.

    distance_m: from the glasses; 0 for the wearer. voice: whose.
    """

    who: str
    to: To
    start_s: float
    end_s: float
    text: str = ""
    distance_m: float = 0.0
    voice: str = ""


class Mixed(Struct, frozen=True):
    """A scene that sounds: pcm [microphones, n] int16 at 16 kHz, and its truth in the order of time."""

    pcm: NDArray[np.int16]
    truth: list[Truth]


class Mixer:
    """Plays scripts. Deterministic: the same script gives the same samples."""

    def __init__(self, speaks: Speaks, acoustics: Acoustics | None = None) -> None:
        self._speaks = speaks
        self._acoustics = acoustics or Acoustics()

    def mix(self, script: Script) -> Mixed:
        """Everything that the script tells, as the glasses hear it."""
        rng = np.random.default_rng([script.seed, 3])
        people = {person.name: person for person in script.people}
        parts: list[tuple[int, Pcm]] = []
        truth: list[Truth] = []
        dry: list[Pcm] = []
        clock = 0.0
        for line in script.lines:
            start = clock + line.after_s if line.at_s is None else line.at_s
            start = max(start, 0.0)
            end = start
            if line.who:
                person = people[line.who]
                said = self._said(person, line, rng)
                dry.append(said)
                end = start + len(said) / RATE_HZ
                parts.append((round(start * RATE_HZ), self._heard(script, person, line, said)))
                truth.append(_told(person, line, start, end))
            clock = clock if line.aside else end
        last = max([clock, *(t.end_s for t in truth)])
        length = round((last + script.tail_s) * RATE_HZ)
        return Mixed(_finished(script, parts, length, dry, rng), sorted(truth, key=lambda t: t.start_s))

    def _said(self, person: Person, line: Line, rng: np.random.Generator) -> Pcm:
        if line.before:
            word = _at_one(recorded(line.before))
            rest = self._said(person, msgspec.structs.replace(line, before=""), rng)
            return np.concatenate([word, np.zeros(round(AFTER_WORD_S * RATE_HZ), np.float32), _at_one(rest)])
        if line.recording:
            return recorded(line.recording)
        sounds: list[Pcm] = []
        for part in (p.strip() for p in line.words.split("|")):
            if sounds:
                sounds.append(np.zeros(round(rng.uniform(*HESITATION_S) * RATE_HZ), np.float32))
            sounds.append(self._speaks.speech(person.voice, part))
        return np.concatenate(sounds)

    def _heard(self, script: Script, person: Person, line: Line, said: Pcm) -> Pcm:
        """The line at the microphones, in pascals relative to full scale: [microphones, n]."""
        level = person.level_db + line.effort_db + _lombard(script, person)
        sound = said * np.float32(10 ** ((level - FULL_SCALE_DB) / 20) / max(active_rms(said), 1e-6))
        sound = _coloured(sound, person)
        response = self._acoustics.response(script.room, person.place, script.microphones)
        return convolved(sound, _worn(response, script, person) if script.microphones == 2 else response)


def _worn(response: Pcm, script: Script, person: Person) -> Pcm:
    """As the second microphone hears it on this wearer's face.

    Sound from the mouth comes by a longer or shorter way, later and softer; from afar, the glasses being turned by as
    much, only later.
    """
    off_m = float(np.random.default_rng([script.seed, 5]).normal(0, FIT_M))
    away_m = math.dist(LAYOUT.mouth_m, LAYOUT.second_m)
    softer = away_m / max(away_m + off_m, away_m / 2) if person.place == MOUTH else 1.0
    size = 2 * response.shape[1]
    turn = softer * np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / RATE_HZ) * off_m / SOUND_M_S)
    second = np.fft.irfft(np.fft.rfft(response[1], size) * turn, size)[: response.shape[1]]
    return np.stack([response[0], second]).astype(np.float32)


def convolved(sound: Pcm, response: Pcm) -> Pcm:
    """Through the room: [n] and [microphones, m] give [microphones, n + m - 1]."""
    length = len(sound) + response.shape[1] - 1
    size = 1 << (length - 1).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[:, :length].astype(np.float32)


def write_scene(folder: Path, script: Script, mixed: Mixed) -> Path:
    """Write NAME/sound.wav, truth.jsonl and script.toml; the folder that holds them."""
    place = folder / script.name
    write_heard(place, mixed)
    (place / "script.toml").write_text(write_script(script))
    return place


def write_heard(place: Path, mixed: Mixed) -> None:
    """Write what is heard, sound.wav, and who spoke to whom, truth.jsonl, into this folder, which is made."""
    place.mkdir(parents=True, exist_ok=True)
    write_pcm(place / "sound.wav", mixed.pcm)
    (place / "truth.jsonl").write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in mixed.truth))


def write_pcm(path: Path, pcm: NDArray[np.int16]) -> None:
    """Write a WAV file: [microphones, n], 16 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(pcm.shape[0])
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm.T.astype("<i2").tobytes())


def _told(person: Person, line: Line, start: float, end: float) -> Truth:
    voice = line.recording or person.voice
    text = " ".join(line.words.replace("|", " ").split())
    return Truth(person.name, line.to, round(start, 3), round(end, 3), text, person.place.distance_m, voice)


def _at_one(sound: Pcm) -> Pcm:
    return sound / np.float32(max(active_rms(sound), 1e-6))


def _lombard(script: Script, person: Person) -> float:
    if person.loudspeaker:
        return 0.0
    loudest = max((n.level_db for n in script.noises if n.kind != "none"), default=0.0)
    return LOMBARD * min(max(loudest - 45, 0.0), 30.0)


def _coloured(sound: Pcm, person: Person) -> Pcm:
    """What the source's direction and kind take from its tones."""
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    shelf_db = OFF_AXIS_DB if person.place == MOUTH else 0.0 if person.facing else AWAY_DB
    gain = 10 ** (shelf_db / 20 / (1 + (_SHELF_HZ / np.maximum(frequency, 1)) ** 2))
    if person.loudspeaker:
        gain = gain / np.sqrt(1 + (150 / np.maximum(frequency, 1)) ** 4) / np.sqrt(1 + (frequency / 6000) ** 8)
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound)).astype(np.float32)


def _finished(
    script: Script, parts: list[tuple[int, Pcm]], length: int, dry: list[Pcm], rng: np.random.Generator
) -> NDArray[np.int16]:
    out = np.zeros((script.microphones, length), np.float32)
    for start, sound in parts:
        stop = min(start + sound.shape[1], length)
        out[:, start:stop] += sound[:, : stop - start]
    second = np.random.default_rng([script.seed, 4])  # so that the first microphone hears the same with and without
    hiss = np.float32(10 ** ((SELF_NOISE_DB - FULL_SCALE_DB) / 20))
    for told in script.noises:
        amplitude = np.float32(10 ** ((told.level_db - FULL_SCALE_DB) / 20))
        voices = [recorded(clip) for clip in told.clips] or dry
        first = noise(told.kind, length, rng, voices)
        out[0] += amplitude * first
        if script.microphones == 2:
            other = noise(told.kind, length, second, voices)
            out[1] += amplitude * _diffused(first, other)
    if script.microphones == 2:
        out[1] *= np.float32(10 ** (second.normal(0, MISMATCH_DB) / 20))
        out[1] += hiss * levelled(second.standard_normal(length))
    out[0] += hiss * levelled(rng.standard_normal(length))
    out *= np.float32(10 ** (script.gain_db / 20))
    return (np.clip(out, -1, 1) * 32767).astype(np.int16)  # what is too loud is clipped, as a converter clips it


def _diffused(first: Pcm, other: Pcm) -> Pcm:
    """Noise from everywhere as the second microphone hears it: coherent with the first by sin(x)/x (Cook 1955)."""
    coherence = np.sinc(2 * np.fft.rfftfreq(len(first), 1 / RATE_HZ) * LAYOUT.apart_m / SOUND_M_S)
    spectrum = coherence * np.fft.rfft(first) + np.sqrt(1 - coherence**2) * np.fft.rfft(other)
    return np.fft.irfft(spectrum, len(first)).astype(np.float32)

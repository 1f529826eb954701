"""The scene that the demo's glasses hear: requests, and people who do not talk to the glasses."""

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sottovoce_host.errors import VoiceError
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.sink import RATE_HZ

SCENE_HZ: Final = 16_000
ASKER: Final = 0.84
"""The asker's voice is the reply's, with a vocal tract this much longer: pitch and formants fall, another speaker."""
PACE: Final = 0.95
SPEECH_RMS: Final = 0.06
ROOM_RMS: Final = 0.0004
FAR_DB, RINGS_S = -12.0, 0.4

Pcm = NDArray[np.float32]


class Line(Struct, frozen=True):
    """A line of the script: who speaks to whom, the words or the recording, and the pause after it in seconds.

    recording: file name and the seconds of it to play; None where `words` are synthesised. gaze: where on what they
    see the wearer looks meanwhile (shares of its width and height); it turns away when the line is over. far: from
    across a room, not at the microphone.
    """

    caption: str
    words: str = ""
    recording: tuple[str, float, float] | None = None
    pause_s: float = 5.5
    gaze: tuple[float, float] | None = None
    far: bool = False


class Cue(Struct, frozen=True):
    """When a line begins and ends in the scene, in seconds, and where the wearer looks."""

    caption: str
    start_s: float
    end_s: float
    gaze: tuple[float, float] | None = None


SCRIPT: Final = (
    Line("The wearer asks the glasses", words="What time is it in Tokyo?"),
    Line("… and asks on", words="And in San Francisco?"),
    Line("A man reads aloud (a human recording)", recording=("two_cities.wav", 1.0, 8.3), pause_s=1.5),
    Line("The wearer asks the glasses", words="Set a timer for twelve seconds."),
    Line("The wearer talks to somebody else", words="I told her we were late again, and she didn't mind.", pause_s=1.0),
    Line("Two people talk across the room (a human recording)", recording=("endgame.wav", 4.9, 11.7), far=True),
    Line("The wearer asks the glasses", words="How many ounces are in two pounds?"),
    Line("The wearer looks at the heading of a page, asks, and looks away", "What does that say?", gaze=(0.38, 0.11)),
)
SEEN: Final = "page.png"
"""What the glasses see all the while: a scanned page, scikit-image's."""
AWAY: Final = (0.9, 0.95)
LEAD_S, LINGER_S = 0.8, 0.3
"""The eye is there before the words, by about so much (Tanenhaus et al. 1995), and leaves before the answer."""


def write_scene(path: Path, recordings: Path, synthesiser: Synthesiser) -> list[Cue]:
    """Write the scene to a WAV file; when each line is heard. Raises VoiceError where a recording is missing."""
    sound: list[Pcm] = [np.zeros(SCENE_HZ, np.float32)]
    cues = []
    for line in SCRIPT:
        speech = recorded(recordings, *line.recording) if line.recording else asked(line.words, synthesiser)
        speech = across_a_room(speech) if line.far else speech
        start = sum(map(len, sound))
        cues.append(Cue(line.caption, start / SCENE_HZ, (start + len(speech)) / SCENE_HZ, line.gaze))
        sound += [speech, np.zeros(round(line.pause_s * SCENE_HZ), np.float32)]
    write_pcm(path, np.concatenate(sound))
    return cues


def across_a_room(speech: Pcm) -> Pcm:
    """As it arrives three metres off: softer by 12 dB, and blurred by a room that rings for 0.4 s."""
    seconds = np.arange(round(RINGS_S * SCENE_HZ)) / SCENE_HZ
    ringing = np.random.default_rng(2).normal(0, 1, len(seconds)) * 10 ** (-3 * seconds / RINGS_S)
    size = 1 << (len(speech) + len(ringing)).bit_length()
    heard = np.fft.irfft(np.fft.rfft(speech, size) * np.fft.rfft(ringing, size), size)[: len(speech)]
    softer: Pcm = (heard / np.sqrt(np.mean(heard**2)) * SPEECH_RMS * 10 ** (FAR_DB / 20)).astype(np.float32)
    return softer


def picture(folder: Path) -> Path:
    """What the glasses see. Raises VoiceError where it is missing."""
    if not (folder / SEEN).is_file():
        raise VoiceError(f"{folder / SEEN}: the picture is not there; run `make models`")
    return folder / SEEN


def write_gazes(path: Path, cues: Sequence[Cue]) -> None:
    """Write where the wearer looks: a CSV of t, x, y for the simulated world camera."""
    rows = [(0.0, *AWAY)]
    for cue in cues:
        if cue.gaze is not None:
            rows += [(cue.start_s - LEAD_S, *cue.gaze), (cue.end_s + LINGER_S, *AWAY)]
    path.write_text("t,x,y\n" + "".join(f"{t:.2f},{x},{y}\n" for t, x, y in rows))


def write_pcm(path: Path, sound: Pcm) -> None:
    """Write sound into a WAV file, in a quiet room: the microphone's own noise is the same every time."""
    mixed = sound + np.random.default_rng(1).normal(0, ROOM_RMS, len(sound)).astype(np.float32)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SCENE_HZ)
        file.writeframes((np.clip(mixed, -1, 1) * 32767).astype("<i2").tobytes())


def asked(words: str, synthesiser: Synthesiser) -> Pcm:
    """The words in the asker's voice: [n], 16 kHz mono."""
    said = np.concatenate([np.zeros(0, np.float32), *synthesiser.stream(words, speed=PACE / ASKER)])
    return _levelled(_resampled(said, round(RATE_HZ * ASKER)))


def recorded(folder: Path, name: str, start_s: float, end_s: float) -> Pcm:
    """A stretch of a recording: [n], 16 kHz mono. Raises VoiceError where it cannot be read."""
    try:
        with wave.open(str(folder / name), "rb") as file:
            rate = file.getframerate()
            file.setpos(round(start_s * rate))
            pcm = np.frombuffer(file.readframes(round((end_s - start_s) * rate)), "<i2")
            mono = pcm.reshape(-1, file.getnchannels()).mean(axis=1)
    except (OSError, EOFError, wave.Error) as error:
        raise VoiceError(f"{folder / name}: the recording cannot be read ({error}); run `make models`") from None
    return _levelled(_resampled(mono.astype(np.float32) / np.float32(32768), rate))


def _resampled(sound: Pcm, rate_hz: int) -> Pcm:
    """Band-limited, by cutting the spectrum: exact for a clip that begins and ends in silence."""
    length = round(len(sound) * SCENE_HZ / rate_hz)
    spectrum = np.fft.rfft(sound)[: length // 2 + 1]
    out: Pcm = (np.fft.irfft(spectrum, length) * (length / len(sound))).astype(np.float32)
    return out


def _levelled(sound: Pcm) -> Pcm:
    rms = float(np.sqrt(np.mean(sound**2)))
    return sound * np.float32(SPEECH_RMS / max(rms, 1e-6))

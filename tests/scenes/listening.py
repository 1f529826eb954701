"""The glasses listen to a folder of scenes in virtual time, with a host that answers what opens."""

import contextlib
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from tests.scenes.mixer import Truth
from tests.scenes.openings import turns
from tests.scenes.score import Result, judge
from tests.scenes.script import Count, ScriptError, family_of

from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.config import AttentionConfig, Config, MicrophoneConfig
from sottovoce_device.errors import EnrolmentError
from sottovoce_device.observation import Transcript
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.replay import Left, Replay
from sottovoce_wire import AnyEvent, AwaitReply, Said, Speaking
from sottovoce_wire.commands import AnyCommand

LEAD_S: Final = 0.6
"""How much of what precedes a turn the recogniser is given: what it heard there is not what it was asked about."""
THINKS_MS: Final = 100.0
REPLY_MS: Final = 1_500
FOLLOW_UP_MS: Final = 8_000
"""The host's default; see `sottovoce-host --print-config`."""
LEAST_S: Final = 0.3


class Recording(Struct, frozen=True):
    """A scene of a folder: NAME/sound.wav, NAME/truth.jsonl, and perhaps NAME/wearer.wav."""

    path: Path
    truth: list[Truth]
    seconds: float

    @property
    def family(self) -> str:
        """The kind of scene, by the folder's name."""
        return family_of(self.path.name)

    @property
    def sound(self) -> Path:
        """What the glasses hear."""
        return self.path / "sound.wav"

    @property
    def wearer(self) -> Path | None:
        """The wearer alone, for enrolment."""
        place = self.path / "wearer.wav"
        return place if place.is_file() else None


def recordings(folder: Path) -> list[Recording]:
    """The scenes of a folder. Raises ScriptError naming the file that cannot be read."""
    found = []
    for place in sorted(p for p in folder.iterdir() if (p / "sound.wav").is_file()):
        path = place / "truth.jsonl"
        try:
            truth = [msgspec.json.decode(line, type=Truth) for line in path.read_text().splitlines() if line]
            with wave.open(str(place / "sound.wav"), "rb") as file:
                seconds = file.getnframes() / file.getframerate()
        except (OSError, msgspec.DecodeError, wave.Error, EOFError) as error:
            raise ScriptError(f"{path}: {error}") from None
        found.append(Recording(place, truth, seconds))
    if not found:
        raise ScriptError(f"{folder}: no scene there; each is a folder with sound.wav and truth.jsonl")
    return found


def host(event: AnyEvent, at_ms: float) -> list[tuple[float, AnyCommand]]:
    """A host that answers every question with a second and a half of speech, and then waits for more."""
    if not isinstance(event, Said) or event.continues:
        return []
    starts = at_ms + THINKS_MS
    return [
        (starts, Speaking(sent_ms=0, speaking=True, lasts_ms=REPLY_MS)),
        (starts + REPLY_MS, Speaking(sent_ms=0, speaking=False)),
        (starts + REPLY_MS, AwaitReply(sent_ms=0, window_ms=FOLLOW_UP_MS)),
    ]


class Counted:
    """The recogniser, with a count of what it was given: when, and how many words it made of it. No words are kept."""

    def __init__(self, moonshine: Moonshine) -> None:
        self._moonshine = moonshine
        self.given: list[tuple[float, float, int]] = []

    def infer(self, speech: Sample) -> Transcript | None:
        """As the recogniser's own."""
        seconds, end_s = len(speech.data) / RATE_HZ, speech.at_ms / 1000
        found = self._moonshine.infer(speech)
        self.given.append((end_s - seconds, end_s, len(found.text.split()) if found else 0))
        return found


def of_others(given: list[tuple[float, float, int]], truth: list[Truth]) -> tuple[int, float]:
    """Words that the recogniser made of speech in which the wearer has no part, and the seconds of it.

    An utterance counts once, with the most that one pass of the recogniser had of it.
    """
    words: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for start_s, end_s, count in given:
        shares = [min(end_s, t.end_s) - max(start_s + LEAD_S, t.start_s) for t in truth]
        met = [n for n, share in enumerate(shares) if share > LEAST_S]
        if met and not any(truth[n].who == "wearer" for n in met):
            most = max(met, key=lambda n: shares[n])
            words[most] = max(words.get(most, 0), count)
            seconds[most] = max(seconds.get(most, 0.0), shares[most])
    return sum(words.values()), sum(seconds.values())


class Glasses:
    """Models loaded once; hears one scene after the other. counted: what the recogniser was given of the last one."""

    def __init__(self, mode: str = "decide", *, enrolled: bool = False, microphones: Count = 1) -> None:
        self._enrolled = enrolled
        attention = msgspec.convert({"mode": mode}, AttentionConfig)
        config = Config(attention=attention, microphone=MicrophoneConfig(channels=microphones))
        self.replay = Replay(config)
        self.counted = Counted(self.replay.moonshine)
        self.replay.moonshine = self.counted  # type: ignore[assignment]

    def listen(self, recording: Recording) -> Result:
        """What became of each utterance of the scene."""
        self.counted.given.clear()
        left = self._left(recording)
        result = judge(recording.family, recording.seconds, recording.truth, turns(left))
        words, seconds = of_others(self.counted.given, recording.truth)
        return msgspec.structs.replace(result, recognised=words, given_s=seconds)

    def _left(self, recording: Recording) -> list[Left]:
        if self._enrolled and recording.wearer:
            with contextlib.suppress(EnrolmentError):  # too little is known of this wearer: as if nobody were enrolled
                return list(self.replay.run(recording.sound, host, wearer=recording.wearer))
        return list(self.replay.run(recording.sound, host))


def listen_all(
    scenes: list[Recording], mode: str = "decide", *, enrolled: bool = False, microphones: Count = 1
) -> Iterator[Result]:
    """All scenes by one pair of glasses. enrolled: to their wearer, where a scene has a file of them."""
    glasses = Glasses(mode, enrolled=enrolled, microphones=microphones)
    for scene in scenes:
        yield glasses.listen(scene)

"""The glasses listen to a folder of scenes in virtual time, with a host that answers what opens."""

import contextlib
import csv
import math
import time
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from tests.scenes.mixer import Truth
from tests.scenes.openings import turns
from tests.scenes.score import Result, judge
from tests.scenes.script import Count, ScriptError, family_of

from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.capture.simulated import check_sound_file
from sottovoce_device.capture.simulated_camera import pictures_in
from sottovoce_device.config import AttentionConfig, Config, MicrophoneConfig, ModelsConfig, SeeingConfig
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.errors import EnrolmentError, SensorError
from sottovoce_device.observation import Gaze, Transcript
from sottovoce_device.perceive.moonshine import Moonshine, Wanted
from sottovoce_device.replay import Left, Replay
from sottovoce_device.sense.gaze_script import read_gazes
from sottovoce_wire import AnyEvent, AwaitReply, Said, Speaking
from sottovoce_wire.commands import AnyCommand

LEAD_S: Final = 0.2
"""How much of what precedes a turn the recogniser is given: what it heard there is not what it was asked about."""
THINKS_MS: Final = 100.0
REPLY_MS: Final = 1_500
FOLLOW_UP_MS: Final = 8_000
"""The host's default; see `sottovoce-host --print-config`."""
LEAST_S: Final = 0.3

CUES: Final = ("t", "looks_at_person", "faced_by_person")
SEEN: Final = {"1": True, "0": False, "": None}


class Recording(Struct, frozen=True):
    """A scene of a folder: NAME/sound.wav, NAME/truth.jsonl, and perhaps wearer.wav, world/ and gaze.csv, or cues.csv.

    gazes: where the eye looks on the world's pictures; empty where that is not known. cues: what sight told, where
    there is no world to look at.
    """

    path: Path
    truth: list[Truth]
    seconds: float
    gazes: tuple[Gaze, ...] = ()
    cues: tuple[SightCues, ...] = ()

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

    @property
    def script(self) -> Path | None:
        """How the scene was made."""
        place = self.path / "script.toml"
        return place if place.is_file() else None

    @property
    def world(self) -> Path | None:
        """The pictures that the world camera sees; None: these glasses had no eyes, which is not "nobody there"."""
        place = self.path / "world"
        return place if place.is_dir() else None

    @property
    def seen(self) -> bool:
        """Whether anything is known of what these glasses saw."""
        return bool(self.cues) or self.world is not None


def recordings(folder: Path, families: Collection[str] = ()) -> list[Recording]:
    """The scenes of a folder, or those of these kinds. Raises ScriptError naming the file that cannot be read."""
    try:
        places = sorted(p for p in folder.iterdir() if (p / "sound.wav").exists() or (p / "truth.jsonl").exists())
    except OSError as error:
        raise ScriptError(f"{folder}: {error.strerror}; give a folder of scenes, see docs/scenes.md") from None
    found = [_recording(place) for place in places if not families or family_of(place.name) in families]
    if not found:
        kind = f" of kind {' or '.join(families)}" if families else ""
        raise ScriptError(f"{folder}: no scene{kind} there; each is a folder with sound.wav and truth.jsonl")
    return found


def _recording(place: Path) -> Recording:
    """The scene of this folder."""
    try:
        seconds = check_sound_file(place / "sound.wav")
        if (place / "wearer.wav").exists():
            check_sound_file(place / "wearer.wav")
    except SensorError as error:
        raise ScriptError(str(error)) from None
    return Recording(place, _truth(place / "truth.jsonl", seconds), seconds, _gazes(place), _cues(place))


def _truth(path: Path, seconds: float) -> list[Truth]:
    """What is said in this scene, which is so long: an utterance a line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ScriptError(f"{path}: {error.strerror}; write there who says what, see docs/scenes.md") from None
    except UnicodeDecodeError:
        raise ScriptError(f"{path}: not a text in UTF-8; save it as one") from None
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found += [msgspec.json.decode(line, type=Truth)] if line.strip() else []
        except msgspec.DecodeError as error:
            raise ScriptError(f"{path}, line {number}: {error}") from None
        if found and not 0 <= found[-1].start_s < min(found[-1].end_s, seconds):
            told = f"from {found[-1].start_s:g} to {found[-1].end_s:g} s"
            raise ScriptError(f"{path}, line {number}: {told} is no part of a sound of {seconds:.1f} s; mend the times")
    return found


def _gazes(place: Path) -> tuple[Gaze, ...]:
    """Where the eye looks in this scene. Gazes on no picture, and a world without pictures, are refused by name."""
    world, path = place / "world", place / "gaze.csv"
    try:
        if world.is_dir():
            pictures_in(world)
        if not path.is_file():
            return ()
        if not world.is_dir():
            raise ScriptError(f"{path}: gazes on what? put the pictures that the world camera saw into {world}")
        return tuple(read_gazes(path))
    except SensorError as error:
        raise ScriptError(str(error)) from None


def _cues(place: Path) -> tuple[SightCues, ...]:
    """What sight told in this scene, in order of time."""
    path = place / "cues.csv"
    if not path.is_file():
        return ()
    if (place / "world").is_dir():
        raise ScriptError(f"{path}: what is seen there is told by world/, too; keep one of them")
    try:
        names, *rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines())) or [[]]
        if names != [*CUES]:
            raise ScriptError(f"{path}: its first line is not {','.join(CUES)}")
        told = [SightCues(SEEN[looks], SEEN[faced], 1000 * float(at_s)) for at_s, looks, faced in filter(None, rows)]
    except (KeyError, ValueError, OSError) as error:
        raise ScriptError(f"{path}: seconds, then 1, 0 or nothing twice; there is something else: {error}") from None
    if not all(0 <= one.at_ms < math.inf for one in told):
        raise ScriptError(f"{path}: a time that is none; write seconds from 0 on")
    return tuple(sorted(told, key=lambda one: one.at_ms))


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

    def __init__(self, moonshine: Moonshine, given: list[tuple[float, float, int]]) -> None:
        self._moonshine = moonshine
        self.given = given

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
    """Models loaded once; hears one scene after the other. given: what the recogniser was given of the last one."""

    def __init__(
        self,
        mode: str = "decide",
        *,
        enrolled: bool = False,
        sees: bool = True,
        microphones: Count = 1,
        recogniser: Wanted = "best",
    ) -> None:
        self._enrolled, self._sees = enrolled, sees
        config = Config(
            attention=msgspec.convert({"mode": mode}, AttentionConfig),
            seeing=SeeingConfig(text=False),
            microphone=MicrophoneConfig(channels=microphones),
            models=ModelsConfig(recogniser=recogniser),
        )
        self.replay = Replay(config)
        self.given: list[tuple[float, float, int]] = []
        self.replay.moonshine = Counted(self.replay.moonshine, self.given)  # type: ignore[assignment]
        if self.replay.final is not None:
            self.replay.final = Counted(self.replay.final, self.given)  # type: ignore[assignment]

    def listen(self, recording: Recording) -> Result:
        """What became of each utterance of the scene."""
        self.given.clear()
        begun_s = time.process_time()
        left, enrolled = self._left(recording)
        cpu_s = time.process_time() - begun_s
        result = judge(recording.family, recording.seconds, recording.truth, turns(left))
        words, seconds = of_others(self.given, recording.truth)
        return msgspec.structs.replace(result, recognised=words, given_s=seconds, cpu_s=cpu_s, enrolled=enrolled)

    def _left(self, recording: Recording) -> tuple[list[Left], bool]:
        """What left the glasses, and whether they knew the wearer's voice."""
        run = partial(self.replay.run, recording.sound, host)
        if self._sees:
            run = partial(run, recording.world, recording.gazes, cues=recording.cues)
        if self._enrolled and recording.wearer:
            with contextlib.suppress(EnrolmentError):  # too little is known of this wearer: as if nobody were enrolled
                return list(run(wearer=recording.wearer)), True
        return list(run()), False


def listen_all(
    scenes: list[Recording],
    mode: str = "decide",
    *,
    enrolled: bool = False,
    sees: bool = True,
    microphones: Count = 1,
    recogniser: Wanted = "best",
) -> Iterator[Result]:
    """All scenes by one pair of glasses.

    enrolled: to their wearer, where a scene has a file of them. sees: with their eyes, where a scene has any.
    """
    glasses = Glasses(mode, enrolled=enrolled, sees=sees, microphones=microphones, recogniser=recogniser)
    for scene in scenes:
        yield glasses.listen(scene)

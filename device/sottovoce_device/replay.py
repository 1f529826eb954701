"""The whole path of the glasses on a sound file, in virtual time and without a network: `sottovoce-device replay`."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from sottovoce_device.capture.own_files import blamed
from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.capture.simulated import SimulatedMicrophone
from sottovoce_device.config import Config, models_folder
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.decide.ask import Ask
from sottovoce_device.decide.presses import Presses
from sottovoce_device.decide.wearer import Wearer
from sottovoce_device.enrolment import Enroller
from sottovoce_device.gate.judge import Judge
from sottovoce_device.learnt import KnownVoice
from sottovoce_device.observation import Gaze
from sottovoce_device.perceive.ge2e import Ge2e
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.smart_turn import SmartTurn
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.ear import Ear
from sottovoce_device.sense.press_script import PressScript
from sottovoce_device.sense.recogniser import Recogniser, open_recogniser
from sottovoce_device.words import read_words
from sottovoce_wire import (
    AnyEvent,
    Attended,
    Done,
    GazeCalibrated,
    Hearing,
    LookedAt,
    PersonNoticed,
    Pressed,
    Read,
    Said,
    encode,
)
from sottovoce_wire.because import because
from sottovoce_wire.calibration import REASONS
from sottovoce_wire.commands import AnyCommand

if TYPE_CHECKING:
    from sottovoce_device.decide.sight_cues import SightCues
    from sottovoce_device.replay_sight import EyeScript, Question, SightReplay

Step = tuple[float, Callable[[], None]]
"""When in virtual time (ms), and what happens then."""
SESSION: Final = 1
"""Replays of the same file are the same to the byte, so their session is no random number."""


Host = Callable[[AnyEvent, float], list[tuple[float, AnyCommand]]]
"""A host in virtual time: takes an event and when it left (ms), gives commands and when each arrives (ms)."""


class Left(Struct, frozen=True):
    """An event that left: itself as the gate judged it, when, and what it cost.

    at_s: seconds of scene time when the deciding sample was heard.
    cpu_ms: CPU time of this process since the event before (or the start of the scene).
    """

    event: AnyEvent
    at_s: float
    cpu_ms: float


class Replay:
    """Models loaded once; each run() is a fresh pair of glasses. Deterministic but for cpu_ms.

    presses: of the button, while a scene's sound lasts.
    """

    def __init__(self, config: Config, presses: PressScript | None = None) -> None:
        self._config = config
        self._presses = presses
        weights = self._weights = Weights(models_folder(config), config.models.onnx, config.models.lite)
        self._eyes: SightReplay | None = None
        self._vad = SileroVad(weights)
        self.moonshine = Moonshine(weights)
        self.final = open_recogniser(config.models.recogniser, weights)
        self._smart_turn = SmartTurn(weights)
        self.addressee = Addressee(read_words(), config.attention.name)
        self._enroller: Enroller | None = None

    def run(
        self,
        scene: Path | None,
        host: Host = lambda _event, _ms: [],
        world: Path | None = None,
        gazes: "Sequence[Gaze] | EyeScript" = (),
        questions: "Sequence[Question]" = (),
        wearer: Path | KnownVoice | None = None,
        cues: "Sequence[SightCues]" = (),
    ) -> Iterator[Left]:
        """What leaves the glasses when they hear this file, followed by silence until the last turn is over.

        host: answers what leaves; nobody does by default.
        wearer: a sound file of the wearer's, who is enrolled by it, or the voice as `read_voice` has it.
        world: the picture, or folder, that they see meanwhile (the last one to the end), or alone.
        gazes: on them, or the eye camera's pictures. cues: what sight told of people, where no world is looked at.
        """
        self._vad.reset()
        judge = Judge(SESSION, self._config.gate.withheld)
        out: list[AnyEvent] = []
        coming: list[tuple[float, AnyCommand]] = []

        ear = self._ear(out.append, wearer)
        spent = time.process_time()
        sound = self._microphone(scene) if scene else None
        heard = self._heard(ear, sound) if sound else iter(())
        least_s = sound.seconds if sound else 0.0
        seen = self._sight().steps(world, gazes, questions, out.append, ear.see, least_s) if world else iter(())
        told: Iterator[Step] = ((one.at_ms, partial(ear.see, one)) for one in cues)
        for now_ms, step in merge(heard, seen, told, key=lambda moment: moment[0]):
            coming = _obeyed(ear, coming, now_ms)
            self._go(step)
            for event in out:
                judged = judge.judge(encode(event), now_ms)
                if judged is not None:
                    now = time.process_time()
                    yield Left(judged, round(now_ms / 1000, 3), round((now - spent) * 1000, 1))
                    coming += host(judged, now_ms)
                    spent = now
            out.clear()

    def _go(self, step: Callable[[], None]) -> None:
        """Raises DriverError for what came of a file of the builder's own, as it ends a live sense."""
        try:
            step()
        except (Exception, SystemExit) as error:
            told = blamed(error, self._config)
            if told is error:
                raise
            raise told from error

    def _ear(self, emit: Callable[[AnyEvent], None], wearer: Path | KnownVoice | None) -> Ear:
        """Hearing whose models answer at once."""

        def submit(ask: Ask, speech: Sample) -> None:
            found = self._model(ask.kind).infer(speech)
            speech.wipe()
            ear.learn(ask, found)

        voice = self._voices().from_file(wearer) if isinstance(wearer, Path) else wearer
        known = None if voice is None else Wearer(voice.embedding, voice.syllable_db)
        ear = Ear(self._config, self._vad, submit, emit, self.addressee, known)
        return ear

    @property
    def recogniser(self) -> Recogniser:
        """What hears the words that were said."""
        return self.final or self.moonshine

    def _model(self, kind: str) -> SmartTurn | Recogniser | Ge2e:
        if kind in ("voice", "end"):
            return self._voices().ge2e if kind == "voice" else self._smart_turn
        return self.recogniser if kind == "final" else self.moonshine

    def _voices(self) -> Enroller:
        """Who speaks, loaded when somebody is enrolled."""
        if self._enroller is None:
            self._enroller = Enroller(self._weights)
        return self._enroller

    def _sight(self) -> "SightReplay":
        """The eyes, loaded when they are first wanted: a replay of sound alone loads nothing of sight."""
        from sottovoce_device.replay_sight import SightReplay

        if self._eyes is None:
            self._eyes = SightReplay(self._config, self._weights)
        return self._eyes

    def _microphone(self, scene: Path) -> SimulatedMicrophone:
        channels = self._config.microphone.channels
        return SimulatedMicrophone(scene, real_time=False, at_end="silence", channels=channels)

    def _heard(self, ear: Ear, microphone: SimulatedMicrophone) -> Iterator[Step]:
        rule, script = Presses(), self._presses

        def step(block: Sample) -> None:
            """As in the glasses: the button is read once a block, before the block is heard."""
            if script is not None:
                act = rule.step(block.at_ms, pressed=script.pressed(block.at_ms))
                if act is not None:
                    ear.press(act, block.at_ms)
            ear.hear(block)

        return ((block.at_ms, partial(step, block)) for block in self._blocks(microphone))

    def _blocks(self, microphone: SimulatedMicrophone) -> Iterator[Sample]:
        rest = round((self._config.hearing.silence_limit_ms + 500) / 1000 * RATE_HZ / BLOCK)
        end_ms = microphone.seconds * 1000 + rest * BLOCK * 1000 / RATE_HZ
        for block in microphone.blocks():
            if block.at_ms > end_ms:
                return
            yield block


def _obeyed(ear: Ear, coming: list[tuple[float, AnyCommand]], now_ms: float) -> list[tuple[float, AnyCommand]]:
    """Has the ear obey what is due; what is still to come."""
    for due_ms, command in coming:
        if due_ms <= now_ms:
            ear.obey(command, due_ms)
    return [c for c in coming if c[0] > now_ms]


def describe(left: Left) -> str:
    """A line for a person."""
    event = left.event
    match event:
        case Attended():
            text = because(event)
        case Hearing() | Said() | Read():
            text = event.text
        case LookedAt():
            text = f"{event.label} at {event.confidence} %, {event.bearing:+d}°, by {event.source}"
        case PersonNoticed():
            text = f"facing {event.facing}, speaking {event.speaking}, {event.bearing:+d}°, {event.distance}"
        case GazeCalibrated():
            text = f"{event.stage} {event.marks}, {event.error / 10:.1f}° {REASONS[event.reason]}"
        case Pressed():
            text = event.action
        case Done():
            text = f"{event.name}: {event.outcome}"
        case _:
            text = ""
    return f"{left.at_s:8.2f} s  {type(event).__name__:12} {text}"

"""The whole path of the glasses on a sound file, in virtual time and without a network: `sottovoce-device replay`."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.capture.simulated import SimulatedMicrophone
from sottovoce_device.config import Config, models_folder
from sottovoce_device.decide.turn import Ask
from sottovoce_device.gate.judge import Judge
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.smart_turn import SmartTurn
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.ear import Ear
from sottovoce_wire import AnyEvent, Attended, Hearing, Said, encode
from sottovoce_wire.commands import AnyCommand

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
    """Models loaded once; each run() is a fresh pair of glasses. Deterministic but for cpu_ms."""

    def __init__(self, config: Config) -> None:
        self._config = config
        weights = Weights(models_folder(config))
        self._vad = SileroVad(weights)
        self.moonshine = Moonshine(weights)
        self._smart_turn = SmartTurn(weights)

    def run(self, scene: Path, host: Host = lambda _event, _ms: []) -> Iterator[Left]:
        """What leaves the glasses when they hear this file, followed by silence until the last turn is over.

        host: answers what leaves; nobody does by default.
        """
        self._vad.reset()
        judge = Judge(SESSION, self._config.gate.withheld)
        out: list[AnyEvent] = []
        coming: list[tuple[float, AnyCommand]] = []

        def submit(ask: Ask, speech: Sample) -> None:
            found = self._smart_turn.infer(speech) if ask.kind == "end" else self.moonshine.infer(speech)
            speech.wipe()
            if found is not None:
                ear.learn(ask, found)

        ear = Ear(self._config, self._vad, submit, out.append)
        spent = time.process_time()
        for block in self._blocks(scene):
            now_ms = block.at_ms
            for due_ms, command in [c for c in coming if c[0] <= now_ms]:
                ear.obey(command, due_ms)
            coming = [c for c in coming if c[0] > now_ms]
            ear.hear(block)
            for event in out:
                judged = judge.judge(encode(event), now_ms)
                if judged is not None:
                    now = time.process_time()
                    yield Left(judged, round(now_ms / 1000, 3), round((now - spent) * 1000, 1))
                    coming += host(judged, now_ms)
                    spent = now
            out.clear()

    def _blocks(self, scene: Path) -> Iterator[Sample]:
        microphone = SimulatedMicrophone(scene, real_time=False, at_end="silence")
        rest = round((self._config.hearing.silence_limit_ms + 500) / 1000 * RATE_HZ / BLOCK)
        end_ms = microphone.seconds * 1000 + rest * BLOCK * 1000 / RATE_HZ
        for block in microphone.blocks():
            if block.at_ms > end_ms:
                return
            yield block


def describe(left: Left) -> str:
    """A line for a person."""
    event = left.event
    match event:
        case Attended():
            reasons = ", ".join(f"{e.name} {e.weight / 100:+.1f}" for e in event.evidence)
            text = f"{'opened' if event.opened else 'stayed shut'} at {event.confidence} %: {reasons}"
        case Hearing() | Said():
            text = event.text
        case _:
            text = ""
    return f"{left.at_s:8.2f} s  {type(event).__name__:12} {text}"

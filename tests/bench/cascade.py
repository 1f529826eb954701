"""What each step of the cascade costs, and how often it runs: `python -m tests.bench.cascade`.

CPU time of one core in virtual time, never wall time. Exit code 1 where a later step runs more than the one before it.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from msgspec import Struct
from tests.bench.corpus import WEIGHTS
from tests.scenes.families import enrolment_lines
from tests.scenes.listening import host
from tests.scenes.mixer import Mixer, write_pcm
from tests.scenes.rooms import Place
from tests.scenes.script import Line, Person, Script
from tests.scenes.voices import Cast

from sottovoce_device.capture.sample import Sample
from sottovoce_device.capture.simulated import SimulatedMicrophone
from sottovoce_device.config import AttentionConfig, Config
from sottovoce_device.replay import Replay
from sottovoce_device.sense.ear import Ear
from sottovoce_host.voice.hibari import Synthesiser

LEAD_S: Final = 40.0
"""Not measured: the noise floor is learnt, from -120 dB on, and until then every block goes to voice activity."""
READER, ACTORS = str(WEIGHTS / "two_cities.wav"), str(WEIGHTS / "endgame.wav")
WEARER = Person("wearer", "synthetic:3")
STRANGER = Person("stranger", "recorded")
FAR = (
    Person("ben", "recorded", Place(3.0, 30.0), facing=False),
    Person("cleo", "recorded", Place(3.4, -20.0), facing=False),
)
ANNA = Person("anna", "synthetic:8", Place(1.0, 20.0))
REQUESTS = (
    "what time is it in tokyo",
    "set a timer for twelve minutes",
    "how many ounces are in two pounds",
    "add oat milk to the shopping list",
)
TALK = (
    "did you see the film last night",
    "no we came home too late for it",
    "it was better than i thought it would be",
    "my sister said the same about the other one",
    "she never likes what i like",
    "well you did sleep through the last one",
    "that is not how i remember it",
    "shall we eat something before they come",
    "there is still some soup from yesterday",
    "then let us have that and some bread",
)


class Step(Struct):
    """A step of the cascade: how often it ran, and seconds of CPU."""

    runs: int = 0
    cpu_s: float = 0.0

    def timed(self, call: Callable[..., Any], *, counts: bool = True) -> Callable[..., Any]:
        """The same call, measured. counts: each call is a run of this step."""

        def run(*args: Any, **more: Any) -> Any:
            began = time.process_time()
            try:
                return call(*args, **more)
            finally:
                self.cpu_s += time.process_time() - began
                self.runs += counts

        return run


class Timed:
    """A part of the glasses, some of whose methods are measured."""

    def __init__(self, part: object, **measured: Callable[..., Any]) -> None:
        self._part = part
        self.__dict__.update(measured)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)


class Cascade(Replay):
    """Replay whose parts are measured, once the lead is over. all: everything that Ear.hear() does."""

    NAMES = ("level", "voice activity", "near or far", "whose voice", "end of turn", "words", "decision")

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.steps = {name: Step() for name in (*self.NAMES, "all")}
        self.seconds = 0.0
        for attribute, name, method in (
            ("_vad", "voice activity", "infer"),
            ("moonshine", "words", "infer"),
            ("final", "words", "infer"),
            ("_smart_turn", "end of turn", "infer"),
            ("addressee", "decision", "weigh"),
        ):
            if (part := getattr(self, attribute)) is not None:
                setattr(self, attribute, self._measured(part, name, method))
        ge2e = self._voices()
        ge2e.ge2e = cast("Any", self._measured(ge2e.ge2e, "whose voice", "infer"))

    @property
    def whole_ms(self) -> float:
        """Of CPU a second of sound, all told."""
        return 1000 * self.steps["all"].cpu_s / self.seconds

    def _measured(self, part: object, name: str, method: str, *, counts: bool = True) -> Timed:
        return Timed(part, **{method: self.steps[name].timed(getattr(part, method), counts=counts)})

    def _hearing(self, ear: Ear) -> Ear:
        inside = cast("Any", ear)
        inside._level = self._measured(inside._level, "level", "infer")
        inside._gate = self._measured(inside._gate, "level", "step", counts=False)
        inside._texture = self._measured(inside._texture, "near or far", "infer")
        inside._nearness = self._measured(inside._nearness, "near or far", "step", counts=False)
        return cast("Ear", self._measured(ear, "all", "hear"))

    def _ear(self, emit: Callable[[Any], None], wearer: Path | None) -> Ear:
        return self._hearing(super()._ear(emit, wearer))

    def _blocks(self, microphone: SimulatedMicrophone) -> Iterator[Sample]:
        led = False
        for block in super()._blocks(microphone):
            if not led and block.at_ms >= LEAD_S * 1000:
                led = True
                for step in self.steps.values():
                    step.runs, step.cpu_s = 0, 0.0
            self.seconds = block.at_ms / 1000 - LEAD_S
            yield block


def scenes() -> dict[str, Script]:
    """The scenes, a minute each or a little more, by what happens in them."""
    first = Line("", after_s=LEAD_S)

    def script(people: tuple[Person, ...], *lines: Line) -> Script:
        return Script("cascade", people, (first, *lines))

    asks = [Line("wearer", "device", words, after_s=12.0) for words in REQUESTS]
    talk = [Line(("wearer", "anna")[n % 2], "other", words, after_s=0.3) for n, words in enumerate(TALK)]
    far = (Line("ben", "other", recording=READER, after_s=0.5), Line("cleo", "other", recording=ACTORS, after_s=0.5))
    return {
        "silence": script((), Line("", after_s=60.0)),
        "others talk, three metres off": script(FAR, *far),
        "the wearer asks, four times a minute": script((WEARER,), *asks),
        "the wearer talks with somebody": script((WEARER, ANNA), *talk, *talk),
        "somebody else at the wearer's own place": script((STRANGER,), Line("stranger", "other", recording=READER)),
    }


def measured(mode: str, scene: Path, wearer: Path | None) -> Cascade:
    """The glasses, measured on this scene. wearer: their enrolment."""
    glasses = Cascade(Config(attention=msgspec.convert({"mode": mode}, AttentionConfig)))
    for _ in glasses.run(scene, host, wearer=wearer):
        pass
    return glasses


def row(what: str, glasses: Cascade, unrefused: float) -> str:
    """A line of the table: ms of CPU a second of sound, and runs a minute, of each step. unrefused: ms, all told."""
    steps, seconds = glasses.steps, glasses.seconds
    cells = [
        f"{1000 * steps[name].cpu_s / seconds:.2f} ({60 * steps[name].runs / seconds:.0f})" if steps[name].runs else "0"
        for name in glasses.NAMES
    ]
    rest = steps["all"].cpu_s - sum(steps[name].cpu_s for name in glasses.NAMES)
    return f"| {what} | {' | '.join(cells)} | {1000 * rest / seconds:.2f} | {glasses.whole_ms:.1f} | {unrefused:.1f} |"


def falls(glasses: Cascade) -> bool:
    """Whether every step ran at most as often as what lets it: a model of the turn runs once for many near blocks."""
    runs = {name: step.runs for name, step in glasses.steps.items()}
    chain = [runs["level"], runs["voice activity"], runs["near or far"]]
    dear = [runs["whose voice"], runs["end of turn"], runs["words"]]
    return chain == sorted(chain, reverse=True) and max(dear) <= chain[-1] and runs["decision"] <= runs["words"]


def main() -> int:
    """Print the table; 1 where the cascade is none."""
    mixer = Mixer(Cast(Synthesiser()))
    kept = True
    runs: dict[str, Step] = {name: Step() for name in Cascade.NAMES}
    with tempfile.TemporaryDirectory(prefix="sottovoce-cascade-") as name:
        folder = Path(name)
        own = Script("wearer", (WEARER,), enrolment_lines())
        write_pcm(folder / "wearer.wav", mixer.mix(own).pcm)
        print(f"| | {' | '.join(Cascade.NAMES)} | the rest | together | refusing nothing |")
        print("|" + "---|" * (len(Cascade.NAMES) + 4))
        for what, script in scenes().items():
            scene = folder / "scene.wav"
            write_pcm(scene, mixer.mix(script).pcm)
            unrefused = measured("everything", scene, None).whole_ms
            for way, wearer in (("", None), (", enrolled", folder / "wearer.wav")):
                glasses = measured("decide", scene, wearer)
                kept &= falls(glasses)
                print(row(what + way, glasses, unrefused), flush=True)
                for step, found in runs.items():
                    found.runs += glasses.steps[step].runs
                    found.cpu_s += glasses.steps[step].cpu_s
    print("\nms of CPU a run: " + ", ".join(f"{n} {1000 * s.cpu_s / max(s.runs, 1):.2g}" for n, s in runs.items()))
    return 0 if kept else 1


if __name__ == "__main__":
    ONE = {"OPENBLAS_NUM_THREADS": "1"}  # as on the glasses; numpy, which is there by now, reads it when it is loaded
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        os.execve(sys.executable, [sys.executable, "-m", "tests.bench.cascade"], os.environ | ONE)  # noqa: S606
    sys.exit(main())

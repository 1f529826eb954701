"""Sight in a replay: pictures, a script of gazes and questions become steps in virtual time."""

from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from typing import Final, get_args

from msgspec import Struct
from msgspec.structs import replace

from sottovoce_device.capture.camera import OFF
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.simulated_camera import SimulatedCamera
from sottovoce_device.config import Config
from sottovoce_device.decide.looking import SightAsk
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.errors import SensorError
from sottovoce_device.observation import Gaze
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.gaze_script import held
from sottovoce_device.sense.sight import Sight
from sottovoce_device.sense.sight_models import SightModels
from sottovoce_wire import AnyEvent, Look

EACH_S: Final = 2.0
"""How long each picture of a folder is seen, where the configuration does not say."""
REST_S: Final = 1.0
"""A single picture is seen for so long after the last gaze and the last question."""
TASKS: Final = get_args(Look.__annotations__["task"])

Step = tuple[float, Callable[[], None]]
"""When in virtual time (ms), and what happens then."""


class Question(Struct, frozen=True):
    """A Look command at a moment, in seconds of the scene."""

    task: str
    at_s: float


class SightReplay:
    """Models loaded once; each steps() is a fresh pair of eyes."""

    def __init__(self, config: Config, weights: Weights) -> None:
        each_s = config.world_camera.each_s or EACH_S
        camera = replace(config.world_camera, driver=OFF, each_s=each_s, at_end="hold")
        self._config = replace(config, world_camera=camera)
        self._models = SightModels(config.seeing, weights)

    def steps(
        self,
        world: Path,
        gazes: Sequence[Gaze],
        questions: Sequence[Question],
        emit: Callable[[AnyEvent], None],
        cues: Callable[[SightCues], None] = lambda _: None,
    ) -> Iterator[Step]:
        """What happens to the eyes, in order of time: frames, gazes and questions."""

        def submit(ask: SightAsk, frame: Frame) -> None:
            found = self._models.infer(ask, frame)
            frame.wipe()
            sight.learn(ask, found)

        sight = Sight(self._config, submit, self._models.able, emit, cues)
        camera = SimulatedCamera(replace(self._config.world_camera, path=str(world)), real_time=False)
        last_ms = max([0.0, *(g.at_ms for g in gazes), *(q.at_s * 1000 for q in questions)])
        end_ms = max(camera.seconds * 1000, last_ms + REST_S * 1000)

        def frames() -> Iterator[Step]:
            for frame in camera.frames():
                if frame.at_ms > end_ms:
                    frame.wipe()
                    return
                yield frame.at_ms, lambda frame=frame: sight.see(frame)  # type: ignore[misc]

        looked = ((g.at_ms, lambda g=g: sight.gaze(g)) for g in held(gazes, end_ms))
        asked = (
            (q.at_s * 1000, lambda q=q, n=n: sight.look(Look(seq=n, task=q.task), q.at_s * 1000))
            for n, q in enumerate(sorted(questions, key=lambda q: q.at_s), start=1)
        )
        yield from merge(looked, frames(), asked, key=lambda step: step[0])
        sight.blind()


def parse_question(text: str) -> Question:
    """A question from the command line: "read@2.5" is read, asked after 2.5 seconds; "read" after one."""
    task, _, at = text.partition("@")
    try:
        question = Question(task, float(at or 1))
    except ValueError:
        question = Question("", 0)
    if question.task not in TASKS:
        raise SensorError(f"{text!r} is no question: write one of {', '.join(TASKS)}, with @SECONDS behind it")
    return question

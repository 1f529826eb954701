"""Sight in a replay: pictures, a script of gazes and questions become steps in virtual time."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from heapq import merge
from pathlib import Path
from typing import Final, get_args

from msgspec import Struct
from msgspec.structs import replace

from sottovoce_device.capture.camera import OFF
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.rendered_camera import RenderedCamera
from sottovoce_device.capture.simulated_camera import SimulatedCamera
from sottovoce_device.config import Config, wearer_folder
from sottovoce_device.decide.looking import SightAsk
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.errors import SensorError
from sottovoce_device.learnt import GAZE
from sottovoce_device.observation import Gaze
from sottovoce_device.perceive.eye import EyeReader
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.eye import Eye
from sottovoce_device.sense.gaze_file import read_calibration
from sottovoce_device.sense.gaze_script import held
from sottovoce_device.sense.sight import Sight
from sottovoce_device.sense.sight_models import SightModels
from sottovoce_wire import AnyEvent, CalibrateGaze, Look

EACH_S: Final = 2.0
"""How long each picture of a folder is seen, where the configuration does not say."""
REST_S: Final = 1.0
"""A single picture is seen for so long after the last gaze and the last question."""
LATEST_S: Final = 3_600
"""A question later than this is a slip of the keyboard, and would be waited for."""
TASKS: Final = get_args(Look.__annotations__["task"])

Step = tuple[float, Callable[[], None]]
"""When in virtual time (ms), and what happens then."""


class Question(Struct, frozen=True):
    """A Look command at a moment, in seconds of the scene."""

    task: str
    at_s: float


class EyeScript(Struct, frozen=True):
    """What the eye camera sees. path: a picture, a folder of them, or a script (.csv) that is rendered.

    calibrate: how many marks to calibrate on first; 0 takes the stored calibration.
    """

    path: Path
    calibrate: int = 0


class EyeReplay:
    """The eye camera in virtual time."""

    def __init__(self, config: Config, script: EyeScript, eye: Eye) -> None:
        camera = config.eye_camera
        self._camera: RenderedCamera | SimulatedCamera
        if script.path.suffix == ".csv":
            self._camera = RenderedCamera(script.path, camera.fps, real_time=False, at_end="hold")
        else:
            told = replace(camera, driver=OFF, path=str(script.path), each_s=camera.each_s or EACH_S, at_end="hold")
            self._camera = SimulatedCamera(told, real_time=False)
        self._script = script
        self._eye = eye
        self._reader = EyeReader()
        self.seconds = self._camera.seconds

    def steps(self, end_ms: float) -> Iterator[Step]:
        """Each frame, until the end."""
        if self._script.calibrate:
            yield 0.0, partial(self._eye.calibrate, CalibrateGaze(marks=self._script.calibrate), 0.0)
        for frame in self._camera.frames():
            if frame.at_ms > end_ms:
                frame.wipe()
                break
            yield frame.at_ms, partial(self._look, frame)
        self._reader.wipe()

    def _look(self, frame: Frame) -> None:
        look = self._reader.infer(frame)
        frame.wipe()
        self._eye.take(look)
        self._eye.tick(look.glance.at_ms)


class SightReplay:
    """Models loaded once; each steps() is a fresh pair of eyes."""

    def __init__(self, config: Config, weights: Weights) -> None:
        each_s = config.world_camera.each_s or EACH_S
        camera = replace(config.world_camera, driver=OFF, each_s=each_s, at_end="hold")
        self._config = replace(config, world_camera=camera)
        self._models = SightModels(config.seeing, weights, config.models.finder)

    def steps(
        self,
        world: Path,
        gazes: Sequence[Gaze] | EyeScript,
        questions: Sequence[Question],
        emit: Callable[[AnyEvent], None],
        cues: Callable[[SightCues], None] = lambda _: None,
        least_s: float = 0.0,
    ) -> Iterator[Step]:
        """What happens to the eyes, in order of time, for `least_s` seconds or more; the last picture is held."""

        def submit(ask: SightAsk, frame: Frame) -> None:
            found = self._models.infer(ask, frame)
            frame.wipe()
            sight.learn(ask, found)

        sight = Sight(self._config, submit, self._models.able, emit, cues)
        camera = SimulatedCamera(replace(self._config.world_camera, path=str(world)), real_time=False)
        eye = self._eye(gazes, sight, emit) if isinstance(gazes, EyeScript) else None
        script = [] if isinstance(gazes, EyeScript) else gazes
        last_ms = max([0.0, *(g.at_ms for g in script), *(q.at_s * 1000 for q in questions)])
        end_ms = max(1000 * max(least_s, camera.seconds, eye.seconds if eye else 0.0), last_ms + REST_S * 1000)

        def frames() -> Iterator[Step]:
            for frame in camera.frames():
                if frame.at_ms > end_ms:
                    frame.wipe()
                    return
                yield frame.at_ms, lambda frame=frame: sight.see(frame)  # type: ignore[misc]

        looked: Iterator[Step] = ((g.at_ms, partial(sight.gaze, g)) for g in held(script, end_ms))
        asked = (
            (q.at_s * 1000, lambda q=q, n=n: sight.look(Look(seq=n, task=q.task), q.at_s * 1000))
            for n, q in enumerate(sorted(questions, key=lambda q: q.at_s), start=1)
        )
        moves = eye.steps(end_ms) if eye else iter(())
        yield from merge(looked, moves, frames(), asked, key=lambda step: step[0])
        sight.blind()

    def _eye(self, script: EyeScript, sight: Sight, emit: Callable[[AnyEvent], None]) -> EyeReplay:
        calibration = None if script.calibrate else read_calibration(wearer_folder(self._config) / GAZE)
        if not script.calibrate and calibration is None:
            raise SensorError(
                "these glasses have no gaze calibration: run `sottovoce-device calibrate-gaze`, or add --calibrate 9"
            )
        eye = Eye(sight.lens, calibration, sight.gaze, emit, lambda on: sight.seek(eye.mark if on else None))
        return EyeReplay(self._config, script, eye)


def parse_question(text: str) -> Question:
    """A question from the command line: "read@2.5" is read, asked after 2.5 seconds; "read" after one."""
    task, _, at = text.partition("@")
    try:
        question = Question(task, float(at or 1))
    except ValueError:
        question = Question("", 0)
    if question.task not in TASKS or not 0 <= question.at_s <= LATEST_S:
        raise SensorError(
            f"{text!r} is no question: write one of {', '.join(TASKS)}, with @SECONDS behind it, {LATEST_S} at most"
        )
    return question

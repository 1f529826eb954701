"""Seeing in the glasses: the world camera on its thread, the models of sight on another, the rules on the caller's."""

import threading
from collections.abc import Callable
from typing import Final, NamedTuple

from sottovoce_device.capture.camera import Camera, open_camera
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.config import Config
from sottovoce_device.decide.looking import SightAsk
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.gaze_script import GazeScript
from sottovoce_device.sense.sight import Sight, State
from sottovoce_device.sense.sight_models import SightModels
from sottovoce_wire import AnyEvent

FRAMES_WAITING: Final = 2
ASKS_WAITING: Final = 4

Step = Callable[[], None]


class _Job(NamedTuple):
    ask: SightAsk
    frame: Frame

    def wipe(self) -> None:
        """Overwrite the frame."""
        self.frame.wipe()


class Watch:
    """Owns the world camera and its threads; everything else happens on the thread that runs the steps.

    sight: what is told of gazes and commands. later: hands a step to the thread of the rules. fail: takes the error
    that ends the process.
    """

    def __init__(
        self,
        camera: Camera,
        config: Config,
        weights: Weights,
        later: Callable[[Step], None],
        emit: Callable[[AnyEvent], None],
        fail: Callable[[BaseException], None],
        cues: Callable[[SightCues], None] = lambda _: None,
    ) -> None:
        self._camera = camera
        self._models = SightModels(config.seeing, weights)
        self._models.warm_up()
        self._script = GazeScript(config.world_camera.gaze)
        self._later = later
        self._fail = fail
        self._frames: Mailbox[Frame] = Mailbox(FRAMES_WAITING)
        self._jobs: Mailbox[_Job] = Mailbox(ASKS_WAITING)
        self._busy = False
        self._muted = True
        self.sight = Sight(config, self._submit, self._models.able, emit, cues)
        self._threads = [threading.Thread(target=t, name=t.__name__) for t in (self._capture, self._recognise)]

    def start(self) -> None:
        """Begin to see, muted."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Let the camera go, overwrite what waits, end the threads. Only after start()."""
        self._camera.close()
        self._frames.close()
        self._jobs.close()
        for thread in self._threads:
            thread.join()
        self.sight.blind()

    def mute(self, muted: bool) -> None:
        """Switch seeing off or on; off forgets what was seen."""
        self._muted = muted
        if muted:
            self.sight.blind()

    def state(self, now_ms: float) -> State:
        """Whether the camera sees, for Vitals."""
        return "lost" if self._camera.state == "lost" else self.sight.state(now_ms)

    @property
    def dropped(self) -> int:
        """Frames that were let go because the reader or the models were late."""
        return self._frames.dropped + self._jobs.dropped

    def _capture(self) -> None:
        try:
            for frame in self._camera.frames():
                self._frames.put(frame)
                self._later(self._see)
        except BaseException as error:  # noqa: BLE001 -- handed to the main thread, which ends the process with it
            self._fail(error)

    def _see(self) -> None:
        while (frame := self._frames.take(timeout_s=0)) is not None:
            if self._muted:
                frame.wipe()
                continue
            for gaze in self._script.until(frame.at_ms):
                self.sight.gaze(gaze)
            self.sight.see(frame)

    def _submit(self, ask: SightAsk, frame: Frame) -> None:
        """Hand it to the models; what nobody asked for is skipped while they are busy."""
        if not ask.command and (self._busy or len(self._jobs)):
            frame.wipe()
            return
        self._jobs.put(_Job(ask, frame))

    def _recognise(self) -> None:
        while (job := self._jobs.take()) is not None:
            self._busy = True
            try:
                found = self._models.infer(job.ask, job.frame)
                self._later(lambda ask=job.ask, found=found: self.sight.learn(ask, found))  # type: ignore[misc]
            except BaseException as error:  # noqa: BLE001 -- handed to the main thread
                self._fail(error)
                return
            finally:
                job.wipe()
                self._busy = False


def open_watch(
    config: Config,
    weights: Weights,
    later: Callable[[Step], None],
    emit: Callable[[AnyEvent], None],
    fail: Callable[[BaseException], None],
    cues: Callable[[SightCues], None] = lambda _: None,
) -> Watch | None:
    """The watch that the configuration wants; None when the world camera is off: then no model of sight is loaded."""
    camera = open_camera(config.world_camera)
    return None if camera is None else Watch(camera, config, weights, later, emit, fail, cues)

"""Seeing in the glasses: a thread a camera, one for the models of sight, one for pupils; rules on the caller's."""

import threading
from collections.abc import Callable
from typing import Final, NamedTuple

from sottovoce_device.capture.camera import Camera, open_camera
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.config import Config, wearer_folder
from sottovoce_device.decide.calibration import Calibration
from sottovoce_device.decide.looking import SightAsk
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.errors import SensorError
from sottovoce_device.learnt import GAZE
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.eye import Eye
from sottovoce_device.sense.eye_watch import EyeWatch
from sottovoce_device.sense.gaze_file import read_calibration
from sottovoce_device.sense.gaze_script import GazeScript
from sottovoce_device.sense.patience import opened
from sottovoce_device.sense.seal import say
from sottovoce_device.sense.sight import Sight
from sottovoce_device.sense.sight_models import SightModels
from sottovoce_device.sense.stall import Stall
from sottovoce_device.sense.tally import CameraWord, GazeWord
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


class Cameras(NamedTuple):
    """The open cameras, and how the eye was calibrated. eye: None where there is no eye camera."""

    world: Camera
    eye: Camera | None = None
    calibration: Calibration | None = None


class Watch:
    """Owns the cameras and their threads; everything else happens on the thread that runs the steps.

    sight: what is told of gazes and commands. later: hands a step to the thread of the rules. fail: takes the error
    that ends the process.
    """

    def __init__(
        self,
        cameras: Cameras,
        config: Config,
        weights: Weights,
        later: Callable[[Step], None],
        emit: Callable[[AnyEvent], None],
        fail: Callable[[BaseException], None],
        cues: Callable[[SightCues], None] = lambda _: None,
    ) -> None:
        self._camera = cameras.world
        self._models = SightModels(config.seeing, weights, config.models.finder)
        self._models.warm_up()
        self._script = GazeScript(config.world_camera.gaze)
        self._later = later
        self._fail = fail
        self._frames: Mailbox[Frame] = Mailbox(FRAMES_WAITING)
        self._jobs: Mailbox[_Job] = Mailbox(ASKS_WAITING)
        self._busy = False
        self._looked = 0
        self._stall = Stall()
        self._muted = True
        self.sight = Sight(config, self._submit, self._models.able, emit, cues)
        self.eye = Eye(self.sight.lens, cameras.calibration, self.sight.gaze, emit, self._seek)
        self._eyes = None if cameras.eye is None else EyeWatch(cameras.eye, later, self.eye.take, fail)
        self._threads = [threading.Thread(target=t, name=t.__name__) for t in (self._capture, self._recognise)]

    def start(self) -> None:
        """Begin to see, muted."""
        for thread in self._threads:
            thread.start()
        if self._eyes is not None:
            self._eyes.start()

    def close(self) -> None:
        """Let the cameras go, overwrite what waits, end the threads. Only after start()."""
        if self._eyes is not None:
            self._eyes.close()
        self._camera.close()
        self._frames.close()
        self._jobs.close()
        for thread in self._threads:
            thread.join()
        self.sight.blind()

    def mute(self, muted: bool, now_ms: float) -> None:
        """Switch seeing off or on; off forgets what was seen."""
        self._muted = muted
        if self._eyes is not None:
            self._eyes.mute(muted)
        if muted:
            self.sight.blind()
            self.eye.blind(now_ms)

    @property
    def has_eye_camera(self) -> bool:
        """Whether there is one to calibrate."""
        return self._eyes is not None

    def states(self, now_ms: float) -> tuple[CameraWord, CameraWord, GazeWord]:
        """How the world camera, the eye camera and the gaze are, for Vitals."""
        world: CameraWord = "lost" if self._camera.state != "on" else self.sight.state(now_ms)
        if self._eyes is None:
            return world, "off", "off"
        eye: CameraWord = "lost" if self._eyes.camera.state != "on" else self.eye.state(now_ms)
        return world, eye, self.eye.gaze_state

    @property
    def back(self) -> bool:
        """Whether a camera that was unplugged is there again, and cannot be opened by this process."""
        return self._camera.state == "back" or (self._eyes is not None and self._eyes.camera.state == "back")

    @property
    def dropped(self) -> int:
        """Frames that were let go because the reader or the models were late."""
        return self._frames.dropped + self._jobs.dropped + (0 if self._eyes is None else self._eyes.dropped)

    def stalled(self, now_ms: float, longest_ms: float) -> bool:
        """Whether a model of sight has been at one frame for longer than that: it hangs."""
        return self._stall.lasts_ms(self._looked if self._busy else 0, now_ms) > longest_ms

    def _seek(self, on: bool) -> None:
        self.sight.seek(self.eye.mark if on else None)

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
            self._looked += 1
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
    world = opened(lambda: open_camera(config.world_camera), patient=False)
    eye = opened(lambda: open_camera(config.eye_camera, "eye_camera"), patient=False)
    if world is None:
        return None
    calibration = None
    if eye is not None:
        try:
            calibration = read_calibration(wearer_folder(config) / GAZE)
        except SensorError as error:  # told in Vitals, too: the gaze is uncalibrated
            say(str(error))
    return Watch(Cameras(world, eye, calibration), config, weights, later, emit, fail, cues)

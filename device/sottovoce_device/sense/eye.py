"""The eye, wired: pupils become gazes by a calibration, and a calibration is made of marks that were looked at."""

from collections.abc import Callable
from typing import Literal

from sottovoce_device.decide.calibrating import Calibrating
from sottovoce_device.decide.calibration import Calibration, Refusal
from sottovoce_device.decide.gaze_mapping import GazeMapping
from sottovoce_device.decide.learnt import learnt, tenths
from sottovoce_device.decide.lens import Lens
from sottovoce_device.decide.view import STALE_MS, View, ViewState
from sottovoce_device.observation import EyeLook, Gaze, Mark
from sottovoce_wire import AnyEvent, CalibrateGaze, Done, GazeCalibrated

GazeState = Literal["uncalibrated", "calibrated", "drifted"]


class Eye:
    """One wearer's eye, from looks at it to gazes. Not thread-safe: one thread calls it.

    calibration: None where there is none yet; then there is no gaze, and the head's direction stands in for it.
    gaze: takes each gaze. emit: takes events. seek: told whether the mark is to be looked for in the world frames.
    The same object runs in the glasses and in replay.
    """

    def __init__(
        self,
        lens: Lens,
        calibration: Calibration | None,
        gaze: Callable[[Gaze], None],
        emit: Callable[[AnyEvent], None],
        seek: Callable[[bool], None],
    ) -> None:
        self._lens = lens
        self._mapping = None if calibration is None else GazeMapping(calibration, lens)
        self._gaze = gaze
        self._emit = emit
        self._seek = seek
        self._view = View()
        self._seen_ms: float | None = None
        self._calibrating: Calibrating | None = None

    def take(self, look: EyeLook) -> None:
        """Take what the next frame told. One that equals the last to the bit, or a covered camera's, tells nothing."""
        self._seen_ms = look.glance.at_ms
        self._view.step(look.glance)
        if look.glance.same or self._view.state != "on":
            return
        if self._calibrating is not None:
            self._calibrating.pupil(look.pupil)
        if self._mapping is not None:
            gaze = self._mapping.step(look.pupil)
            if not self._mapping.drifted:
                self._gaze(gaze)

    def calibrate(self, command: CalibrateGaze, now_ms: float) -> None:
        """Begin a calibration; it is answered by GazeCalibrated as it goes, and by Done when it is over."""
        self._break_off(now_ms)
        self._calibrating = Calibrating(command.seq, command.marks, now_ms)
        self._seek(True)

    def mark(self, mark: Mark | None, at_ms: float) -> None:
        """Take where the mark was in the world frame of that moment."""
        going = self._calibrating
        if going is None:
            return
        before = len(going.taken)
        going.mark(None if mark is None else self._lens.angles(mark.x, mark.y), at_ms)
        if len(going.taken) > before:
            self._tell(going, at_ms, "taken", len(going.taken))
        self._end(going, at_ms)

    def tick(self, now_ms: float) -> None:
        """Have a calibration end that nobody goes on with."""
        if self._calibrating is not None and self._calibrating.tick(now_ms):
            self._end(self._calibrating, now_ms)

    def forget(self, now_ms: float) -> None:
        """Forget the calibration; the file of it is the gate's to erase."""
        self._break_off(now_ms)
        self._mapping = None

    def blind(self, now_ms: float) -> None:
        """Forget what was seen, not what was learnt: the wearer muted the glasses."""
        self._break_off(now_ms)
        self._view = View()
        self._seen_ms = None

    def state(self, now_ms: float) -> ViewState | Literal["lost"]:
        """Whether the eye camera sees: "lost" when no frame has come for a while."""
        if self._seen_ms is None or now_ms - self._seen_ms > STALE_MS:
            return "lost"
        return self._view.state

    @property
    def gaze_state(self) -> GazeState:
        """Whether there is a calibration, and whether it still holds."""
        if self._mapping is None:
            return "uncalibrated"
        return "drifted" if self._mapping.drifted else "calibrated"

    def _break_off(self, now_ms: float) -> None:
        if self._calibrating is not None:
            self._calibrating.outcome = Refusal("given_up")
            self._end(self._calibrating, now_ms)

    def _end(self, going: Calibrating, at_ms: float) -> None:
        """Tell how it came out, when it has: the numbers first, so that what is told to be done is kept."""
        outcome = going.outcome
        if outcome is None:
            return
        self._calibrating = None
        self._seek(False)
        if isinstance(outcome, Calibration):
            self._mapping = GazeMapping(outcome, self._lens)
            self._emit(learnt(outcome, at_ms))
            self._tell(going, at_ms, "accepted", outcome.marks, outcome)
        else:
            self._tell(going, at_ms, "refused", len(going.taken), outcome)
        done: Literal["done", "failed"] = "done" if isinstance(outcome, Calibration) else "failed"
        self._emit(Done(at_ms=max(0, round(at_ms)), command=going.command, name="CalibrateGaze", outcome=done))

    def _tell(
        self,
        going: Calibrating,
        at_ms: float,
        stage: Literal["taken", "accepted", "refused"],
        marks: int,
        outcome: Calibration | Refusal | None = None,
    ) -> None:
        self._emit(
            GazeCalibrated(
                at_ms=max(0, round(at_ms)),
                command=going.command,
                stage=stage,
                marks=marks,
                error=0 if outcome is None else tenths(outcome.error_deg),
                reason=outcome.reason if isinstance(outcome, Refusal) else "",
            )
        )

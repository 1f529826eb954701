"""Seeing, wired: frames are glanced at, models look where it is worth it, rules take what they find."""

import math
from collections.abc import Callable
from typing import Final, Literal

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.glimpses import Glimpses
from sottovoce_device.config import Config
from sottovoce_device.decide.company import Company, noticed
from sottovoce_device.decide.fixation import Dwell
from sottovoce_device.decide.gaze_track import GazeTrack
from sottovoce_device.decide.lens import Lens
from sottovoce_device.decide.looking import SightAsk, counted_out, looked_at, read_out
from sottovoce_device.decide.sight_cues import SightCues, cues_of
from sottovoce_device.decide.view import STALE_MS, STILL_MS, View
from sottovoce_device.observation import FacePose, Faces, Gaze, Mark, Reading, Thing
from sottovoce_device.perceive.glance import Glancer
from sottovoce_device.sense.sight_models import Found
from sottovoce_wire import AnyEvent, Done, Look

BACK_S: Final = 4.0
EVERY_MS: Final = 500.0
"""Frames of the last four seconds, two a second: 25 MB at 1280 x 720, enough for what "this" was."""
FACES_MS: Final = 190.0
"""Faces are looked for at most this often: five times a second shows lips moving."""
IDLE_MS: Final = 3_000.0
"""And at least this often, when nothing changes."""
STIRS: Final = 0.01
"""Lips that open darken a part of the thumbnail (20 x 20 pixels of 1280 x 720) by more than this, of faces so near that
they can be seen at all. Where less than that has changed anywhere, faces are as they were."""
COMPANY_MS: Final = 1_000.0
SURE: Final = 0.5
"""What nobody asked for is only told from this confidence on."""

Submit = Callable[[SightAsk, Frame], None]
"""Takes a frame to the models and wipes it; the answer comes back through Sight.learn()."""
Marks = Callable[[Mark | None, float], None]
"""Takes where the calibration mark is in a frame, and when that was sensed."""
State = Literal["on", "lost", "dark", "frozen"]


class Sight:
    """One wearer's sight, from frames and gazes to events. Not thread-safe: one thread calls it.

    able: whether there is a model for a kind of ask. cues: takes what sight says about who is being spoken to.
    The same object runs in the glasses, where `submit` hands frames to a thread, and in replay, where it answers
    at once.
    """

    def __init__(
        self,
        config: Config,
        submit: Submit,
        able: Callable[[str], bool],
        emit: Callable[[AnyEvent], None],
        cues: Callable[[SightCues], None] = lambda _: None,
    ) -> None:
        self._half_tan = math.tan(math.radians(config.world_camera.view_deg) / 2)
        self._glancer = Glancer()
        self._view = View()
        self._company = Company(config.world_camera.view_deg)
        self._glimpses = Glimpses(BACK_S, EVERY_MS)
        self._gazes = GazeTrack()
        camera = config.world_camera
        self.lens = Lens(camera.view_deg, camera.width / camera.height)
        self._dwell = Dwell(self.lens)
        self._submit = submit
        self._able = able
        self._emit = emit
        self._cues = cues
        self._marks: Marks | None = None
        self._faces: Faces | None = None
        self._poses: tuple[FacePose, ...] = ()
        self._faces_asked_ms = self._faces_seen_ms = -IDLE_MS
        self._stirred = True
        self._rested = False
        self._seen_ms: float | None = None
        self._blind_ms = -1.0

    def see(self, frame: Frame) -> None:
        """Take the next frame; it is overwritten when its turn is over."""
        self._seen_ms = frame.at_ms
        glance = self._glancer.infer(frame)
        changed = self._view.step(glance)
        self._stirred |= glance.most > STIRS
        self._glimpses.keep(frame)
        if self._view.state != "on":
            return
        if self._marks is not None:  # while a calibration is made, nothing else is looked for
            self._ask(SightAsk("mark", frame.at_ms, self._gazes.at(frame.at_ms)))
            return
        self._look_for_faces(changed, frame.at_ms)
        if changed:
            self._rested = False
        elif self._view.still_ms >= STILL_MS and not self._rested and not self._gazes.eyed(frame.at_ms, STALE_MS):
            self._rested = True
            self.rest(Gaze(0.5, 0.5, 1.0, "head", frame.at_ms), self._view.still_ms)

    def gaze(self, gaze: Gaze) -> None:
        """Take the next gaze on the world frame."""
        self._gazes.add(gaze)
        if gaze.source == "eye" and (fixation := self._dwell.step(gaze)) is not None:
            middle = Gaze(fixation.x, fixation.y, fixation.confidence, "eye", gaze.at_ms)
            self.rest(middle, fixation.rested_ms)

    def rest(self, gaze: Gaze, dwell_ms: float) -> None:
        """The attention has rested here for so long: name what is there, if anything surely is."""
        if self._able("recognise"):
            self._ask(SightAsk("recognise", gaze.at_ms, gaze, 0, dwell_ms))

    def seek(self, marks: Marks | None) -> None:
        """Look for the calibration mark in each frame, and tell where it is; None: no more."""
        self._marks = marks

    def look(self, command: Look, now_ms: float) -> None:
        """Answer the host's question: with events and Done, or with Done alone that says why not."""
        if not self._able(command.task):
            self._done(command.seq, now_ms, "unsupported")
            return
        meant_ms = float(command.said_ms) if 0 < command.said_ms < now_ms else now_ms
        ask = SightAsk(command.task, meant_ms, self._gazes.at(meant_ms), command.seq)
        if self.state(now_ms) != "on" or not self._ask(ask):
            self._done(command.seq, now_ms, "failed")

    def learn(self, ask: SightAsk, found: Found) -> None:
        """Take a model's answer."""
        if ask.at_ms <= self._blind_ms:
            self._done(ask.command, ask.at_ms, "failed")
            return
        if ask.kind == "mark":
            if self._marks is not None:
                self._marks(found if isinstance(found, Mark) else None, ask.at_ms)
            return
        if ask.kind == "faces":
            poses = found if isinstance(found, tuple) else ()
            self._learn_faces(ask, tuple(p for p in poses if isinstance(p, FacePose)))
            return
        events: list[AnyEvent] = []
        if isinstance(found, Reading):
            events = [read_out(ask, found)]
        elif isinstance(found, tuple):
            things = [t for t in found if isinstance(t, Thing)]
            if ask.kind == "count":
                events = [*counted_out(ask, things, self._half_tan)]
            elif ask.command or things[0].confidence >= SURE:
                events = [looked_at(ask, things[0], self._half_tan)]
        for event in events:
            self._emit(event)
        self._done(ask.command, ask.at_ms, "failed" if found is None else "done")

    def blind(self) -> None:
        """Forget all that was seen: the wearer muted the glasses."""
        self._glimpses.wipe()
        self._glancer.wipe()
        self._company.forget()
        self._gazes.forget()
        self._dwell = Dwell(self.lens)
        self._view = View()
        self._blind_ms = self._blind_ms if self._seen_ms is None else self._seen_ms
        self._faces, self._seen_ms, self._rested = None, None, False
        self._poses, self._stirred = (), True

    def state(self, now_ms: float) -> State:
        """Whether the camera sees: "lost" when no frame has come for a while."""
        if self._seen_ms is None or now_ms - self._seen_ms > STALE_MS:
            return "lost"
        return self._view.state

    def _look_for_faces(self, changed: bool, now_ms: float) -> None:
        since = now_ms - self._faces_asked_ms
        company = self._faces is not None and bool(self._faces.faces) and now_ms - self._faces.at_ms < COMPANY_MS
        due = since >= (FACES_MS if changed or company else IDLE_MS)
        if not due or not self._able("faces"):
            return
        self._faces_asked_ms = now_ms
        ask = SightAsk("faces", now_ms, self._gazes.at(now_ms), still=self._view.still_ms > since)
        if self._stirred or now_ms - self._faces_seen_ms >= IDLE_MS:
            self._stirred, self._faces_seen_ms = False, now_ms
            self._ask(ask)
        else:
            self._learn_faces(ask, self._poses)

    def _learn_faces(self, ask: SightAsk, poses: tuple[FacePose, ...]) -> None:
        self._poses = poses
        self._faces, news = self._company.step(poses, ask.at_ms)
        self._cues(cues_of(self._faces, self._gazes.latest, ask.at_ms))
        for event in news if not ask.command else [noticed(f, ask.at_ms, ask.command) for f in self._faces.faces]:
            self._emit(event)
        self._done(ask.command, ask.at_ms, "done")

    def _ask(self, ask: SightAsk) -> bool:
        """Whether there was a frame of that moment to ask about."""
        frame = self._glimpses.at(ask.at_ms)
        if frame is None:
            return False
        self._submit(ask, frame)
        return True

    def _done(self, command: int, at_ms: float, outcome: Literal["done", "failed", "unsupported"]) -> None:
        if command:
            self._emit(Done(at_ms=max(0, round(at_ms)), command=command, name="Look", outcome=outcome))

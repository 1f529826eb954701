"""The eye from frames to gazes: calibration, blinks, cameras that fail, drift."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from eye_scenes import LENS, PLACES, at_marks, calibration_of_rendered_eye, marked, signed, write_eye, write_world
from msgspec.structs import replace

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.rendered_eye import Disturbance, EyeRenderer, EyeState
from sottovoce_device.config import Config, EyeCameraConfig
from sottovoce_device.decide.calibrating import Calibrating
from sottovoce_device.decide.calibration import Calibration, Refusal
from sottovoce_device.decide.learnt import calibration_of, learnt
from sottovoce_device.decide.lens import apart_deg
from sottovoce_device.errors import SensorError
from sottovoce_device.observation import EyeLook, Gaze, Glance, Mark, Pupil
from sottovoce_device.perceive.eye import EyeReader
from sottovoce_device.replay import Replay
from sottovoce_device.replay_sight import EyeScript, Question
from sottovoce_device.sense.eye import Eye
from sottovoce_device.sense.gaze_file import read_calibration
from sottovoce_wire import AnyEvent, CalibrateGaze, Done, GazeCalibrated, GazeLearnt, Read, encode

STEP_MS = 50.0
SIGNS = {"WAY OUT": (-15.0, 0.0), "PLATFORM 9": (12.0, 4.0)}


class Wearer:
    """A rendered eye before the product's own reader and rules, in virtual time."""

    def __init__(self, calibration: Calibration | None) -> None:
        self.events: list[AnyEvent] = []
        self.gazes: list[Gaze] = []
        self.seeking: list[bool] = []
        self.eye = Eye(LENS, calibration, self.gazes.append, self.events.append, self.seeking.append)
        self.now_ms = 0.0
        self._renderer, self._random, self._reader = EyeRenderer(), np.random.default_rng(6), EyeReader()

    def look(self, state: EyeState, count: int, *, frozen: bool = False, dark: bool = False) -> list[Gaze]:
        """The gazes of so many frames."""
        before = len(self.gazes)
        grey = self._renderer.render(state, Disturbance(), self._random)
        for _ in range(count):
            self.now_ms += STEP_MS
            grey = grey if frozen else self._renderer.render(state, Disturbance(), self._random)
            frame = Frame(np.repeat((grey // (64 if dark else 1))[..., None], 3, axis=2), self.now_ms)
            self.eye.take(self._reader.infer(frame))
        return self.gazes[before:]


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return calibration_of_rendered_eye()


def test_an_eye_that_is_calibrated_on_the_mark_reads_the_sign_that_it_looks_at_and_not_the_other(
    tmp_path: Path,
) -> None:
    world = write_world(tmp_path / "world", [*(marked(*place) for place in PLACES), *[signed(SIGNS)] * 3])
    end_s = 1.4 * len(PLACES)
    looks = [(end_s, -15.0, 0.0, 1.0, 0.0), (end_s + 2, 12.0, 4.0, 1.0, 0.0), (end_s + 4, 12.0, 4.0, 1.0, 0.0)]
    eye = write_eye(tmp_path / "eye.csv", at_marks(1.4) + looks)
    settings = replace(
        Config(),
        eye_camera=EyeCameraConfig(fps=12),
        world_camera=replace(Config().world_camera, each_s=1.4),
    )
    asked = [Question("read", end_s + 1.5), Question("read", end_s + 3.5)]
    events = [left.event for left in Replay(settings).run(None, world=world, gazes=EyeScript(eye, 9), questions=asked)]
    told = [e for e in events if isinstance(e, GazeCalibrated)]
    assert [e.stage for e in told] == ["taken"] * 9 + ["accepted"]
    assert 0 < told[-1].error <= 15, "tenths of a degree: the goal is 1.5"
    assert not [e for e in events if isinstance(e, GazeLearnt)], "the numbers stay on the glasses"
    assert [(e.text, e.source) for e in events if isinstance(e, Read)] == [("WAY OUT", "eye"), ("PLATFORM 9", "eye")]


def test_an_eye_without_a_calibration_is_not_guessed_from(tmp_path: Path) -> None:
    wearer = Wearer(None)
    assert wearer.look(EyeState(5, 5), 5) == []
    assert wearer.eye.gaze_state == "uncalibrated"
    world = write_world(tmp_path / "world", [signed(SIGNS)])
    settings = replace(Config(), device=replace(Config().device, state=str(tmp_path / "none")))
    script = EyeScript(write_eye(tmp_path / "eye.csv", [(0.0, 0.0, 0.0, 1.0, 0.0)]))
    with pytest.raises(SensorError, match="calibrate-gaze"):
        list(Replay(settings).run(None, world=world, gazes=script))


def test_a_blink_has_no_gaze_and_the_eye_that_opens_has_its_own_again(calibration: Calibration) -> None:
    wearer = Wearer(calibration)
    before = wearer.look(EyeState(9, -4), 4)
    shut = wearer.look(EyeState(9, -4, opening=0.0), 4)
    after = wearer.look(EyeState(9, -4), 4)
    assert all(g.confidence > 0.6 for g in before + after)
    assert all(g.confidence < 0.6 for g in shut)
    for gaze in before + after:
        assert apart_deg(LENS.angles(gaze.x, gaze.y), (9, -4)) < 2


def test_a_camera_that_repeats_itself_or_is_covered_has_no_gaze_from_its_first_bad_frame_on(
    calibration: Calibration,
) -> None:
    for how, word in (({"frozen": True}, "frozen"), ({"dark": True}, "dark")):
        wearer = Wearer(calibration)
        assert len(wearer.look(EyeState(0, 0), 4)) == 4
        bad = wearer.look(EyeState(0, 0), 60, **how)
        assert [g for g in bad[1:] if g.confidence > 0.6] == []
        assert wearer.eye.state(wearer.now_ms) == word
        assert wearer.eye.state(wearer.now_ms + 5_000) == "lost"
        assert [g for g in wearer.look(EyeState(0, 0), 4)[1:] if g.confidence > 0.6], "and it comes back"
        assert wearer.eye.state(wearer.now_ms) == "on"


def test_glasses_that_slip_too_far_are_noticed_and_their_gaze_is_not_told(calibration: Calibration) -> None:
    wearer = Wearer(calibration)
    random = np.random.default_rng(8)
    for _ in range(20):
        wearer.look(EyeState(*random.uniform(-10, 10, 2)), 1)
    assert wearer.eye.gaze_state == "calibrated"
    for _ in range(40):
        last = wearer.look(EyeState(*random.uniform(-10, 10, 2), slip_mm=(0.0, 3.5, 0.0)), 1)
    assert wearer.eye.gaze_state == "drifted"
    assert last == []


def seen(at_ms: float, place: tuple[float, float] | None = None, sure: float = 0.9, scatter: float = 0.0) -> Pupil:
    yaw, pitch = place or (0.0, 0.0)
    wander = scatter * (round(at_ms / STEP_MS) % 3 - 1)
    return Pupil(0.5 + 0.004 * yaw + wander, 0.4 + 0.004 * pitch + wander, 0.06, sure, (), at_ms)


def glance(at_ms: float) -> Glance:
    return Glance(0.5, 0.2, 0.0, 0.0, False, at_ms)


def moments(until_ms: float) -> Iterator[float]:
    yield from np.arange(0.0, until_ms, STEP_MS)


@pytest.mark.parametrize(
    ("mark", "sure", "scatter", "reason"),
    [(False, 0.9, 0.0, "mark_unseen"), (True, 0.2, 0.0, "eye_unseen"), (True, 0.9, 0.05, "restless")],
)
def test_a_calibration_that_does_not_come_on_is_given_up_and_says_what_was_missing(
    mark: bool, sure: float, scatter: float, reason: str
) -> None:
    going = Calibrating(1, 9, 0.0)
    for at_ms in moments(31_000):
        going.pupil(seen(at_ms, sure=sure, scatter=scatter))
        if at_ms % 200 == 0:
            going.mark((3.0, 3.0) if mark else None, at_ms)
    assert isinstance(going.outcome, Refusal)
    assert going.outcome.reason == reason


@pytest.mark.parametrize(("speed_deg_s", "taken"), [(0.0, 1), (5.0, 0)])
def test_the_same_place_counts_once_and_a_mark_that_moves_counts_not_at_all(speed_deg_s: float, taken: int) -> None:
    going = Calibrating(1, 9, 0.0)
    for at_ms in moments(6_000):
        going.pupil(seen(at_ms))
        if at_ms % 200 == 0:
            going.mark((-15.0 + speed_deg_s * at_ms / 1000, 5.0), at_ms)
    assert len(going.taken) == taken


def calibrated(wearer: Wearer, places: list[tuple[float, float]], pupils: list[tuple[float, float]]) -> None:
    """Goes through a calibration at these places, with the pupils of looks at those."""
    wearer.eye.calibrate(CalibrateGaze(seq=4, marks=9), 0.0)
    for at_ms in moments(1_500.0 * len(places)):
        number = int(at_ms // 1_500)
        wearer.eye.take(EyeLook(glance(at_ms), seen(at_ms, pupils[number])))
        if at_ms % 200 == 0:
            wearer.eye.mark(Mark(*LENS.point(*places[number])), at_ms)


def test_a_calibration_is_told_step_by_step_and_its_numbers_come_before_it_is_called_done() -> None:
    wearer = Wearer(None)
    calibrated(wearer, PLACES, PLACES)
    kinds = [type(e).__name__ for e in wearer.events]
    assert kinds == ["GazeCalibrated"] * 9 + ["GazeLearnt", "GazeCalibrated", "Done"]
    assert [e.outcome for e in wearer.events if isinstance(e, Done)] == ["done"]
    assert wearer.seeking == [True, False]
    assert wearer.eye.gaze_state == "calibrated"
    wearer.eye.forget(wearer.now_ms)
    assert wearer.eye.gaze_state == "uncalibrated"


def test_a_poor_calibration_leaves_the_one_before_in_force(calibration: Calibration) -> None:
    wearer = Wearer(calibration)
    before = wearer.look(EyeState(6, 6), 1)[-1]
    calibrated(wearer, PLACES, [PLACES[n] for n in (4, 0, 7, 2, 8, 1, 5, 3, 6)])
    last = [e for e in wearer.events if isinstance(e, GazeCalibrated)][-1]
    assert (last.stage, last.reason) == ("refused", "disagree")
    assert last.error > 20
    assert [e.outcome for e in wearer.events if isinstance(e, Done)] == ["failed"]
    wearer.now_ms = 20_000
    after = wearer.look(EyeState(6, 6), 1)[-1]
    assert apart_deg(LENS.angles(before.x, before.y), LENS.angles(after.x, after.y)) < 1.5


def test_muting_forgetting_or_beginning_anew_breaks_a_calibration_off_and_answers_it() -> None:
    for act in (
        lambda eye: eye.blind(900.0),
        lambda eye: eye.forget(900.0),
        lambda eye: eye.calibrate(CalibrateGaze(seq=5, marks=9), 900.0),
    ):
        wearer = Wearer(None)
        wearer.eye.calibrate(CalibrateGaze(seq=4, marks=9), 0.0)
        act(wearer.eye)
        last, done = wearer.events
        assert isinstance(last, GazeCalibrated)
        assert last.reason == "given_up"
        assert isinstance(done, Done)
        assert (done.command, done.outcome) == (4, "failed")


def test_a_calibration_comes_back_from_its_file_as_it_was_to_a_hundredth_of_a_degree(
    calibration: Calibration, tmp_path: Path
) -> None:
    path = tmp_path / "calibration.json"
    assert read_calibration(path) is None
    path.write_bytes(encode(learnt(calibration, 7.0)))
    back = read_calibration(path)
    assert back is not None
    for u in (-1.0, 0.0, 0.7):
        assert apart_deg(back.direction(u, 0.5), calibration.direction(u, 0.5)) < 0.01
    assert back.marks == calibration.marks
    assert len(back.glint) == len(calibration.glint) == 2


@pytest.mark.parametrize("content", [b"", b"nonsense", encode(Done(at_ms=0, command=1, name="Look", outcome="done"))])
def test_a_file_that_is_no_calibration_is_named_with_the_cure(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(content)
    with pytest.raises(SensorError, match=r"calibration\.json: not a gaze calibration; run"):
        read_calibration(path)
    short = GazeLearnt(at_ms=0, error=5, marks=9, direction=(1,) * 11, glint=(), scale=(1, 1, 1, 1))
    assert calibration_of(short) is None


def test_where_the_gaze_rests_is_named_with_its_source_and_a_head_stands_in_when_the_eye_is_gone() -> None:
    from sottovoce_device.decide.gaze_track import GazeTrack

    track = GazeTrack()
    track.add(Gaze(0.8, 0.3, 0.9, "eye", 1_000.0))
    track.add(Gaze(0.1, 0.1, 0.0, "eye", 1_200.0))
    assert (track.at(1_200).x, track.at(1_200).source) == (0.8, "eye"), "a blink is over before the eye is elsewhere"
    assert (track.at(1_600).x, track.at(1_600).source) == (0.5, "head")
    assert track.eyed(1_300, 1_500)
    assert not track.eyed(3_000, 1_500)

import msgspec
import numpy as np
import pytest

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.rendered_eye import Disturbance, EyeRenderer, EyeState
from sottovoce_device.decide.calibration import Calibration, LookedMark, Refusal, calibrate
from sottovoce_device.decide.gaze_mapping import GazeMapping
from sottovoce_device.decide.lens import Lens, apart_deg
from sottovoce_device.observation import Pupil
from sottovoce_device.perceive.pupil import PupilFinder
from sottovoce_wire.calibration import REASONS

LENS = Lens(66.0, 16 / 9)
GRID = [(yaw, pitch) for pitch in (-10.0, 0.0, 10.0) for yaw in (-18.0, -6.0, 6.0, 18.0)]


def pupil(yaw: float, pitch: float, slip: float = 0.0, *, lamp: bool = True, confidence: float = 0.9) -> Pupil:
    """An eye whose pupil moves by 0.4 % of the frame a degree, its glint half as far. A slip moves both."""
    x, y = 0.5 + 0.004 * yaw + 2e-5 * yaw * pitch, 0.4 + 0.004 * pitch + 1e-5 * yaw * yaw
    glints = ((0.5 + 0.002 * yaw + 0.9 * slip, 0.42 + 0.002 * pitch + 0.9 * slip),) if lamp else ()
    return Pupil(x + slip, y + slip, 0.06, confidence, glints, 0.0)


def marks(places: list[tuple[float, float]], *, lamp: bool = True) -> list[LookedMark]:
    return [LookedMark(yaw, pitch, tuple(pupil(yaw, pitch, lamp=lamp) for _ in range(8))) for yaw, pitch in places]


def accepted(looked: list[LookedMark]) -> Calibration:
    found = calibrate(looked)
    assert isinstance(found, Calibration), found
    return found


def test_marks_that_were_looked_at_give_a_calibration_of_numbers_only() -> None:
    calibration = accepted(marks(GRID))
    assert calibration.error_deg < 0.5
    assert calibration.marks == 12
    assert msgspec.json.decode(msgspec.json.encode(calibration), type=Calibration) == calibration


def test_a_mark_that_was_not_looked_at_is_left_out() -> None:
    looked = marks(GRID)
    looked[5] = LookedMark(-6.0, 0.0, tuple(pupil(12.0, 8.0) for _ in range(8)))
    calibration = accepted(looked)
    assert calibration.marks == 11
    assert calibration.error_deg < 0.5


def test_a_poor_calibration_is_refused_with_its_reason() -> None:
    random = np.random.default_rng(2)
    scattered = [LookedMark(y, p, (pupil(*random.uniform(-18, 18, 2)),) * 8) for y, p in GRID]
    near = marks([(yaw / 5, pitch / 5) for yaw, pitch in GRID])
    shut = [LookedMark(y, p, (pupil(y, p, confidence=0.1),) * 8) for y, p in GRID]
    for looked, reason in (
        (scattered, "disagree"), (near, "narrow"), (shut, "few"), (marks(GRID[:8]), "few"),
    ):  # fmt: skip
        found = calibrate(looked)
        assert isinstance(found, Refusal)
        assert found.reason == reason
        assert len(REASONS[found.reason]) > 40, "people are told what to do"


def test_glasses_that_slipped_are_noticed_by_the_glint_and_made_good() -> None:
    mapping = GazeMapping(accepted(marks(GRID)), LENS)
    for _ in range(30):
        gaze = mapping.step(pupil(6.0, 4.0, slip=0.02))
    assert gaze.confidence > 0.5
    assert apart_deg(LENS.angles(gaze.x, gaze.y), (6.0, 4.0)) < 0.7
    assert 4 < mapping.shift_deg < 9
    assert not mapping.drifted


def test_a_slip_too_far_makes_the_gaze_unsure_and_asks_for_a_new_calibration() -> None:
    mapping = GazeMapping(accepted(marks(GRID)), LENS)
    for _ in range(30):
        gaze = mapping.step(pupil(0.0, 0.0, slip=0.06))
    assert mapping.drifted
    assert gaze.confidence == 0


def test_without_a_glint_an_eye_that_stays_out_of_range_asks_for_a_new_calibration() -> None:
    mapping = GazeMapping(accepted(marks(GRID, lamp=False)), LENS)
    for _ in range(1000):
        mapping.step(pupil(35.0, 20.0, lamp=False))
    assert mapping.drifted


def test_what_looks_like_a_pupil_where_no_pupil_of_this_eye_can_be_has_no_gaze() -> None:
    mapping = GazeMapping(accepted(marks(GRID)), LENS)
    assert mapping.step(pupil(25.0, 12.0)).confidence > 0.5, "a little beyond the marks the eye can be"
    assert mapping.step(pupil(45.0, 20.0)).confidence == 0


def test_a_shut_eye_has_no_gaze() -> None:
    mapping = GazeMapping(accepted(marks(GRID)), LENS)
    assert mapping.step(pupil(3.0, 3.0, confidence=0.2)).confidence == 0


@pytest.mark.parametrize("slip_mm", [0.0, 1.0, 2.0])
def test_a_rendered_eye_is_followed_within_a_degree_and_a_half(slip_mm: float) -> None:
    renderer, finder, random = EyeRenderer(), PupilFinder(), np.random.default_rng(4)

    def seen(yaw: float, pitch: float, slip: float = 0.0) -> Pupil:
        grey = renderer.render(EyeState(yaw, pitch, slip_mm=(0.0, slip, 0.0)), Disturbance(), random)
        return finder.infer(Frame(np.repeat(grey[..., None], 3, axis=2), 0.0))

    mapping = GazeMapping(accepted([LookedMark(y, p, tuple(seen(y, p) for _ in range(5))) for y, p in GRID]), LENS)
    errors = []
    for number in range(60):
        look = random.uniform(-18, 18), random.uniform(-10, 10)
        gaze = mapping.step(seen(*look, slip_mm))
        if number >= 20:
            errors.append(apart_deg(LENS.angles(gaze.x, gaze.y), look))
    assert np.mean(errors) < 1.5

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce_device.decide.fixation import Dwell, Fixation, FixationFinder
from sottovoce_device.decide.lens import Lens
from sottovoce_device.observation import Gaze

LENS = Lens(66.0, 16 / 9)
STEP_MS = 16.0


def gazes(
    yaw: float, pitch: float, from_ms: float, until_ms: float, jitter: float = 0.3, sure: float = 0.9
) -> list[Gaze]:
    random = np.random.default_rng(int(from_ms))
    out = []
    for at_ms in np.arange(from_ms, until_ms, STEP_MS):
        x, y = LENS.point(yaw + random.normal(0, jitter), pitch + random.normal(0, jitter))
        out.append(Gaze(x, y, sure, "eye", float(at_ms)))
    return out


def looks(*parts: list[Gaze]) -> list[Fixation]:
    dwell = Dwell(LENS)
    return [found for part in parts for gaze in part if (found := dwell.step(gaze)) is not None]


def test_a_gaze_that_rests_is_a_look_once() -> None:
    (look,) = looks(gazes(10, -5, 0, 2000))
    assert 500 <= look.rested_ms < 600
    assert LENS.angles(look.x, look.y) == (pytest.approx(10, abs=0.3), pytest.approx(-5, abs=0.3))


def test_glances_in_passing_are_no_looks() -> None:
    assert not looks(*(gazes(10 * (n % 3), 0, n * 250, (n + 1) * 250) for n in range(12)))


def test_two_places_are_two_looks() -> None:
    first, second = looks(gazes(-10, 0, 0, 800), gazes(10, 0, 800, 1600))
    assert first.x < 0.5 < second.x


def test_a_blink_is_no_fixation_and_its_time_is_no_rest() -> None:
    shut = gazes(0, 20, 304, 504, jitter=3, sure=0.0)
    (look,) = looks(gazes(5, 5, 0, 304), shut, gazes(5, 5, 504, 1200))
    assert look.at_ms - look.started_ms >= 690
    assert not looks(gazes(0, 0, 0, 3000, sure=0.0))


def test_a_long_gap_ends_a_fixation() -> None:
    assert not looks(gazes(5, 5, 0, 400), gazes(0, 0, 400, 900, sure=0.0), gazes(5, 5, 900, 1300))


def test_a_stray_sample_does_not_end_a_fixation() -> None:
    stray = [Gaze(*LENS.point(25, 10), 0.9, "eye", 320.0)]
    assert len(looks(gazes(0, 0, 0, 320), stray, gazes(0, 0, 336, 900))) == 1


@settings(max_examples=40, deadline=None)
@given(st.floats(-25, 25), st.floats(-14, 14), st.integers(0, 10_000), st.floats(0, 0.4))
def test_a_look_is_stable_under_jitter(yaw: float, pitch: float, start: int, jitter: float) -> None:
    assert len(looks(gazes(yaw, pitch, start, start + 1500, jitter))) == 1


@given(st.floats(-30, 30), st.floats(-17, 17))
def test_a_direction_and_its_point_on_the_frame_are_one(yaw: float, pitch: float) -> None:
    assert LENS.angles(*LENS.point(yaw, pitch)) == (pytest.approx(yaw, abs=1e-6), pytest.approx(pitch, abs=1e-6))


def test_a_fixation_never_counts_more_rest_than_time() -> None:
    finder = FixationFinder(LENS)
    for gaze in gazes(3, 3, 0, 1000):
        found = finder.step(gaze)
        assert found is None or found.rested_ms <= found.at_ms - found.started_ms + 1e-6

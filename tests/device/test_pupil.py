from typing import Any

import numpy as np
import pytest

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.rendered_eye import SIZE, Disturbance, EyeRenderer, EyeState
from sottovoce_device.observation import PUPIL_FOUND
from sottovoce_device.perceive.ellipse import EllipseFit
from sottovoce_device.perceive.eye import EyeReader
from sottovoce_device.perceive.pupil import PupilFinder

HARD = Disturbance(noise=6, blur_px=1.2, lashes=0.8, reflections=2, haze=0.3, shade=0.3)


def looks(count: int, disturbance: Disturbance, **how: Any) -> tuple[float, float]:
    """The part of eyes whose pupil is found, and the median distance from where it is, in pixels."""
    renderer, finder, random = EyeRenderer(), PupilFinder(), np.random.default_rng(1)
    errors = []
    for _ in range(count):
        state = EyeState(random.uniform(-20, 20), random.uniform(-12, 12), random.uniform(1.5, 3.2), **how)
        grey = renderer.render(state, disturbance, random)
        pupil = finder.infer(Frame(np.repeat(grey[..., None], 3, axis=2), 5.0))
        x, y = renderer.pupil_centre(state)
        if pupil.confidence >= PUPIL_FOUND:
            errors.append(float(np.hypot(pupil.x * SIZE - x, pupil.y * SIZE - y)))
    return len(errors) / count, float(np.median(errors)) if errors else 0.0


@pytest.mark.parametrize(
    "disturbance",
    [
        Disturbance(), Disturbance(noise=12), Disturbance(blur_px=2), Disturbance(reflections=4),
        Disturbance(lashes=1.0), Disturbance(haze=0.6), Disturbance(shade=0.5), Disturbance(lamp=False), HARD,
    ],
)  # fmt: skip
def test_the_pupil_is_found_whatever_spoils_the_picture(disturbance: Disturbance) -> None:
    found, error_px = looks(40, disturbance)
    assert found >= 0.9  # of 40 eyes; tests/bench/gaze.py measures it finely
    assert error_px < 1


def test_the_pupil_is_found_behind_lids_that_hang() -> None:
    found, error_px = looks(40, Disturbance(), opening=0.7)
    assert found >= 0.95
    assert error_px < 1


def test_a_shut_eye_has_no_pupil() -> None:
    for disturbance in (Disturbance(), HARD):
        found, _ = looks(60, disturbance, opening=0.0)
        assert found <= 0.1


def test_an_even_or_a_tiny_picture_has_no_pupil() -> None:
    for shape, value in (((240, 320, 3), 0), ((240, 320, 3), 128), ((240, 320, 3), 255), ((8, 8, 3), 90)):
        pupil = PupilFinder().infer(Frame(np.full(shape, value, np.uint8), 1.0))
        assert pupil.confidence < PUPIL_FOUND


@pytest.mark.parametrize("seed", range(50))
def test_an_ellipse_is_found_though_a_third_of_its_points_are_wrong(seed: int) -> None:
    random = np.random.default_rng(seed)
    (x, y), long, roundness = random.uniform(-4, 4, 2), random.uniform(8, 40), random.uniform(0.65, 1)
    turn = random.uniform(0, np.pi)
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    local = np.stack([long * np.cos(angles), long * roundness * np.sin(angles)])
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ local
    points = turned.T + np.array([x, y]) + random.normal(0, 0.2, (60, 2))
    wrong = random.choice(60, 20, replace=False)
    points[wrong] *= random.uniform(1.3, 2.0, (20, 1))
    found = EllipseFit().fit(points, 4.0, 60.0)
    assert found is not None
    assert np.hypot(found.x - x, found.y - y) < 1
    assert abs(found.long - long) < 1.5


def seen(yaw: float, pitch: float, at_ms: float, opening: float = 1.0) -> Frame:
    """A frame whose noise is its own, and whose light and lashes are those of all others."""
    state = EyeState(yaw, pitch, opening=opening)
    grey = EyeRenderer().render(state, Disturbance(noise=0), np.random.default_rng(1)).astype(float)
    grey += np.random.default_rng(round(at_ms)).normal(0, 2, grey.shape)
    return Frame(np.repeat(np.clip(np.rint(grey), 0, 255).astype(np.uint8)[..., None], 3, axis=2), at_ms)


def test_an_eye_that_rests_is_looked_at_closely_once_and_anew_when_it_moves_or_shuts() -> None:
    reader = EyeReader()
    looks = [reader.infer(seen(4.0, 2.0, 33.0 * n)).pupil for n in range(10)]
    assert {(p.x, p.y) for p in looks} == {(looks[0].x, looks[0].y)}, "noise alone is no reason to search"
    assert [p.at_ms for p in looks] == [33.0 * n for n in range(10)]
    assert abs(reader.infer(seen(5.0, 2.0, 400.0)).pupil.x - looks[0].x) > 0.5 / SIZE
    assert reader.infer(seen(5.0, 2.0, 433.0, opening=0.0)).pupil.confidence < PUPIL_FOUND
    assert reader.infer(seen(5.0, 2.0, 466.0)).pupil.confidence >= PUPIL_FOUND


def test_an_eye_that_follows_slowly_is_followed() -> None:
    reader, errors = EyeReader(), []
    for n in range(60):  # three degrees a second: a tenth of a degree a frame, less than what is looked at anew
        yaw = -3.0 + 0.1 * n
        pupil = reader.infer(seen(yaw, 0.0, 33.0 * n)).pupil
        x, y = EyeRenderer().pupil_centre(EyeState(yaw, 0.0))
        errors.append(float(np.hypot(pupil.x * SIZE - x, pupil.y * SIZE - y)))
    assert max(errors) - min(errors) < 0.6

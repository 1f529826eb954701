"""What an eye camera sees for a while, rendered beforehand: drawing an eye costs more than finding its pupil."""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "device"))

from eye_scenes import keep_calibration

from sottovoce_device.capture.rendered_eye import Disturbance, EyeRenderer, EyeState
from sottovoce_device.config import Config, DeviceConfig

FPS = Config().eye_camera.fps
SECONDS = 8
PLACES_A_SECOND = 3
"""Somebody who looks at a picture rests a third of a second on each place (Henderson 2003: 330 ms)."""
BLINK_S, BLINK_EVERY_S = 0.25, 4.0
SACCADE_S = 0.04
"""A jump of ten degrees takes so long (Salvucci and Goldberg 2000 give 25 to 60 ms)."""
TREMOR_DEG = 0.1
"""How far the eye drifts about a point that it rests on (Rayner 1998: it is never quite still)."""


def states() -> list[EyeState]:
    """How the eye is in each frame: it goes from place to place, and blinks now and then."""
    random = np.random.default_rng(21)
    count = SECONDS * PLACES_A_SECOND
    places = random.uniform((-15, -10), (15, 10), (count, 2))
    found = []
    for number in range(SECONDS * FPS):
        at_s = number / FPS
        which = int(at_s * count / SECONDS)
        since = at_s - which * SECONDS / count
        under_way = min(1.0, since / SACCADE_S)
        at = places[which - 1] + (places[which] - places[which - 1]) * under_way
        at = at + TREMOR_DEG * np.sin([2 * np.pi * at_s, 4.4 * np.pi * at_s])
        shut = at_s % BLINK_EVERY_S >= BLINK_EVERY_S - BLINK_S
        found.append(EyeState(at[0], at[1], 2.2, opening=0.0 if shut else 1.0))
    return found


def pictures(disturbance: Disturbance) -> Iterator[np.ndarray]:  # type: ignore[type-arg]
    """What the camera sees: lashes and light are the same from picture to picture, and the noise is not."""
    renderer, random = EyeRenderer(), np.random.default_rng(22)
    for state in states():
        calm = renderer.render(state, replace(disturbance, noise=0.0), np.random.default_rng(23))
        yield np.clip(np.rint(calm + random.normal(0, disturbance.noise, calm.shape)), 0, 255).astype(np.uint8)


def settings(folder: Path, name: str) -> str:
    """Settings of glasses with an eye camera that sees this, over and over, and of a calibration for that eye."""
    film = folder / f"{name}-eye"
    film.mkdir()
    for number, picture in enumerate(pictures(Disturbance())):
        cv2.imwrite(str(film / f"{number:03}.bmp"), picture)
    keep_calibration(Config(device=DeviceConfig(state=str(folder / name))))
    return (
        f'[device]\nstate = "{folder / name}"\n[eye_camera]\ndriver = "simulated"\npath = "{film}"\nat_end = "loop"\n'
    )

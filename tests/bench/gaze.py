"""How well the eye is followed, on rendered eyes with known gaze: `python -m tests.bench.gaze`.

Each row: a calibration on nine marks under clear conditions, then looks at random under one disturbance. The peer,
pupil-detectors 2.0.2, sees the same pictures and is calibrated in the same way; where it is not installed the column
says so.
"""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from sottovoce_device.capture.eyelids import lid_cover
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.rendered_eye import (
    KAPPA_DEG,
    PUPIL_PLANE_MM,
    SIZE,
    Disturbance,
    EyeRenderer,
    EyeState,
)
from sottovoce_device.capture.rendered_eye import _direction as direction
from sottovoce_device.decide.calibration import Calibration, LookedMark, Refusal, calibrate
from sottovoce_device.decide.gaze_mapping import GazeMapping
from sottovoce_device.decide.lens import Lens, apart_deg
from sottovoce_device.decide.slippage import Slippage
from sottovoce_device.observation import PUPIL_FOUND, Pupil
from sottovoce_device.perceive.pupil import PupilFinder

MARKS = [(yaw, pitch) for pitch in (-10, 0, 10) for yaw in (-18, 0, 18)]
LOOKS = 200
SETTLE = 30
PX = 1 / SIZE
IN_VIEW = (0.0, 0.3, 0.4, 0.5, 0.7, 1.0001)
"""Shares of a pupil, between which the looks behind half-shut lids are counted."""
CONDITIONS: dict[str, tuple[Disturbance, dict[str, Any]]] = {
    "clear": (Disturbance(), {}),
    "noise 10": (Disturbance(noise=10), {}),
    "blur 2 px": (Disturbance(blur_px=2), {}),
    "four reflections": (Disturbance(reflections=4), {}),
    "no lamp, no glint": (Disturbance(lamp=False), {}),
    "many lashes": (Disturbance(lashes=1.0), {}),
    "lids 30 % down": (Disturbance(), {"opening": 0.7}),
    "lids 50 % down": (Disturbance(), {"opening": 0.5}),
    "haze 60 %": (Disturbance(haze=0.6), {}),
    "uneven light": (Disturbance(shade=0.5), {}),
    "all at once": (Disturbance(noise=6, blur_px=1.2, lashes=0.8, reflections=2, haze=0.3, shade=0.3), {}),
    "slipped 0.5 mm": (Disturbance(), {"slip_mm": (0.0, 0.5, 0.0)}),
    "slipped 1 mm": (Disturbance(), {"slip_mm": (0.3, 1.0, 0.0)}),
    "slipped 2 mm": (Disturbance(), {"slip_mm": (0.5, 2.0, 0.5)}),
    "1 mm, no glint": (Disturbance(lamp=False), {"slip_mm": (0.3, 1.0, 0.0)}),
}
Find = Callable[[np.ndarray], Pupil]


def ours() -> Find:
    finder = PupilFinder()
    return lambda grey: finder.infer(Frame(np.repeat(grey[..., None], 3, axis=2), 0.0))


def peer() -> Find | None:
    try:
        from pupil_detectors import Detector2D
    except ImportError:
        return None
    detector = Detector2D()

    def find(grey: np.ndarray) -> Pupil:
        found = detector.detect(np.ascontiguousarray(grey))
        (x, y), diameter = found["ellipse"]["center"], max(found["ellipse"]["axes"])
        return Pupil(x * PX, y * PX, diameter * PX / 2, found["confidence"], (), 0.0)

    return find


def calibrated(find: Find, renderer: EyeRenderer, seed: int) -> Calibration | Refusal:
    random = np.random.default_rng(seed)
    marks = []
    for yaw, pitch in MARKS:
        pupils = []
        for _ in range(12):
            wander = random.normal(0, 0.2, 2)
            state = EyeState(yaw + wander[0], pitch + wander[1], random.uniform(1.8, 2.4))
            pupils.append(find(renderer.render(state, Disturbance(), random)))
        marks.append(LookedMark(yaw, pitch, tuple(pupils)))
    return calibrate(marks)


def measure(find: Find, calibration: Calibration, disturbance: Disturbance, how: dict[str, Any]) -> str:
    renderer, random, slippage = EyeRenderer(), np.random.default_rng(11), Slippage(calibration)
    errors, spent = [], []
    for number in range(SETTLE + LOOKS):
        look = random.uniform(-20, 20), random.uniform(-12, 12)
        grey = renderer.render(EyeState(*look, random.uniform(1.5, 3.2), **how), disturbance, random)
        began = time.process_time()
        pupil = find(grey)
        spent.append((time.process_time() - began) * 1000)
        place = slippage.step(pupil)
        if number >= SETTLE and pupil.confidence >= PUPIL_FOUND:
            errors.append(apart_deg(calibration.direction(*place), look))
    if not errors:
        return "found none"
    return (
        f"{100 * len(errors) / LOOKS:5.1f} % | {np.mean(errors):5.2f} | {np.quantile(errors, 0.95):5.2f} "
        f"| {np.median(spent):4.1f}"
    )


def in_view(state: EyeState) -> float:
    """The share of the pupil's disc that the lids leave open."""
    axis = direction(state.yaw_deg + KAPPA_DEG[0], state.pitch_deg + KAPPA_DEG[1])
    beside = np.cross(axis, [0.0, 1.0, 0.0]) / np.linalg.norm(np.cross(axis, [0.0, 1.0, 0.0]))
    radius, turn = np.meshgrid(np.sqrt(np.linspace(0.02, 1, 12)), np.linspace(0, 2 * np.pi, 24, endpoint=False))
    around = np.cos(turn)[..., None] * beside + np.sin(turn)[..., None] * np.cross(axis, beside)
    disc = axis * PUPIL_PLANE_MM + state.pupil_mm * radius[..., None] * around
    return float(
        1 - lid_cover(disc * (12.5 / np.linalg.norm(disc, axis=-1, keepdims=True)), 0.5, state.pitch_deg).mean()
    )


def behind_lids(find: Find, calibration: Calibration) -> str:
    """How often a pupil is found behind lids that are half shut, and how true, by how much of it is in view."""
    renderer, random, slippage = EyeRenderer(), np.random.default_rng(12), Slippage(calibration)
    told: list[tuple[float, float | None]] = []
    for number in range(SETTLE + 3 * LOOKS):
        look = random.uniform(-20, 20), random.uniform(-12, 12)
        state = EyeState(*look, random.uniform(1.5, 3.2), opening=0.5)
        pupil = find(renderer.render(state, Disturbance(), random))
        place = slippage.step(pupil)
        found = pupil.confidence >= PUPIL_FOUND
        if number >= SETTLE:
            told.append((in_view(state), apart_deg(calibration.direction(*place), look) if found else None))
    lines = []
    for low, high in pairwise(IN_VIEW):
        errors = [error for seen, error in told if low <= seen < high]
        known = [error for error in errors if error is not None]
        lines.append(
            f"| {100 * low:.0f} to {100 * high:.0f} % | {len(errors)} | {100 * len(known) / max(1, len(errors)):.0f} % "
            f"| {np.mean(known) if known else np.nan:.1f} |"
        )
    return "\n".join(["| in view | looks | found | mean error, deg |", "|---|---|---|---|", *lines])


def false_alarms(find: Find, calibration: Calibration) -> tuple[float, float]:
    """The part of shut eyes in which a pupil is found, and in which there is a gaze by it."""
    renderer, random = EyeRenderer(), np.random.default_rng(5)
    mapping = GazeMapping(calibration, Lens(66.0, 16 / 9))
    found = gazes = 0
    for number in range(LOOKS):
        disturbance = CONDITIONS["clear" if number % 2 else "all at once"][0]
        state = EyeState(random.uniform(-20, 20), random.uniform(-12, 12), opening=0.0)
        pupil = find(renderer.render(state, disturbance, random))
        found += pupil.confidence >= PUPIL_FOUND
        gazes += mapping.step(pupil).confidence >= PUPIL_FOUND
    return found / LOOKS, gazes / LOOKS


def main() -> None:
    """Print the table of docs/gaze.md."""
    for name, find in (("ours", ours()), ("pupil-detectors 2.0.2", peer())):
        if find is None:
            print(f"\n{name}: not installed here (pip install pupil-detectors==2.0.2; x86_64, Python 3.11)")
            continue
        calibration = calibrated(find, EyeRenderer(), 3)
        if isinstance(calibration, Refusal):
            print(f"\n{name}: no calibration: {calibration.reason}")
            continue
        print(f"\n{name}: leave-one-out error of the calibration {calibration.error_deg:.2f} degrees\n")
        print("| condition | found | mean error, deg | p95, deg | ms |\n|---|---|---|---|---|")
        for condition, (disturbance, how) in CONDITIONS.items():
            print(f"| {condition} | {measure(find, calibration, disturbance, how)} |")
        found, gazes = false_alarms(find, calibration)
        print(f"\na pupil is found in {100 * found:.1f} % of shut eyes, and a gaze in {100 * gazes:.1f} %")
        print(f"\nlids 50 % down, by the part of the pupil that is in view:\n\n{behind_lids(find, calibration)}")


if __name__ == "__main__":
    main()

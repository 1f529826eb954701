"""Real faces in frames: portraits out of packages, shown to the real finder at any distance.

`python -m tests.scenes.portraits` prints how often a face is found and how its pose spreads: what eyesight.py draws
where no finder runs. Both faces look straight ahead: nobody's turned heads were at hand.
"""

import math
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
import skimage
from msgspec import Struct

from sottovoce_device.capture.frame import Frame
from sottovoce_device.config import Config, WorldCameraConfig, models_folder
from sottovoce_device.decide.company import AWAY_DEG, EYES_M, FACING_DEG
from sottovoce_device.observation import FacePose
from sottovoce_device.opencv import Picture, read_picture, resized
from sottovoce_device.perceive.blazeface import FaceFinder
from sottovoce_device.perceive.facemesh import FaceMesh
from sottovoce_device.perceive.weights import Weights

SKIMAGE: Final = Path(skimage.__file__).parent / "data"
DISTANCES_M: Final = (0.6, 0.8, 1.0, 1.3, 1.8, 2.5, 3.2, 4.0)
LOOKS: Final = 30
"""At each portrait from each distance."""


class Portrait(Struct, frozen=True):
    """Somebody who looks into the camera. x, y: the face's middle in pixels, eyes: pixels between the pupils."""

    path: Path
    x: float
    y: float
    eyes: float


PORTRAITS: Final = (
    Portrait(SKIMAGE / "astronaut.png", 225, 119, 43.1),
    Portrait(Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg", 266, 228, 88.8),
)


class Look(Struct, frozen=True):
    """How a face is seen. x, y: where its middle is, in shares of the frame. light: factor. noise: grey levels."""

    x: float
    y: float
    light: float = 1.0
    noise: float = 3.0


def view(portrait: Portrait | None, distance_m: float, look: Look, rng: np.random.Generator) -> Picture:
    """The world camera's frame: the portrait before a table with a cup, or the table alone."""
    camera = WorldCameraConfig()
    frame = resized(read_picture(SKIMAGE / "coffee.png"), camera.width, camera.height)
    if portrait is not None:
        half_tan = math.tan(math.radians(camera.view_deg) / 2)
        scale = EYES_M / (distance_m * 2 * half_tan) * camera.width / portrait.eyes
        picture = read_picture(portrait.path)
        shown = resized(picture, round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        left, top = (
            round(look.x * camera.width - portrait.x * scale),
            round(look.y * camera.height - portrait.y * scale),
        )
        part = shown[max(0, -top) : camera.height - top, max(0, -left) : camera.width - left]
        top, left = max(0, top), max(0, left)
        frame[top : top + part.shape[0], left : left + part.shape[1]] = part
    noisy = frame * look.light + rng.normal(0, look.noise, frame.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def poses(
    finder: FaceFinder, mesh: FaceMesh, portrait: Portrait, distance_m: float, rng: np.random.Generator
) -> list[FacePose]:
    """What is made of LOOKS looks at this face; fewer where it was not found."""
    found = []
    for _ in range(LOOKS):
        x, y, light, noise = rng.uniform((0.3, 0.35, 0.35, 2.0), (0.7, 0.55, 1.1, 9.0))
        frame = Frame(view(portrait, distance_m * rng.uniform(0.95, 1.05), Look(x, y, light, noise), rng), 0.0)
        spots = [s for s in finder.infer(frame) if math.hypot(s.x - x * frame.width, s.y - y * frame.height) < s.side]
        pose = mesh.infer(frame, spots[0]) if spots else None
        if pose is not None:
            found.append(pose)
    return found


def main() -> None:
    """Print the table."""
    config, rng = Config(), np.random.default_rng(0)
    weights = Weights(models_folder(config), config.models.onnx, config.models.lite)
    finder, mesh = FaceFinder(weights), FaceMesh(weights)
    print(
        "| portrait | distance | found | facing | away | yaw, spread | pitch, spread |\n|---|---|---|---|---|---|---|"
    )
    for portrait in PORTRAITS:
        for distance_m in DISTANCES_M:
            found = poses(finder, mesh, portrait, distance_m, rng)
            yaws, pitches = [p.yaw_deg for p in found], [p.pitch_deg for p in found]
            turned = np.hypot(yaws, pitches)
            cells = [portrait.path.stem, f"{distance_m} m", f"{len(found) / LOOKS:.0%}"]
            cells += [f"{np.mean(turned <= FACING_DEG):.0%}", f"{np.mean(turned >= AWAY_DEG):.0%}"]
            cells += [f"{np.mean(v):+.1f}°, {np.std(v):.1f}°" for v in (yaws, pitches)]
            print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()

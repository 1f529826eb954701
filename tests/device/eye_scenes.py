"""Scenes for two cameras: the calibration mark and signs before the wearer, and an eye that looks at them."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.rendered_eye import Disturbance, EyeRenderer, EyeState
from sottovoce_device.config import Config, wearer_folder
from sottovoce_device.decide.calibration import Calibration, LookedMark, calibrate
from sottovoce_device.decide.learnt import learnt
from sottovoce_device.decide.lens import Lens
from sottovoce_device.gate.markface import MARK
from sottovoce_device.learnt import GAZE
from sottovoce_device.observation import Pupil
from sottovoce_device.perceive.eye import EyeReader
from sottovoce_wire import encode

WIDTH, HEIGHT = 1280, 720
LENS = Lens(66.0, WIDTH / HEIGHT)
PLACES = [(yaw, pitch) for pitch in (-10.0, 0.0, 10.0) for yaw in (-18.0, 0.0, 18.0)]
CELL_PX = 8

Look = tuple[float, float, float, float, float]
"""From this second on: yaw and pitch in degrees, opening of the lids, slip in mm."""


def wall() -> np.ndarray:  # type: ignore[type-arg]
    """A textured wall: a frame of the world camera."""
    rough = np.random.default_rng(3).integers(90, 150, (HEIGHT // 40, WIDTH // 40, 3), dtype=np.uint8)
    return cv2.resize(rough, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def marked(yaw: float, pitch: float) -> np.ndarray:  # type: ignore[type-arg]
    """The mark as the console shows it, in this direction."""
    cells = np.array([[c == "." for c in row] for row in ["." * 10, *(f".{r}." for r in MARK), "." * 10]])
    mark = np.kron(np.where(cells, 235, 20), np.ones((CELL_PX, CELL_PX))).astype(np.uint8)
    frame = wall()
    x, y = LENS.point(yaw, pitch)
    left, top = round(x * WIDTH - mark.shape[1] / 2), round(y * HEIGHT - mark.shape[0] / 2)
    frame[top : top + mark.shape[0], left : left + mark.shape[1]] = mark[..., None]
    return cv2.GaussianBlur(frame, (0, 0), 0.8)


def signed(signs: dict[str, tuple[float, float]]) -> np.ndarray:  # type: ignore[type-arg]
    """White signs with black words, each in its direction."""
    frame = wall()
    for words, (yaw, pitch) in signs.items():
        x, y = LENS.point(yaw, pitch)
        (wide, high), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_DUPLEX, 1.4, 2)
        at = round(x * WIDTH - wide / 2), round(y * HEIGHT + high / 2)
        cv2.rectangle(frame, (at[0] - 20, at[1] - high - 20), (at[0] + wide + 20, at[1] + 20), (245, 245, 245), -1)
        cv2.putText(frame, words, at, cv2.FONT_HERSHEY_DUPLEX, 1.4, (20, 20, 20), 2, cv2.LINE_AA)
    return frame


def write_world(folder: Path, frames: Sequence[np.ndarray]) -> Path:  # type: ignore[type-arg]
    """A folder of pictures for the world camera."""
    folder.mkdir()
    for number, frame in enumerate(frames):
        cv2.imwrite(str(folder / f"{number:03}.png"), frame)
    return folder


def write_eye(path: Path, looks: Sequence[Look]) -> Path:
    """A script for the rendered eye."""
    lines = ["t,yaw_deg,pitch_deg,opening,slip_mm", *(",".join(map(str, look)) for look in looks)]
    path.write_text("\n".join(lines) + "\n")
    return path


def at_marks(each_s: float) -> list[Look]:
    """An eye that looks at each place in turn."""
    return [(n * each_s, yaw, pitch, 1.0, 0.0) for n, (yaw, pitch) in enumerate(PLACES)]


def calibration_of_rendered_eye() -> Calibration:
    """What the marks give, without the way through the glasses."""
    renderer, reader, random = EyeRenderer(), EyeReader(), np.random.default_rng(6)

    def pupils(yaw: float, pitch: float) -> tuple[Pupil, ...]:
        frames = (renderer.render(EyeState(yaw, pitch), Disturbance(), random) for _ in range(6))
        return tuple(reader.infer(Frame(np.repeat(g[..., None], 3, axis=2), 0.0)).pupil for g in frames)

    found = calibrate([LookedMark(yaw, pitch, pupils(yaw, pitch)) for yaw, pitch in PLACES])
    assert isinstance(found, Calibration)
    return found


def keep_calibration(config: Config) -> Path:
    """Put it where the glasses look for theirs."""
    path = wearer_folder(config) / GAZE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(learnt(calibration_of_rendered_eye(), 0.0)))
    return path

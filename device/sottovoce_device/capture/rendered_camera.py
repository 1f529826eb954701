"""An eye camera that sees a rendered eye, which looks where a script says: `[eye_camera] driver = "rendered"`."""

import csv
import time
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path
from threading import Event as Flag

import numpy as np
from msgspec import Struct

from sottovoce_device.capture.camera import CameraState
from sottovoce_device.capture.frame import CHANNELS, Frame
from sottovoce_device.capture.rendered_eye import Disturbance, EyeRenderer, EyeState
from sottovoce_device.config import CameraConfig
from sottovoce_device.errors import SensorError

COLUMNS = ("t", "yaw_deg", "pitch_deg")
"""What a script must have: seconds, and the line of sight from then on; `opening` and `slip_mm` (down) are optional."""


class Moment(Struct, frozen=True):
    """A line of a script: from this second on the eye is so."""

    at_s: float
    state: EyeState


class RenderedCamera:
    """Gives frames of 192 x 192, grey, whatever size is configured.

    real_time: as for the simulated microphone. at_end: "stop" ends at the last line; "loop" begins again there;
    "freeze" repeats its picture to the bit; "unplug" loses the camera there; "hold" goes on with it.
    seconds: when the last line is.
    """

    state: CameraState = "on"

    def __init__(self, path: Path, fps: int, *, real_time: bool, at_end: str = "stop") -> None:
        self._moments = read_script(path)
        self._fps = fps
        self._real_time = real_time
        self._at_end = at_end
        self._closed = Flag()
        self.seconds = self._moments[-1].at_s

    def frames(self) -> Iterator[Frame]:
        """The eye, frame by frame; the same script gives the same frames."""
        renderer, random = EyeRenderer(), np.random.default_rng(0)
        start_ms = time.monotonic() * 1000 if self._real_time else 0.0
        grey = None
        for number in count():
            at_s = number / self._fps
            if self._real_time:
                self._closed.wait(max(0.0, start_ms / 1000 + at_s - time.monotonic()))
            over = at_s > self.seconds
            if self._closed.is_set() or (over and self._at_end in {"stop", "unplug"}):
                break
            if grey is None or not over or self._at_end != "freeze":
                grey = renderer.render(self._state(at_s), Disturbance(), random)
            yield Frame(np.repeat(grey[..., None], CHANNELS, axis=2), start_ms + at_s * 1000)
        if self._at_end == "unplug":
            self.state = "lost"
            while self._real_time and not self._closed.wait(1.0):
                continue

    def _state(self, at_s: float) -> EyeState:
        """How the eye is at a moment."""
        if self._at_end == "loop" and self.seconds > 0:
            at_s %= self.seconds
        return next((m.state for m in reversed(self._moments) if m.at_s <= at_s), self._moments[0].state)

    def close(self) -> None:
        """End frames(); any thread may call it."""
        self._closed.set()


def open_camera(config: CameraConfig) -> RenderedCamera:
    """Open the script that [eye_camera] path names."""
    if not config.path:
        raise SensorError('[eye_camera] driver = "rendered" needs a path: the script of where the eye looks')
    return RenderedCamera(Path(config.path), config.fps, real_time=True, at_end=config.at_end)


def read_script(path: Path) -> list[Moment]:
    """The lines of a script. Raises SensorError for one that cannot be followed."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            moments = [_moment(row) for row in csv.DictReader(file)]
    except OSError as error:
        raise SensorError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except (KeyError, TypeError, ValueError):
        raise SensorError(
            f"{path}: not a script of an eye; its first line is {','.join(COLUMNS)}, then numbers"
        ) from None
    if not moments or any(not a.at_s < b.at_s for a, b in pairwise(moments)):
        raise SensorError(f"{path}: a script has at least one line, and each is later than the one before")
    return moments


def _moment(row: dict[str, str]) -> Moment:
    at_s, yaw, pitch = (float(row[column]) for column in COLUMNS)
    slip = float(row.get("slip_mm") or 0)
    return Moment(at_s, EyeState(yaw, pitch, opening=float(row.get("opening") or 1), slip_mm=(0.0, slip, 0.0)))

"""A USB or laptop camera, through Video4Linux."""

from pathlib import Path
from typing import Final

from sottovoce_device.capture.polled_camera import PolledCamera
from sottovoce_device.config import CameraConfig
from sottovoce_device.errors import AbsentError
from sottovoce_device.opencv import VideoDevice

NAMES: Final = Path("/sys/class/video4linux")


def open_camera(config: CameraConfig) -> PolledCamera:
    """The camera that `device` names; looked for now, and whenever it is lost."""
    return PolledCamera(config, find)


def find(config: CameraConfig) -> VideoDevice:
    """Open the device: a path, or part of a camera's name, or the first one. Raises AbsentError where it is not."""
    return VideoDevice(path_of(config.device), config.width, config.height)


def path_of(device: str, names: Path = NAMES) -> Path:
    """The path of a camera: itself, or of the first camera whose name holds it. Raises AbsentError for none."""
    if device.startswith("/"):
        return Path(device)
    found = {p.name: (p / "name").read_text().strip() for p in sorted(names.glob("video*"))}
    for node, name in found.items():
        if device.lower() in name.lower():
            return Path("/dev") / node
    there = ", ".join(sorted(set(found.values()))) or "none at all"
    raise AbsentError(f"device = {device!r}: no such camera; there is: {there}")

"""A mute switch, a button and a tally light that are files: a real backend, for tests and for trying out."""

import os

from sottovoce_device.capture.button import ButtonState
from sottovoce_device.capture.mute_switch import SwitchState
from sottovoce_device.config import ButtonConfig, LightConfig, MuteConfig
from sottovoce_device.errors import SensorError


class FileSwitch:
    """Muted while the file holds 1, open while it holds 0, unreadable otherwise. Kept open: sense is sealed."""

    def __init__(self, path: str) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise SensorError(f"[mute] path = {path!r}: {error.strerror}; the sensors stay off") from None

    def read(self) -> SwitchState:
        """Where it stands now."""
        try:
            held = os.pread(self._descriptor, 2, 0).strip()
        except OSError:
            return "unreadable"
        return "open" if held == b"0" else "muted" if held == b"1" else "unreadable"


class FileButton:
    """Pressed while the file holds 1, released while it holds 0, unreadable otherwise. Kept open: sense is sealed."""

    def __init__(self, path: str) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise SensorError(
                f'[button] path = {path!r}: {error.strerror}; make the file, or set driver = "none"'
            ) from None

    def read(self) -> ButtonState:
        """How it stands now."""
        try:
            held = os.pread(self._descriptor, 2, 0).strip()
        except OSError:
            return "unreadable"
        return "released" if held == b"0" else "pressed" if held == b"1" else "unreadable"


class FileLight:
    """Writes 1 or 0 as the file's only byte."""

    def __init__(self, path: str) -> None:
        try:
            self.descriptor: int | None = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        except OSError as error:
            raise SensorError(f"[light] path = {path!r}: {error.strerror}; the sensors stay off") from None
        self.show(on=False)

    def show(self, on: bool) -> bool:
        """Switch it; whether that worked."""
        try:
            return self.descriptor is not None and os.pwrite(self.descriptor, b"1" if on else b"0", 0) == 1
        except OSError:
            return False


def open_switch(config: MuteConfig) -> FileSwitch:
    """Open the file that [mute] path names."""
    return FileSwitch(config.path)


def open_button(config: ButtonConfig) -> FileButton:
    """Open the file that [button] path names."""
    return FileButton(config.path)


def open_light(config: LightConfig) -> FileLight:
    """Open the file that [light] path names."""
    return FileLight(config.path)

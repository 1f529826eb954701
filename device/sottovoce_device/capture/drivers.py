"""Drivers by name, or from a file of the builder's own."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from sottovoce_device.config import CameraConfig, MicrophoneConfig
from sottovoce_device.errors import ConfigError
from sottovoce_wire.own_file import OwnFileError, taken_from


def is_own(driver: str) -> bool:
    """Whether a driver is a file of the builder's own, and not one of ours by name."""
    return driver.endswith(".py")


def opened(
    table: str, config: MicrophoneConfig | CameraConfig, known: Mapping[str, str], function: str, has: Sequence[str]
) -> Any:  # noqa: ANN401 -- whatever a driver of theirs gives
    """What the driver of this configuration opens.

    table: of the configuration, for the error's text. known: the modules of the drivers that are ours, by name.
    function: of the module or file, which opens it. has: what the protocol asks for.
    Raises ConfigError, naming the setting or the file, its line and the cure; and what the driver raises.
    """
    setting, driver = f"[{table}] driver", config.driver
    if is_own(driver):
        try:
            opens = taken_from(Path(driver), function)
        except OwnFileError as error:
            raise ConfigError(f"{setting}: {error}") from None
    elif driver in known:
        opens = getattr(import_module(known[driver]), function)
    else:
        names = ", ".join(known)
        raise ConfigError(f"{setting} = {driver!r}: there is none; choose one of {names}, or give a file, mine.py")
    device = opens(config)
    if lacking := [name for name in has if not hasattr(device, name)]:
        raise ConfigError(f"{setting}: what it opens, a {type(device).__name__}, has no {' and no '.join(lacking)}")
    return device

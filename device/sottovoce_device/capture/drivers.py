"""Drivers by name, or from a file of the builder's own."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from sottovoce_device.capture.own_files import is_own, no_such, opened_own
from sottovoce_device.config import CameraConfig, MicrophoneConfig


def opened(
    table: str, config: MicrophoneConfig | CameraConfig, known: Mapping[str, str], function: str, has: Sequence[str]
) -> Any:  # noqa: ANN401 -- whatever a driver of theirs gives
    """What the driver of this configuration opens.

    table: of the configuration, for the error's text. known: the modules of the drivers that are ours, by name.
    function: of the module or file, which opens it. has: what the protocol asks for.
    Raises ConfigError, naming the setting or the file, its line and the cure; and what a driver of ours raises.
    """
    setting, driver = f"[{table}] driver", config.driver
    if is_own(driver):
        return opened_own(setting, driver, function, config, has)
    if driver not in known:
        raise no_such(setting, driver, [*known])
    return getattr(import_module(known[driver]), function)(config)

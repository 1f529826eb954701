"""Drivers by name, or from a file of the builder's own."""

import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from sottovoce_device.config import CameraConfig, Config, MicrophoneConfig
from sottovoce_device.errors import ConfigError, DriverError
from sottovoce_wire.errors import SottovoceError
from sottovoce_wire.own_file import OwnFileError, taken_from, why


def is_own(driver: str) -> bool:
    """Whether a driver is a file of the builder's own, and not one of ours by name."""
    return driver.endswith(".py")


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
        names = ", ".join(known)
        raise ConfigError(f"{setting} = {driver!r}: there is none; choose one of {names}, or give a file, mine.py")
    return getattr(import_module(known[driver]), function)(config)


def opened_own(setting: str, file: str, function: str, given: object, has: Sequence[str]) -> Any:  # noqa: ANN401
    """What a function of a file of the builder's own opens. setting: where the file is named. given: its argument.

    Raises ConfigError, naming the file, its line and the cure; and what it raises of ours.
    """
    try:
        opens = taken_from(Path(file), function)
    except OwnFileError as error:
        raise ConfigError(f"{setting}: {error}") from None
    try:
        found = opens(given)
    except SottovoceError:
        raise
    except (Exception, SystemExit) as error:
        raise ConfigError(f"{setting}: {why(Path(file), error)}") from error
    if lacking := [name for name in has if not hasattr(found, name)]:
        raise ConfigError(f"{setting}: what it opens, a {type(found).__name__}, has no {' and no '.join(lacking)}")
    return found


def blamed(error: BaseException, config: Config) -> BaseException:
    """The error, or where it came through a file of the builder's own a DriverError that names its file and line.

    Not what it says: there may be what was sensed.
    """
    if isinstance(error, SottovoceError):
        return error
    drivers = [part.driver for part in (config.microphone, config.world_camera, config.eye_camera)]
    own = [str(Path(file).absolute()) for file in (*drivers, config.models.recogniser) if is_own(file)]
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):  # which opens no file, as is forbidden
        if frame.f_code.co_filename in own:
            return DriverError(f"{frame.f_code.co_filename}, line {line}: {type(error).__name__}")
    return error

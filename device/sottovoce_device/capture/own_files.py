"""The builder's own files, drivers and models: what they open, and which of them an error came through."""

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sottovoce_device.config import Config
from sottovoce_device.errors import ConfigError, DriverError
from sottovoce_wire.errors import SottovoceError
from sottovoce_wire.own_file import OwnFileError, taken_from, why


def is_own(name: str) -> bool:
    """Whether a driver or a model is a file of the builder's own, and not one of ours by name."""
    return name.endswith(".py")


def no_such(setting: str, name: str, known: Sequence[str]) -> ConfigError:
    """The error of a setting that is neither one of ours by name nor a file."""
    choice = f"one of {', '.join(known)}" if len(known) > 1 else known[0]
    return ConfigError(f"{setting} = {name!r}: there is none; choose {choice}, or give a file, mine.py")


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
    except (SottovoceError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise ConfigError(f"{setting}: {why(Path(file), error)}") from error
    if lacking := [name for name in has if not hasattr(found, name)]:
        raise ConfigError(f"{setting}: what it opens, a {type(found).__name__}, has no {' and no '.join(lacking)}")
    return found


def tried(setting: str, file: str, trial: Callable[[], object]) -> None:
    """Try what a file of the builder's own has opened. Raises ConfigError, naming the file and its line."""
    try:
        trial()
    except DriverError as error:
        raise ConfigError(f"{setting}: {error}") from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise ConfigError(f"{setting}: {why(Path(file), error)}") from error


def own_files(config: Config) -> list[str]:
    """The builder's own files that sense loads: drivers and models."""
    drivers = [part.driver for part in (config.microphone, config.world_camera, config.eye_camera)]
    return [file for file in (*drivers, config.models.recogniser, config.models.finder) if is_own(file)]


def blamed(error: BaseException, config: Config) -> BaseException:
    """The error, or where it came through a file of the builder's own a DriverError that names its file and line.

    Not what it says: there may be what was sensed.
    """
    if isinstance(error, SottovoceError):
        return error
    own = [str(Path(file).absolute()) for file in own_files(config)]
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):  # which opens no file, as is forbidden
        if frame.f_code.co_filename in own:
            return DriverError(f"{frame.f_code.co_filename}, line {line}: {type(error).__name__}")
    return error

"""Drivers by name, or from a file of the builder's own."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from sottovoce_device.errors import ConfigError
from sottovoce_wire.own_file import OwnFileError, taken_from


def opener(setting: str, driver: str, known: Mapping[str, str], function: str) -> Callable[..., Any]:
    """The function that opens this driver.

    setting: where the driver is named, for the error's text. driver: one of `known`, whose values are modules, or the
    path of a file of Python, which ends in .py.
    Raises ConfigError, naming the file, its line and the cure.
    """
    found: Callable[..., Any]
    if driver.endswith(".py"):
        try:
            found = taken_from(Path(driver), function)
        except OwnFileError as error:
            raise ConfigError(f"{setting}: {error}") from None
        return found
    if driver not in known:
        names = ", ".join(known)
        raise ConfigError(f"{setting} = {driver!r}: there is none; choose one of {names}, or give a file, mine.py")
    found = getattr(import_module(known[driver]), function)
    return found


def opened(setting: str, device: Any, has: Sequence[str]) -> Any:  # noqa: ANN401 -- whatever a driver of theirs gives
    """What a driver opened. Raises ConfigError where it lacks what the protocol asks for."""
    if lacking := [name for name in has if not hasattr(device, name)]:
        raise ConfigError(f"{setting}: what it opens, a {type(device).__name__}, has no {' and no '.join(lacking)}")
    return device

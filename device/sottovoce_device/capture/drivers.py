"""Drivers by name, or from a file of the builder's own."""

import importlib.util
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from sottovoce_device.errors import ConfigError


def opener(setting: str, driver: str, known: Mapping[str, str], function: str) -> Callable[..., Any]:
    """The function that opens this driver.

    setting: where the driver is named, for the error's text. driver: one of `known`, whose values are modules, or the
    path of a file of Python, which ends in .py.
    Raises ConfigError, naming the file, its line and the cure.
    """
    if driver.endswith(".py"):
        return _from_file(setting, Path(driver), function)
    if driver not in known:
        names = ", ".join(known)
        raise ConfigError(f"{setting} = {driver!r}: there is none; choose one of {names}, or give a file, mine.py")
    found: Callable[..., Any] = getattr(import_module(known[driver]), function)
    return found


def opened(setting: str, device: Any, has: Sequence[str]) -> Any:  # noqa: ANN401 -- whatever a driver of theirs gives
    """What a driver opened. Raises ConfigError where it lacks what the protocol asks for."""
    if lacking := [name for name in has if not hasattr(device, name)]:
        raise ConfigError(f"{setting}: what it opens, a {type(device).__name__}, has no {' and no '.join(lacking)}")
    return device


def _from_file(setting: str, path: Path, function: str) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location(f"sottovoce_driver_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{setting}: {path} is no file of Python")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        found: Callable[..., Any] = getattr(module, function)
    except Exception as error:  # noqa: BLE001 -- whatever a file of the builder's raises
        raise ConfigError(f"{setting}: {path}{_line_in(path, error)}: {_why(error, function)}") from None
    return found


def _why(error: Exception, function: str) -> str:
    if isinstance(error, AttributeError) and error.name == function:
        return f"there is no {function}(config) in it"
    return f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"


def _line_in(path: Path, error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f", line {lines[-1]}" if lines else ""

"""What the user wrote, taken from a file of Python by its path: skills on the host, drivers on the glasses."""

import importlib.util
import sys
import traceback
from pathlib import Path
from typing import Any

from sottovoce_wire.errors import SottovoceError


class OwnFileError(SottovoceError):
    """A file of the user's cannot be loaded."""


def taken_from(path: Path, name: str) -> Any:  # noqa: ANN401 -- whatever they wrote
    """What has this name in the file, which is run for it. Raises OwnFileError naming the file and the line."""
    path = path.absolute()
    spec = importlib.util.spec_from_file_location(f"sottovoce_own_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise OwnFileError(f"{path}: is no file of Python")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise  # of whoever sits at the computer
    except BaseException as error:  # noqa: BLE001 -- whatever their file raises: a panic of a library in Rust is such
        del sys.modules[spec.name]
        raise OwnFileError(why(path, error)) from None
    if not hasattr(module, name):
        raise OwnFileError(f"{path}: there is no {name} in it")
    return getattr(module, name)


def why(path: Path, error: BaseException) -> str:
    """What went wrong in this file: its path, the line where that is known, the kind of error and its text."""
    path = path.absolute()
    if isinstance(error, SyntaxError):
        return f"{error.filename or path}, line {error.lineno}: {type(error).__name__}: {error.msg}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path}{f', line {lines[-1]}' if lines else ''}: {type(error).__name__}: {error}"

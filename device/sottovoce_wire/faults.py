"""A fault of the program in its log: its kind and where it was, never its text, in which may be what was said."""

import asyncio
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final

FRAMES: Final = 4
"""So many lines of the program are told, the one that raised it first."""

Say = Callable[[str], None]


def told_of(error: BaseException) -> str:
    """The error's kind, and where it was raised and by whom that was called."""
    frames = traceback.extract_tb(error.__traceback__)[: -FRAMES - 1 : -1]
    lines = [line_of(frame) for frame in frames]
    return " < ".join([f"{type(error).__name__} in {lines[0]}", *lines[1:]] if lines else [type(error).__name__])


def line_of(frame: traceback.FrameSummary) -> str:
    """File and line."""
    return f"{Path(frame.filename).name}, line {frame.lineno}"


def tell_faults(say: Say) -> None:
    """Have `say` told of what ends this process, instead of a traceback with the error's text."""

    def hook(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        say(f"a fault in the program: {told_of(error)}")

    sys.excepthook = hook


def tell_faults_of(loop: asyncio.AbstractEventLoop, say: Say) -> None:
    """Have `say` told of what goes wrong in a callback or a task of this loop that nobody waits for."""

    def handle(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        say(f"a fault in the program, which goes on: {told_of(error) if error else 'of no kind'}")

    loop.set_exception_handler(handle)

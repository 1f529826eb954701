"""A script of presses, in place of a button: for replay."""

import csv
import math
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from sottovoce_device.errors import SensorError

COLUMNS: Final = ["t", "down"]
_LEVELS: Final = {"1": True, "0": False}


class Change(NamedTuple):
    """The button from a moment on. at_ms: of the scene; down: whether the finger is on it."""

    at_ms: float
    down: bool


class PressScript:
    """How the button stands at a moment: as its newest change says, and not pressed before the first."""

    def __init__(self, changes: list[Change]) -> None:
        self._changes = changes

    def pressed(self, now_ms: float) -> bool:
        """Whether it is pressed at this moment of the scene."""
        return next((c.down for c in reversed(self._changes) if c.at_ms <= now_ms), False)


def read_presses(path: Path) -> PressScript:
    """The script in a CSV file with the columns t (seconds, never less than the line before) and down (1 or 0).

    Raises SensorError, in one line that names the line of the file and the cure.
    """
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise SensorError(f"{path}: no presses can be read there ({error.strerror}); check the path") from None
    except (UnicodeDecodeError, csv.Error):
        raise SensorError(f"{path}: not a script of presses; write text: t,down and below it 2.5,1") from None
    rows = [(number, [field.strip() for field in line]) for number, line in enumerate(lines, start=1)]
    rows = [(number, fields) for number, fields in rows if any(fields)]
    if not rows or rows[0][1] != COLUMNS:
        raise SensorError(f"{path}, line {rows[0][0] if rows else 1}: the first line has to be t,down")
    changes = [(number, _change(path, number, fields)) for number, fields in rows[1:]]
    for (_, before), (number, after) in pairwise(changes):
        if after.at_ms < before.at_ms:
            raise SensorError(f"{path}, line {number}: earlier than the line before; put the lines in order of t")
    return PressScript([change for _, change in changes])


def _change(path: Path, number: int, fields: list[str]) -> Change:
    """What a line says."""
    try:
        at, level = fields
        at_s, down = float(at), _LEVELS[level]
    except (ValueError, KeyError):
        at_s, down = math.nan, False
    if not 0 <= at_s < math.inf:
        told = ",".join(fields)
        raise SensorError(f"{path}, line {number}: {told!r} is no press; write seconds, then 1 or 0 (down, up): 2.5,1")
    return Change(1000 * at_s, down)

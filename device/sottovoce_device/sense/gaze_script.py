"""A script of gazes, in place of an eye camera: for replay, and for simulated world cameras."""

import csv
import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from sottovoce_device.errors import SensorError
from sottovoce_device.observation import Gaze

EACH_MS: Final = 33.0
"""How often an eye that rests is seen: 30 times a second."""
BESIDE: Final = (-1.0, 2.0)
"""Shares of the frame as far beside it as an eye turns; what is farther was told in pixels."""


def read_gazes(path: Path) -> list[Gaze]:
    """The gazes of a CSV file with the columns t (seconds), x and y (shares of the frame, 0 to 1), in order of time.

    An empty x and y is a shut eye. Raises SensorError, in one line, where it cannot be read.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            names, *rows = [[field.strip() for field in line] for line in csv.reader(file) if line]
        t, x, y = (names.index(name) for name in "txy")
        gazes = [_gaze(float(row[t]), row[x], row[y]) for row in rows]
    except OSError as error:
        raise SensorError(f"{path}: no gazes can be read there ({error.strerror}); check the path") from None
    except (ValueError, IndexError, csv.Error):
        told = "the first line is t,x,y, then seconds from 0 on and shares of the frame (no pixels): 2.5,0.4,0.5"
        raise SensorError(f"{path}: not a script of gazes; {told}") from None
    return sorted(gazes, key=lambda g: g.at_ms)


def held(gazes: Iterable[Gaze], end_ms: float) -> Iterator[Gaze]:
    """The gazes until a moment, as an eye camera would tell them: the eye rests on each until the next one."""
    end = Gaze(0.0, 0.0, 0.0, "eye", end_ms)
    for gaze, following in pairwise([*gazes, end]):
        at_ms = gaze.at_ms
        while at_ms < min(following.at_ms, end_ms):
            yield Gaze(gaze.x, gaze.y, gaze.confidence, gaze.source, at_ms)
            at_ms += EACH_MS


class GazeScript:
    """A script that is played beside a simulated camera. Its time begins with the first frame.

    path: the CSV; empty for no gazes.
    """

    def __init__(self, path: str) -> None:
        self._gazes = held(read_gazes(Path(path)), math.inf) if path else iter(())
        self._began_ms: float | None = None
        self._next: Gaze | None = None

    def until(self, at_ms: float) -> Iterator[Gaze]:
        """The gazes since the last call, up to this moment of the camera's clock."""
        if self._began_ms is None:
            self._began_ms, self._next = at_ms, next(self._gazes, None)
        while self._next is not None and self._next.at_ms <= at_ms - self._began_ms:
            gaze = self._next
            yield Gaze(gaze.x, gaze.y, gaze.confidence, gaze.source, gaze.at_ms + self._began_ms)
            self._next = next(self._gazes, None)


def _gaze(at_s: float, x: str, y: str) -> Gaze:
    if not 0 <= at_s < math.inf:
        raise ValueError
    if not x and not y:
        return Gaze(0.0, 0.0, 0.0, "eye", 1000 * at_s)
    point = float(x), float(y)
    if not all(BESIDE[0] <= share <= BESIDE[1] for share in point):
        raise ValueError
    return Gaze(*point, 1.0, "eye", 1000 * at_s)

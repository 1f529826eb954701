"""Which text the wearer reads: the line under the gaze, and the sign or paragraph that it belongs to."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean
from typing import Final

from sottovoce_device.observation import Reading, TextLine

ALIKE: Final = 1.35
"""Lines of one paragraph are of one size, as far as the finder can tell: its heights err by a tenth each."""
PITCH: Final = (0.45, 1.45)
"""From line to line, in heights of a line as the finder gives it, which is 1.6 times the letters' height or so."""
UNEVEN: Final = 1.25
"""Where the step to a line is so much longer than the next step, a paragraph ends: within one they are even."""
LARGER: Final = 1.2
"""And where the letters are of so different a size, too, or there are but two lines, a tenth suffices: a heading."""
LONGER: Final = 1.1
GAP: Final = 0.9
"""Between pieces of one line, in heights."""
LEVEL: Final = 0.35
"""Pieces of one line differ in height above the ground by less than this, in heights."""
OVERLAP: Final = 0.4
"""Share of the shorter line that lies under or over the other one."""
TURNED_DEG: Final = 10.0
MOST: Final = 480
"""Characters that one Read can hold (the wire's bound)."""
UNSURE: Final = 0.6
"""Below this mean probability a line is not told: it says something else as often as not."""
JOINED: Final = 0.7
"""And below this it is not told along with the one that is looked at: a part of the next sign, a smear."""
BETWEEN: Final = (0.3, 0.7)
"""What lies so far on the way from one line to the next parts them, of whatever size: a date under a paper's name."""
ALONE: Final = 0.95
"""A single character needs this much: the rim of a cup in a photograph is read as an 8 at 0.89."""

_LETTER: Final = re.compile(r"[^\W\d_]")


def line_at(lines: Sequence[TextLine], x: float, y: float, reach: float) -> int | None:
    """The line that holds the point, or the nearest within `reach`; all in pixels. None when there is none."""
    distances = [_distance(line, x, y) for line in lines]
    if not distances or min(distances) > reach:
        return None
    nearest = min(distances)
    return min((i for i, d in enumerate(distances) if d == nearest), key=lambda i: lines[i].height)


def paragraph_of(lines: Sequence[TextLine], start: int) -> list[int]:
    """The lines that belong together with the one at `start`, in the order in which they are read."""
    found, waiting = {start}, [start]
    while waiting:
        one = lines[waiting.pop()]
        joined = {i for i, other in enumerate(lines) if i not in found and _belong(one, other)}
        joined = {i for i in joined if not any(_parts(one, lines[i], third) for third in lines)}
        found |= joined
        waiting += joined
    rows = _rows(lines, sorted(found), lines[start])
    return [i for row in _near(lines, rows, start) for i in row]


def passage(readings: Sequence[Reading], gazed: int) -> Reading | None:
    """What is told of a paragraph's readings, of which the one at `gazed` is looked at; None when that is unsure.

    A line without letters stands for itself: somebody who looks at a number, a year or a price wants that.
    """
    enough = ALONE if len(readings[gazed].text) == 1 and len(readings) == 1 else UNSURE
    if readings[gazed].confidence < enough or not readings[gazed].text:
        return None
    first, last = gazed, gazed + 1
    if _worded(readings[gazed]):
        while first > 0 and _worded(readings[first - 1]):
            first -= 1
        while last < len(readings) and _worded(readings[last]):
            last += 1
    told = [r for i, r in enumerate(readings) if i == gazed or (first <= i < last and r.confidence >= JOINED)]
    text = " ".join(r.text for r in told)
    if len(text) > MOST:
        text = text[: MOST + 1].rpartition(" ")[0] or text[:MOST]
    return Reading(text, sum(r.confidence for r in told) / len(told))


def _worded(reading: Reading) -> bool:
    return bool(_LETTER.search(reading.text))


def _in_line(of: TextLine, x: float, y: float) -> tuple[float, float]:
    """The point along and across a line, from its middle."""
    cos, sin = math.cos(math.radians(of.angle_deg)), math.sin(math.radians(of.angle_deg))
    dx, dy = x - of.x, y - of.y
    return cos * dx + sin * dy, cos * dy - sin * dx


def _distance(line: TextLine, x: float, y: float) -> float:
    along, across = _in_line(line, x, y)
    return math.hypot(max(0.0, abs(along) - line.width / 2), max(0.0, abs(across) - line.height / 2))


def _belong(one: TextLine, other: TextLine) -> bool:
    low, high = sorted((one.height, other.height))
    if abs(one.angle_deg - other.angle_deg) > TURNED_DEG or high > ALIKE * low:
        return False
    along, across = _in_line(one, other.x, other.y)
    apart = abs(along) - (one.width + other.width) / 2
    if abs(across) < LEVEL * low:
        return apart < GAP * high
    return PITCH[0] * low < abs(across) < PITCH[1] * low and -apart > OVERLAP * min(one.width, other.width)


def _parts(one: TextLine, other: TextLine, third: TextLine) -> bool:
    """Whether a third line lies between two that follow each other."""
    step = _in_line(one, other.x, other.y)[1]
    along, across = _in_line(one, third.x, third.y)
    if abs(step) < LEVEL * min(one.height, other.height) or not BETWEEN[0] < across / step < BETWEEN[1]:
        return False
    shared = min(one.width / 2, along + third.width / 2) - max(-one.width / 2, along - third.width / 2)
    return third.width > third.height and shared > OVERLAP * min(one.width, third.width)


def _rows(lines: Sequence[TextLine], chosen: list[int], by: TextLine) -> list[list[int]]:
    """Row by row, and within a row along it; turned as `by` is."""
    places = {i: _in_line(by, lines[i].x, lines[i].y) for i in chosen}
    rows: list[list[int]] = []
    for i in sorted(chosen, key=lambda i: places[i][1]):
        if rows and abs(places[i][1] - places[rows[-1][0]][1]) < LEVEL * by.height:
            rows[-1].append(i)
        else:
            rows.append([i])
    return [sorted(row, key=lambda i: places[i][0]) for row in rows]


def _near(lines: Sequence[TextLine], rows: list[list[int]], start: int) -> list[list[int]]:
    """The rows around that of `start`, as far as they follow each other evenly."""
    at = [_in_line(lines[start], lines[row[0]].x, lines[row[0]].y)[1] for row in rows]
    sizes = [fmean(lines[i].height for i in row) for row in rows]
    steps = [b - a for a, b in pairwise(at)]

    def apart(i: int) -> bool:
        beside = steps[max(0, i - 1) : i] + steps[i + 1 : i + 2]
        longer = steps[i] / min(beside) if beside else UNEVEN
        low, high = sorted(sizes[i : i + 2])
        return (bool(beside) and longer > UNEVEN) or (longer > LONGER and high > LARGER * low)

    first = last = next(n for n, row in enumerate(rows) if start in row)
    while first > 0 and not apart(first - 1):
        first -= 1
    while last < len(steps) and not apart(last):
        last += 1
    return rows[first : last + 1]

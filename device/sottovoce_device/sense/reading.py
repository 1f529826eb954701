"""Reading, wired: cut the frame at the gaze, find lines, and look further only as far as the paragraph goes.

Where nothing can be read, the part around the gaze is looked at once more with its contrast raised: grey on grey.
"""

from typing import Final

from sottovoce_device.capture.frame import Frame
from sottovoce_device.decide.paragraph import line_at, paragraph_of, passage
from sottovoce_device.observation import Reading, TextLine
from sottovoce_device.perceive.contrast import contrasted
from sottovoce_device.perceive.ppocr import LineReader, TextFinder
from sottovoce_device.perceive.weights import Weights

FIRST: Final = (480, 320)
"""Pixels around the gaze that are looked at first: a sign across the street, or a paragraph in the hand."""
MOST_PIXELS: Final = 640 * 448
"""The finder is given no more than this at once: 90 ms; larger parts are looked at in a smaller scale."""
REACH: Final = 0.025
"""How far from a line the gaze may be, in widths of the frame: 1.6 degrees, what an eye camera errs by."""
TRIES: Final = 3
_EDGE: Final = 4.0
_MARGIN: Final = 1.5
_ROOM: Final = 4.0
SMALL: Final = 30.0
"""Where lines are less high than this, in pixels, or none are seen, the finder looks again, enlarged: half of such a
line may have escaped it, and edges come out truer."""
LEGIBLE: Final = 45.0
"""So high they are made then, but no more than NEAREST times as large: there is nothing more to see."""
NEAREST: Final = 2.5

Part = tuple[int, int, int, int]
"""Pixels of the frame: left, top, right, bottom."""


class PartReader:
    """Reads what is written at a point of a frame. Budget: 300 ms, at worst 900."""

    def __init__(self, weights: Weights) -> None:
        self._finder = TextFinder(weights)
        self._reader = LineReader(weights)

    def read(self, frame: Frame, x: float, y: float) -> Reading | None:
        """What is written at x, y (shares of the frame's width and height); None when that cannot be told."""
        at = (x * frame.width, y * frame.height)
        if found := self._read(frame, at):
            return found
        left, top, right, bottom = _around(frame, at, FIRST)
        cut = frame.cut(left, top, right, bottom)
        vivid = Frame(contrasted(cut.data), frame.at_ms)
        try:
            return self._read(vivid, (at[0] - left, at[1] - top))
        finally:
            cut.wipe()
            vivid.wipe()

    def _read(self, frame: Frame, at: tuple[float, float]) -> Reading | None:
        """What is written at a point, in pixels: as it is, and once more enlarged where it is small or not seen."""
        lines, gazed = self._grown(frame, _around(frame, at, FIRST), at, 1.0)
        if not lines or lines[gazed].height < SMALL:
            nearer = min(NEAREST, LEGIBLE / lines[gazed].height) if lines else NEAREST
            part = _around(frame, at, (FIRST[0] / nearer, FIRST[1] / nearer))
            again, index = self._grown(frame, _about(frame, lines, part), at, nearer)
            lines, gazed = (again, index) if again else (lines, gazed)
        if not lines:
            return None
        lines, gazed = self._turned(frame, lines, gazed)
        return passage([self._reader.infer(frame, line) for line in lines], gazed)

    def _grown(self, frame: Frame, part: Part, at: tuple[float, float], scale: float) -> tuple[list[TextLine], int]:
        """The lines of the paragraph at a point, seen in this scale: first in this part, then as far as they go."""
        lines, gazed = self._chosen(frame, part, at, scale)
        for _ in range(TRIES):
            wider = _widened(frame, part, lines, at)
            if wider == part or (scale > 1 and not lines):
                break
            part = wider
            lines, gazed = self._chosen(frame, part, at, scale)
        return lines, gazed

    def _turned(self, frame: Frame, lines: list[TextLine], gazed: int) -> tuple[list[TextLine], int]:
        """The lines in the direction in which the one that is looked at is read, and in that order."""
        line = lines[gazed]
        turned = self._reader.turned(frame, line)
        if turned == line:
            return lines, gazed
        if turned.width != line.width:
            return [turned], 0
        turn = turned.angle_deg - line.angle_deg
        lines = [TextLine(one.x, one.y, one.width, one.height, one.angle_deg + turn) for one in lines]
        order = paragraph_of(lines, gazed)
        return [lines[i] for i in order], order.index(gazed)

    def _chosen(self, frame: Frame, part: Part, at: tuple[float, float], scale: float) -> tuple[list[TextLine], int]:
        """The lines of the paragraph at a point, as far as this part shows it, and which of them is gazed at."""
        lines = self._find(frame, part, scale)
        start = line_at(lines, *at, REACH * frame.width)
        if start is None:
            return [], 0
        chosen = paragraph_of(lines, start)
        return [lines[i] for i in chosen], chosen.index(start)

    def _find(self, frame: Frame, part: Part, scale: float) -> list[TextLine]:
        left, top, right, bottom = part
        cut = frame.cut(*part)
        scale = min(scale, (MOST_PIXELS / ((right - left) * (bottom - top))) ** 0.5)
        try:
            found = self._finder.infer(cut, scale)
        finally:
            cut.wipe()
        return [TextLine(f.x + left, f.y + top, f.width, f.height, f.angle_deg) for f in found]


def _around(frame: Frame, at: tuple[float, float], size: tuple[float, float]) -> Part:
    """The part of this size around a point, moved into the frame: left, top, right, bottom."""
    width, height = min(frame.width, round(size[0])), min(frame.height, round(size[1]))
    left = min(max(0, round(at[0] - width / 2)), frame.width - width)
    top = min(max(0, round(at[1] - height / 2)), frame.height - height)
    return left, top, left + width, top + height


def _widened(frame: Frame, part: Part, lines: list[TextLine], at: tuple[float, float]) -> Part:
    """The part to look at next: the same when the lines lie whole in it, larger where they reach its edge."""
    left, top, right, bottom = part
    if not lines:
        return _around(frame, at, (2 * (right - left), 2 * (bottom - top)))
    xs = [x for line in lines for x, _ in line.corners]
    ys = [y for line in lines for _, y in line.corners]
    more = _MARGIN * max(line.height for line in lines)
    wide, high = right - left, bottom - top
    return (
        max(0, left - wide) if min(xs) - left < _EDGE and left > 0 else left,
        max(0, round(top - high)) if min(ys) - top < more and top > 0 else top,
        min(frame.width, right + wide) if right - max(xs) < _EDGE and right < frame.width else right,
        min(frame.height, round(bottom + high)) if bottom - max(ys) < more and bottom < frame.height else bottom,
    )


def _about(frame: Frame, lines: list[TextLine], part: Part) -> Part:
    """The part, and that of these lines, with as much around them as the finder needs to tell text from no text."""
    left, top, right, bottom = part
    for line in lines:
        more = _ROOM * max(one.height for one in lines)
        for x, y in line.corners:
            left, top = min(left, max(0, round(x - more))), min(top, max(0, round(y - more)))
            right = max(right, min(frame.width, round(x + more)))
            bottom = max(bottom, min(frame.height, round(y + more)))
    return left, top, right, bottom

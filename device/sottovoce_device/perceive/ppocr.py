"""Where text is and what it says: PP-OCRv6 small, detection and recognition (Apache-2.0, PaddleOCR).

The steps around the models are those of the papers: DB (Liao et al. 2020, arXiv 1911.08947) and CTC (Graves 2006).
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import Reading, TextLine
from sottovoce_device.opencv import mean_inside, regions, resized, warped
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

STEP: Final = 32
"""The finder takes sides that are multiples of this."""
_TEXT: Final = 0.3
"""A pixel is text from this probability on (DB, section 3.3)."""
_SURE: Final = 0.5
"""A region is text from this mean probability on (the authors' setting for v6)."""
_UNCLIP: Final = 1.6
"""Regions are shrunk in training: they grow by area x ratio / perimeter (DB, equation 10; the authors' ratio)."""
_SMALLEST: Final = 4.0
_LINE: Final = 48
"""The reader takes lines of this height."""
_SHORTEST, _LONGEST = 48, 1536
_TALL: Final = 1.5
"""What is this much taller than long is taken for a turned line; until it is read, for one that runs down."""
_EIGHTH, _QUARTER = 45.0, 90.0
_ACCENT: Final = 100.0
"""An accented letter has to be so much likelier than its bare one. On signs in English accents are rarer than that, and
uncials, serifs and dirt look like them; where there is one the model is surer by far (500 and more on French signs)."""
_SPACE: Final = 0.2
"""A blank that is this likely somewhere between two letters is one: its chance is spread over several steps."""


class TextFinder:
    """Finds lines of text. Budget: 60 ms for 480 x 320, 90 MB."""

    def __init__(self, weights: Weights) -> None:
        self._session = open_model(weights.path("ppocr_find.onnx"), weights.onnx)

    def infer(self, frame: Frame, scale: float = 1.0) -> tuple[TextLine, ...]:
        """The lines in a frame, looked at in this scale: where they are, in pixels of the frame."""
        width, height = (max(STEP, round(side * scale / STEP) * STEP) for side in (frame.width, frame.height))
        seen = resized(frame.data, width, height)
        values = _normal(seen)
        chance = self._session.run(None, {"x": values})[0][0, 0]
        seen.fill(0)
        values.fill(0)
        by_x, by_y = frame.width / width, frame.height / height
        lines = []
        for x, y, along, across, angle in regions(chance > _TEXT):
            line = TextLine(x, y, along, across, angle)
            if min(along, across) < _SMALLEST or mean_inside(chance, np.array(line.corners, np.float32)) < _SURE:
                continue
            more = 2 * _UNCLIP * along * across / (2 * (along + across))
            wide, high = (along + more) * by_x, (across + more) * by_y
            upright = high <= _TALL * wide
            lines.append(
                TextLine(x * by_x, y * by_y, wide, high, angle)
                if upright
                else TextLine(x * by_x, y * by_y, high, wide, angle + _QUARTER)
            )
        return tuple(lines)


class LineReader:
    """Reads a line of Latin letters, digits and signs: of the 18,708 characters that the model knows.

    Pictograms on signs would else come out as Chinese characters. Budget: 50 ms for a line of 40 letters, 120 MB.
    """

    def __init__(self, weights: Weights) -> None:
        self._session = open_model(weights.path("ppocr_read.onnx"), weights.onnx)
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *characters, " "]
        self._others = np.array([not _latin(c) for c in self._characters])
        self._bare = _bare(self._characters)

    def turned(self, frame: Frame, line: TextLine) -> TextLine:
        """The line as it is read: a tall one may run down or up, or be upright after all, as a 1 is; the surest is."""
        if abs(line.angle_deg) <= _EIGHTH:
            return line
        up = TextLine(line.x, line.y, line.width, line.height, line.angle_deg - 2 * _QUARTER)
        upright = TextLine(line.x, line.y, line.height, line.width, line.angle_deg - _QUARTER)
        return max((line, up, upright), key=lambda one: self.infer(frame, one).confidence)

    def infer(self, frame: Frame, line: TextLine) -> Reading:
        """What the line says."""
        width = int(np.clip(round(_LINE * line.width / max(1.0, line.height)), _SHORTEST, _LONGEST))
        seen = warped(frame.data, np.array(line.corners, np.float32)[[0, 1, 3]], width, _LINE)
        values = _normal(seen)
        chances = self._session.run(None, {"x": values})[0][0]
        seen.fill(0)
        values.fill(0)
        chances[:, self._others] = 0
        return self._spelt(chances)

    def _spelt(self, chances: NDArray[np.float32]) -> Reading:
        """The likeliest letters of chances [steps, characters]."""
        best = chances.argmax(axis=1)
        kept = np.flatnonzero((best != 0) & np.concatenate([[True], best[1:] != best[:-1]]))
        text, before = "", 0
        for step in kept:
            letter = int(best[step])
            bare = self._bare.get(letter, letter)
            if bare != letter and chances[step, letter] < _ACCENT * chances[step, bare]:
                letter = bare
            if text and chances[before + 1 : step, -1].max(initial=0.0) >= _SPACE:
                text += " "
            text += self._characters[letter]
            before = int(step)
        text = " ".join(text.split())
        return Reading(text, float(chances[kept, best[kept]].mean()) if text else 0.0)


def _normal(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """BGR in [-1, 1], shape [1, 3, height, width]: as both models were trained."""
    values: NDArray[np.float32] = picture[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)
    values /= 127.5
    values -= 1
    return values


def _latin(character: str) -> bool:
    """Whether it is a letter of the Latin script, a digit or a sign that is written with them; or the blank."""
    return character <= "\u024f" or "\u2010" <= character <= "\u20bf" or character in "\u2122\u2190\u2191\u2192\u2193"


def _bare(characters: Sequence[str]) -> dict[int, int]:
    """The place of each accented letter's bare one."""
    places = {c: i for i, c in enumerate(characters)}
    bare = {i: places.get(unicodedata.normalize("NFD", c)[:1]) for c, i in places.items() if c.isalpha()}
    return {i: place for i, place in bare.items() if place is not None and place != i}

"""Where text is and what it says: PP-OCRv6 small, detection and recognition (Apache-2.0, PaddleOCR).

The steps around the models are those of the papers: DB (Liao et al. 2020, arXiv 1911.08947) and CTC (Graves 2006).
"""

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
"""A line that is this much taller than long is looked at turned, too."""


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
            lines.append(TextLine(x * by_x, y * by_y, (along + more) * by_x, (across + more) * by_y, angle))
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

    def infer(self, frame: Frame, line: TextLine) -> Reading:
        """What the line says; a tall one is looked at upright and turned to both sides, and the surest is taken."""
        corners = np.array(line.corners, np.float32)
        views = [(corners[[0, 1, 3]], line.width, line.height)]
        if line.height > _TALL * line.width:
            views += [(corners[[3, 0, 2]], line.height, line.width), (corners[[1, 2, 0]], line.height, line.width)]
        return max((self._read(frame, *view) for view in views), key=lambda reading: reading.confidence)

    def _read(self, frame: Frame, corners: NDArray[np.float32], along: float, across: float) -> Reading:
        width = int(np.clip(round(_LINE * along / max(1.0, across)), _SHORTEST, _LONGEST))
        seen = warped(frame.data, corners, width, _LINE)
        values = _normal(seen)
        chances = self._session.run(None, {"x": values})[0][0]
        seen.fill(0)
        values.fill(0)
        chances[:, self._others] = 0
        best = chances.argmax(axis=1)
        kept = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
        text = "".join(self._characters[i] for i in best[kept])
        return Reading(text.strip(), float(chances.max(axis=1)[kept].mean()) if text.strip() else 0.0)


def _normal(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """BGR in [-1, 1], shape [1, 3, height, width]: as both models were trained."""
    values: NDArray[np.float32] = picture[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)
    values /= 127.5
    values -= 1
    return values


def _latin(character: str) -> bool:
    """Whether it is a letter of the Latin script, a digit or a sign that is written with them; or the blank."""
    return character <= "\u024f" or "\u2010" <= character <= "\u20bf" or character in "\u2122\u2190\u2191\u2192\u2193"

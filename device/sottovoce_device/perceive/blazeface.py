"""Where faces are: BlazeFace full range, sparse (Apache-2.0; MediaPipe; Bazarevsky et al. 2019, arXiv 1907.05047)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import FaceSpot
from sottovoce_device.opencv import resized
from sottovoce_device.perceive.litert import LiteModel
from sottovoce_device.perceive.weights import Weights

SIDE: Final = 192
_GRID: Final = 48
"""One anchor in the middle of each cell of 4 x 4 pixels, of a fixed size (the graph's SsdAnchorsCalculator)."""
SURE: Final = 0.6
"""The graph's own threshold."""
_SAME: Final = 0.3
"""Boxes that share more than this (intersection over union) are one face (the graph's own)."""
_LAP: Final = 0.2
"""Tiles of a wide frame overlap by this much of their side, so that no near face is cut by all of them."""


class FaceFinder:
    """Finds faces. Budget: 15 ms for a wide frame, 25 MB."""

    def __init__(self, weights: Weights) -> None:
        self._model = LiteModel(weights.path("face_find.tflite"), weights.lite)
        places = (np.arange(_GRID, dtype=np.float32) + 0.5) / _GRID
        self._anchors = np.stack([np.tile(places, _GRID), np.repeat(places, _GRID)], axis=1)

    def infer(self, frame: Frame) -> tuple[FaceSpot, ...]:
        """The faces of a frame, the largest first. A wide frame is looked at in square tiles."""
        found = [spot for tile in tiles(frame.width, frame.height) for spot in self._in_tile(frame, tile)]
        kept: list[FaceSpot] = []
        for spot in sorted(found, key=lambda s: -s.score):
            if all(_shared(spot, other) < _SAME for other in kept):
                kept.append(spot)
        return tuple(sorted(kept, key=lambda s: -s.side))

    def _in_tile(self, frame: Frame, tile: tuple[int, int, int]) -> list[FaceSpot]:
        left, top, side = tile
        cut = frame.cut(left, top, left + side, top + side)
        square = _squared(cut.data, side)
        seen = resized(square, SIDE, SIDE)
        values = (seen.astype(np.float32) / 127.5 - 1)[None]
        outputs = self._model.run(values)
        for pixels in (square, seen, values):
            pixels.fill(0)
        cut.wipe()
        scores = outputs[1, _GRID**2, 1][0, :, 0]
        chances = 1 / (1 + np.exp(-np.clip(scores, -50, 50)))
        spots = []
        for i in np.flatnonzero(chances > SURE):
            raw = outputs[1, _GRID**2, 16][0, i].reshape(8, 2) / SIDE
            raw[[0, 2, 3, 4, 5, 6, 7]] += self._anchors[i]
            points = raw * side + (left, top)
            spots.append(
                FaceSpot(
                    float(points[0, 0]), float(points[0, 1]), float(raw[1].max() * side),
                    (float(points[2, 0]), float(points[2, 1])), (float(points[3, 0]), float(points[3, 1])),
                    float(chances[i]),
                )
            )  # fmt: skip
        return spots


def tiles(width: int, height: int) -> list[tuple[int, int, int]]:
    """Squares that cover a frame: left, top, side. One for a frame that is nearly square, more for a longer one."""
    long, side = max(width, height), min(width, height)
    if long < 1.34 * side:  # 4:3 is looked at whole, with bars
        return [(0, 0, long)]
    count = int(np.ceil((long - side) / (side * (1 - _LAP)))) + 1
    places = np.linspace(0, long - side, count).astype(int)
    return [(int(p), 0, side) if width > height else (0, int(p), side) for p in places]


def _squared(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture in the top left of a black square."""
    square: NDArray[np.uint8] = np.zeros((side, side, 3), np.uint8)
    square[: picture.shape[0], : picture.shape[1]] = picture
    return square


def _shared(one: FaceSpot, other: FaceSpot) -> float:
    wide = min(one.x + one.side / 2, other.x + other.side / 2) - max(one.x - one.side / 2, other.x - other.side / 2)
    high = min(one.y + one.side / 2, other.y + other.side / 2) - max(one.y - one.side / 2, other.y - other.side / 2)
    both = max(0.0, wide) * max(0.0, high)
    return both / (one.side**2 + other.side**2 - both)

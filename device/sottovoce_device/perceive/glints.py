"""Bright spots in a picture of the eye: mirrored lamps. They hide edges, and one tells of slipping."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.opencv import grown, opened

SPOT: Final = 0.045
"""A spot is narrower than this share of the picture's width: a mirrored lamp is one to three millimetres of the eye."""
BRIGHTER: Final = 40.0
"""Than its surroundings, of 255."""
MOST: Final = 4

Floats = NDArray[np.float32]


def without_glints(part: Floats, width: int) -> tuple[Floats, NDArray[np.bool_]]:
    """A part of a picture with its bright spots taken out (a grey opening), and where they were, a pixel wider."""
    calm = opened(part, max(3, round(SPOT * width) | 1))
    shine = ((part - calm) > BRIGHTER) & (part > ranked(part, 0.9) + BRIGHTER / 2)  # skin between lashes is none
    wide = grown(shine)
    return np.where(wide, calm, part), wide


def find_glints(part: Floats, shine: NDArray[np.bool_], near: tuple[float, float]) -> list[tuple[float, float]]:
    """The middles of the bright spots, x and y in pixels, the nearest to a point first."""
    left = np.where(shine, part, 0)
    found: list[tuple[float, float]] = []
    while len(found) < MOST and left.max() > 0:
        row, column = (int(v) for v in np.unravel_index(int(np.argmax(left)), left.shape))
        top, start = max(0, row - 4), max(0, column - 4)
        patch = left[top : row + 5, start : column + 5]
        weights = np.maximum(patch - 0.5 * patch.max(), 0)
        v, u = np.mgrid[top : top + patch.shape[0], start : start + patch.shape[1]]
        total = weights.sum()
        found.append((float((weights * u).sum() / total), float((weights * v).sum() / total)))
        left[max(0, row - 6) : row + 7, max(0, column - 6) : column + 7] = 0
    return sorted(found, key=lambda g: (g[0] - near[0]) ** 2 + (g[1] - near[1]) ** 2)


def ranked(values: Floats, share: float) -> float:
    """The value below which this share of them lies: a quantile in a tenth of NumPy's time, without interpolation."""
    flat = values.ravel()
    place = min(flat.size - 1, int(share * flat.size))
    return float(np.partition(flat, place)[place])

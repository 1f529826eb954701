"""Where the pupil is in a picture of the eye: our own finder.

A dark disc in a brighter ring is looked for coarsely (the centre-surround feature of Swirski et al. 2012), rays from
there find its edge (the starburst of Li et al. 2005), and the ellipse that most edges agree on is the pupil.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import Pupil
from sottovoce_device.opencv import binomial, box_mean
from sottovoce_device.perceive.ellipse import Ellipse, EllipseFit
from sottovoce_device.perceive.glints import find_glints, ranked, without_glints

COARSE_PX: Final = 96
"""Width of the picture on which the dark disc is looked for."""
COARSE_RADII: Final = (3, 4, 6, 8, 11)
"""Radii that are tried there: with each a pupil half as large again is found, so 2.5 to 17 % of the width."""
CANDIDATES: Final = 2
RAYS: Final = 64
SMALLEST, LARGEST = 0.03, 0.18
"""Half axes of a pupil, as shares of the picture's width."""
CONTRAST: Final = 14.0
"""A pupil is darker than its iris by at least this, of 255: with less its edge drowns in a small sensor's noise."""
LID: Final = 1.5
"""What is brighter than the dark by this many contrasts is no iris: the edge towards it is a lid's, or the white's."""
FILLED: Final = 0.9
"""A pupil is dark all over: at least this part of the ellipse's inside. Lashes and a lid's shadow are not."""
SPOT: Final = 0.35
"""What is uneven within this part of the radius is one spot: a blurred glint. The skin between lashes is all over."""
SPILT: Final = 0.2
"""From this part on of the ring about it being dark, it is doubted: the lids show only a slit of a larger disc."""
_SUPPORT_ENOUGH: Final = 0.8

Floats = NDArray[np.float32]


class PupilFinder:
    """Finds pupils; budget: 4 ms for 192 x 192 on a desktop core, no weights. Each picture is looked at by itself."""

    def __init__(self) -> None:
        angles = np.arange(RAYS) * (2 * np.pi / RAYS)
        self._rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        self._fit = EllipseFit()

    def infer(self, eye: Frame) -> Pupil:
        """The pupil; its confidence is under PUPIL_FOUND where it is not found: shut, covered or not in the picture."""
        grey = eye.data[..., 1]
        best = Pupil(x=0.0, y=0.0, radius=0.0, confidence=0.0, glints=(), at_ms=eye.at_ms)
        for x, y, radius in _dark_discs(grey):
            found = self._refine(grey, x, y, radius, eye.at_ms)
            if found is not None and found.confidence > best.confidence:
                best = found
            if best.confidence > 0.8:  # noqa: PLR2004 -- sure enough not to look on
                break
        return best

    def _refine(self, grey: NDArray[np.uint8], x: float, y: float, radius: float, at_ms: float) -> Pupil | None:
        width = grey.shape[1]
        reach = int(max(3.2 * radius, 0.15 * width))
        left, top = max(0, int(x) - reach), max(0, int(y) - reach)
        part = grey[top : int(y) + reach, left : int(x) + reach].astype(np.float32)
        if min(part.shape) < 2 * SMALLEST * width:
            return None
        clean, shine = without_glints(part, width)
        smooth = binomial(clean)
        ellipse: Ellipse | None = None
        contrast, middle = 0.0, np.array([x - left, y - top])
        for passes in (1, 3):
            contrast, edges = self._edges(smooth, shine, middle, radius)
            if contrast < CONTRAST:
                return None
            ellipse = self._fit.fit(edges, SMALLEST * width, LARGEST * width, passes)
            if ellipse is None:
                return None
            middle = middle + np.array([ellipse.x, ellipse.y])
            radius = (ellipse.long * ellipse.short) ** 0.5
        assert ellipse is not None  # noqa: S101 -- the loop has run
        support = float(ellipse.inliers.sum()) / RAYS
        confidence = min(1.0, support / _SUPPORT_ENOUGH) * min(1.0, 1.6 - ellipse.residual)
        confidence *= self._disc(smooth, middle, radius)
        glints = find_glints(part, shine, (middle[0], middle[1]))
        return Pupil(
            x=float(middle[0] + left) / width,
            y=float(middle[1] + top) / width,
            radius=radius / width,
            confidence=confidence,
            glints=tuple((float(gx + left) / width, float(gy + top) / width) for gx, gy in glints),
            at_ms=at_ms,
        )

    def _disc(self, smooth: Floats, middle: NDArray[np.float64], radius: float) -> float:
        """How much it is a disc, 0 to 1: evenly dark inside, and brighter just outside."""
        steps = np.array([0.2, 0.4, 0.6, 0.75, 1.35]) * radius
        offsets = self._rays[:, None, :] * steps[:, None]
        values, inside = _sampled(smooth, middle + offsets)
        dark = ranked(values[:, :-1], 0.5)
        contrast = ranked(values[:, -1], 0.5) - dark
        uneven = np.abs(values[:, :-1] - dark) >= 0.2 * contrast
        spot = uneven.any() and float(np.sqrt(offsets[:, :-1][uneven].var(axis=0).sum())) < SPOT * radius
        filled = 1.0 if spot else 1 - float(np.mean(uneven))
        spilt = float(np.mean((values[:, -1] < dark + 0.45 * contrast) & inside[:, -1]))
        even = min(1.0, filled / FILLED) ** 4 * min(1.0, max(0.0, (2 * SPILT - spilt) / SPILT))
        return even * min(1.0, max(0.0, contrast / CONTRAST - 1))

    def _edges(
        self, smooth: Floats, shine: NDArray[np.bool_], middle: NDArray[np.float64], radius: float
    ) -> tuple[float, NDArray[np.float64]]:
        """The contrast of disc and ring, and where rays from the middle go from dark to bright, from the middle."""
        steps = np.arange(1.0, 2.4 * radius + 4, 1.0)
        at = middle + self._rays[:, None, :] * steps[:, None]
        values, inside = _sampled(smooth, at)
        dark = ranked(values[:, steps <= max(2.0, 0.7 * radius)], 0.2)
        bright = ranked(values[:, steps >= 1.5 * radius], 0.5)
        contrast = bright - dark
        if contrast < CONTRAST:
            return contrast, np.zeros((0, 2))
        rise = np.zeros_like(values)
        rise[:, 2:-2] = values[:, 4:] - values[:, :-4]
        low = np.zeros(values.shape, bool)
        low[:, 2:] = values[:, :-2] < dark + 0.6 * contrast  # an edge begins in the dark
        outside = np.full_like(values, np.inf)
        outside[:, :-3] = values[:, 3:]
        low &= outside < dark + LID * contrast
        seen = ~shine[tuple(np.clip(np.rint(at[..., ::-1]), 0, np.array(smooth.shape) - 1).astype(int).T)].T
        rise *= low & inside & seen
        where = np.argmax(rise, axis=1)
        rays = np.arange(RAYS)
        peak = rise[rays, where]
        good = (peak > 0.3 * contrast) & (where >= 1) & (where < len(steps) - 1)
        rays, where = rays[good], where[good]
        before, top, after = rise[rays, where - 1], rise[rays, where], rise[rays, where + 1]
        bend = before - 2 * top + after
        shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-6), 0.0)
        distance = steps[where] + np.clip(shift, -0.5, 0.5)
        return contrast, self._rays[rays] * distance[:, None]


def _dark_discs(grey: NDArray[np.uint8]) -> list[tuple[float, float, float]]:
    """Where a disc is darker than the ring around it: x, y, radius in pixels, the best first."""
    step = max(1, round(grey.shape[1] / COARSE_PX))
    rows, columns = grey.shape[0] // step, grey.shape[1] // step
    small = grey[: rows * step, : columns * step].reshape(rows, step, columns, step).mean(axis=(1, 3), dtype=np.float32)
    small = np.minimum(small, ranked(small, 0.9))  # a glint must not outshine a disc
    response = np.empty((len(COARSE_RADII), *small.shape), np.float32)
    for layer, radius in enumerate(COARSE_RADII):
        inner, outer = box_mean(small, radius), box_mean(small, 2 * radius)
        area, whole = (2 * radius + 1) ** 2, (4 * radius + 1) ** 2
        response[layer] = (outer - inner) * (whole / (whole - area))  # the ring's mean less the disc's
    found = []
    for _ in range(CANDIDATES):
        which, row, column = np.unravel_index(np.argmax(response), response.shape)
        radius = COARSE_RADII[which]
        found.append(((column + 0.5) * step - 0.5, (row + 0.5) * step - 0.5, float(radius * step)))
        response[:, max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1] = -1e9
    return found


def _sampled(picture: Floats, at: NDArray[np.float64]) -> tuple[Floats, NDArray[np.bool_]]:
    """Values between the pixels (bilinear) at points [..., 2] of x and y, and whether they are inside."""
    height, width = picture.shape
    x, y = at[..., 0], at[..., 1]
    inside = (x >= 0) & (x < width - 1) & (y >= 0) & (y < height - 1)
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    column, row = x.astype(np.intp), y.astype(np.intp)
    fx, fy = (x - column).astype(np.float32), (y - row).astype(np.float32)
    flat = picture.ravel()
    first = row * width + column
    upper = flat[first] * (1 - fx) + flat[first + 1] * fx
    lower = flat[first + width] * (1 - fx) + flat[first + width + 1] * fx
    return upper * (1 - fy) + lower * fy, inside

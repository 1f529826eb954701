"""Has anything changed: the cheapest look at a frame."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import Glance
from sottovoce_device.opencv import resized

WIDTH, HEIGHT = 64, 36
DIFFERENT: Final = 0.06
"""A pixel of the thumbnail differs when its grey value changes by more than this: noise averages out below."""
_GREY: Final = np.array([0.299 / 255, 0.587 / 255, 0.114 / 255], np.float32)
"""Rec. 601 luma."""
_SPARSE: Final = 16
"""Rows between those whose every bit is compared: a sensor's noise is in all of them."""


class Glancer:
    """Compares each frame with the one before, as thumbnails of 64 x 36. Budget: 2 ms, 5 MB."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None
        self._rows: NDArray[np.uint8] | None = None

    def infer(self, frame: Frame) -> Glance:
        """What changed; keeps a thumbnail until the next frame."""
        small = resized(frame.data, WIDTH, HEIGHT)
        grey: NDArray[np.float32] = small.astype(np.float32) @ _GREY
        small.fill(0)
        rows = frame.data[_SPARSE // 2 :: _SPARSE].copy()
        before, rows_before = self._before, self._rows
        change, most, same = 1.0, 1.0, False
        if before is not None and rows_before is not None:
            differing = np.abs(grey - before)
            change, most = float((differing > DIFFERENT).mean()), float(differing.max())
            same = rows.shape == rows_before.shape and bool((rows == rows_before).all())
        self.wipe()
        self._before, self._rows = grey, rows
        return Glance(float(grey.mean()), float(grey.std()), change, most, same, frame.at_ms)

    @property
    def thumbnail(self) -> NDArray[np.float32]:
        """The last frame, [36, 64] of grey, 0 to 1; overwritten with the next one. Only after infer()."""
        if self._before is None:
            raise ValueError("no frame has been glanced at")
        return self._before

    def wipe(self) -> None:
        """Overwrite what is kept of the last frame."""
        for kept in (self._before, self._rows):
            if kept is not None:
                kept.fill(0)
        self._before = self._rows = None

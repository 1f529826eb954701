"""One frame of the eye camera, looked at: closely where the eye has moved, else the pupil is where it was."""

from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import PUPIL_FOUND, EyeLook, Pupil
from sottovoce_device.perceive.glance import HEIGHT, WIDTH, Glancer
from sottovoce_device.perceive.pupil import PupilFinder

MOVED: Final = 0.0013
"""Shares of the frame's width: a quarter of a pixel of 192, three tenths of a degree; the finder errs by as much.
An eye that rests drifts by a few minutes of arc (Martinez-Conde et al. 2004), and by more sooner or later: then it is
looked at."""
CHANGED: Final = 4 * MOVED
"""If all that has changed were movement: more than this, and it is something else than noise, a lid for instance."""
ABOUT: Final = 2.0
"""In radii: so much about the pupil is compared, which holds its edge, the iris and the glints."""

Floats = NDArray[np.float32]


class EyeReader:
    """A glance at each frame, and the pupil.

    Keeps thumbnails of the last frame and of the last one that was looked at closely; used by one thread.
    """

    def __init__(self) -> None:
        self._glancer = Glancer()
        self._finder = PupilFinder()
        self._pupil: Pupil | None = None
        self._looked: Floats = np.zeros((HEIGHT, WIDTH), np.float32)

    def infer(self, eye: Frame) -> EyeLook:
        """What the frame, which stays its owner's, tells."""
        glance = self._glancer.infer(eye)
        seen = self._glancer.thumbnail
        if self._pupil is None or not still(self._looked, seen, self._pupil, eye.width / eye.height):
            self._pupil = self._finder.infer(eye)
            self._looked[:] = seen
        return EyeLook(glance, replace(self._pupil, at_ms=eye.at_ms))

    def wipe(self) -> None:
        """Overwrite what is kept of the last frames."""
        self._glancer.wipe()
        self._looked.fill(0)
        self._pupil = None


def still(before: Floats, now: Floats, pupil: Pupil, shape: float) -> bool:
    """Whether what is about the pupil is where it was; all that is to be seen, where no pupil is.

    By its slopes, a change of brightness tells of movement (Lucas and Kanade 1981). before, now: thumbnails [36, 64] of
    grey, 0 to 1. shape: width over height of the frame.
    """
    if pupil.confidence >= PUPIL_FOUND:
        reach = ABOUT * pupil.radius
        columns = slice(max(0, int((pupil.x - reach) * WIDTH)), int((pupil.x + reach) * WIDTH) + 2)
        rows = slice(max(0, int((pupil.y - reach) * shape * HEIGHT)), int((pupil.y + reach) * shape * HEIGHT) + 2)
        before, now = before[rows, columns], now[rows, columns]
    across = (before[1:-1, 2:] - before[1:-1, :-2]) * (WIDTH / 2)
    down = (before[2:, 1:-1] - before[:-2, 1:-1]) * (HEIGHT * shape / 2)
    change = now[1:-1, 1:-1] - before[1:-1, 1:-1]
    xx, xy, yy, cc = (float(np.vdot(*v)) for v in ((across, across), (across, down), (down, down), (change, change)))
    x, y = float(np.vdot(across, change)), float(np.vdot(down, change))
    even = max(xx * yy - xy * xy, 1e-12)
    way = ((x * yy - y * xy) ** 2 + (y * xx - x * xy) ** 2) ** 0.5 / even
    return way <= MOVED and 2 * cc <= CHANGED**2 * (xx + yy)

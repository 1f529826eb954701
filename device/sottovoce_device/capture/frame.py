"""What a camera gave."""

from typing import Final

import numpy as np

from sottovoce_device.capture.sample import Sensed

CHANNELS: Final = 3


class Frame(Sensed[np.uint8]):
    """A picture: uint8 RGB, shape [height, width, 3], row 0 on top. Eye cameras give grey as three equal channels.

    The same promises as for sound: RAM only, one process, no pickle, no copy, no print, overwritten by wipe().
    """

    __slots__ = ()

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.data.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.data.shape[1])

    def cut(self, left: int, top: int, right: int, bottom: int) -> "Frame":
        """A copy of a part of it, in pixels, clipped to the frame; whoever cuts it wipes it."""
        part = self.data[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
        return Frame(part.copy(), self.at_ms)

"""What OpenCV does for us: pictures read, resized and warped. The one file that imports it.

Pictures are uint8 RGB, shape [height, width, 3]. Everything runs on the calling thread.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sottovoce_device.errors import SensorError

Picture = NDArray[np.uint8]

cv2.setNumThreads(1)


def read_picture(path: Path) -> Picture:
    """The picture in a file (JPEG, PNG, WebP, …), upright. Raises SensorError, in one line, where there is none."""
    if not path.is_file():
        raise SensorError(f"{path}: there is no such picture; check the path")
    found = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR_RGB) if path.stat().st_size else None
    if found is None:
        raise SensorError(f"{path}: not a readable picture; use JPEG or PNG")
    return np.asarray(found, np.uint8)


def resized(picture: Picture, width: int, height: int) -> Picture:
    """The picture at another size: areas are averaged when it shrinks, and interpolated when it grows."""
    how = cv2.INTER_AREA if width < picture.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)

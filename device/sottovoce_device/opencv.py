"""What OpenCV does for us: pictures read, resized and warped. The one file that imports it.

Pictures are uint8 RGB, shape [height, width, 3]. Everything runs on the calling thread.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sottovoce_device.errors import AbsentError, SensorError

Picture = NDArray[np.uint8]

cv2.setNumThreads(1)
_EIGHTH = 45.0


def read_picture(path: Path) -> Picture:
    """The picture in a file (JPEG, PNG, WebP, …), upright. Raises SensorError, in one line, where there is none."""
    try:
        data = np.fromfile(path, np.uint8) if path.is_file() else None
    except OSError as error:
        raise SensorError(f"{path}: cannot be read ({error.strerror}); see who may read it and its folder") from None
    if data is None:
        raise SensorError(f"{path}: there is no such picture; check the path")
    found = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    if found is None:
        raise SensorError(f"{path}: not a readable picture; use JPEG or PNG")
    return np.asarray(found, np.uint8)


def resized(picture: Picture, width: int, height: int) -> Picture:
    """The picture at another size: areas are averaged when it shrinks, and interpolated when it grows."""
    how = cv2.INTER_AREA if width < picture.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)


def evened(picture: Picture, limit: float, tiles: int) -> Picture:
    """The picture with its lightness spread over the whole range, tile by tile (CLAHE; Zuiderveld 1994)."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(limit, (tiles, tiles)).apply(np.ascontiguousarray(lab[..., 0]))
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def opened(part: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """A grey part [height, width] without what is brighter and narrower than a window (a grey opening)."""
    return np.asarray(cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((window, window), np.uint8)), np.float32)


def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask [height, width], a pixel wider."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)


def binomial(part: NDArray[np.float32]) -> NDArray[np.float32]:
    """A grey part [height, width], blurred by a binomial of five by five; edges are repeated."""
    kernel = np.array([1, 4, 6, 4, 1], np.float32) / 16
    return np.asarray(cv2.sepFilter2D(part, -1, kernel, kernel, borderType=cv2.BORDER_REPLICATE), np.float32)


def box_mean(part: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """The mean in a square of half width `radius` about each pixel of a grey part; edges are repeated."""
    side = 2 * radius + 1
    return np.asarray(cv2.blur(part, (side, side), borderType=cv2.BORDER_REPLICATE), np.float32)


def regions(mask: NDArray[np.bool_]) -> list[tuple[float, float, float, float, float]]:
    """The regions of a mask [height, width], each as its smallest rectangle at any angle.

    x, y of the centre, width, height, and angle in degrees clockwise, from over -45 to 45, all in pixels of the mask.
    """
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((2, 2), np.uint8))
    found = []
    for contour in cv2.findContours(grown, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
        (x, y), (width, height), angle = cv2.minAreaRect(contour)
        while angle > _EIGHTH:
            angle, width, height = angle - 90, height, width
        while angle <= -_EIGHTH:
            angle, width, height = angle + 90, height, width
        found.append((float(x), float(y), float(width), float(height), float(angle)))
    return found


def mean_inside(values: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    """The mean of values [height, width] in the quadrangle of these corners [4, 2] (x, y)."""
    height, width = values.shape
    low = np.clip(np.floor(corners.min(0)), 0, (width - 1, height - 1)).astype(int)
    high = np.clip(np.ceil(corners.max(0)), 0, (width - 1, height - 1)).astype(int)
    mask = np.zeros((high[1] - low[1] + 1, high[0] - low[0] + 1), np.uint8)
    cv2.fillPoly(mask, [np.round(corners - low).astype(np.int32)], (1,))
    return float(cv2.mean(values[low[1] : high[1] + 1, low[0] : high[0] + 1], mask)[0])


def warped(picture: Picture, corners: NDArray[np.float32], width: int, height: int) -> Picture:
    """What lies between three corners [3, 2] (x, y: top left, top right, bottom left), as an upright picture."""
    onto = np.array([[0, 0], [width, 0], [0, height]], np.float32)
    way = cv2.getAffineTransform(np.asarray(corners[:3], np.float32), onto)
    seen = cv2.warpAffine(picture, way, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.uint8)


class MarkDetector:
    """Finds the calibration mark: AprilTag 36h11, number 0 (Olson 2011; Wang and Olson 2016)."""

    def __init__(self) -> None:
        aruco = cv2.aruco
        self._detector = aruco.ArucoDetector(aruco.getPredefinedDictionary(aruco.DICT_APRILTAG_36h11))

    def find(self, picture: Picture) -> tuple[float, float] | None:
        """Its middle, x and y in pixels: where its diagonals cross; None where it is not in the picture."""
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        corners, numbers, _ = self._detector.detectMarkers(grey)
        grey.fill(0)
        for quad, number in zip(corners, [] if numbers is None else np.ravel(numbers), strict=True):
            if number == 0:
                (x1, y1), (x2, y2), (x3, y3), (x4, y4) = np.reshape(quad, (4, 2)).tolist()
                way = (x3 - x1) * (y4 - y2) - (y3 - y1) * (x4 - x2)
                share = ((x2 - x1) * (y4 - y2) - (y2 - y1) * (x4 - x2)) / way
                return float(x1 + share * (x3 - x1)), float(y1 + share * (y3 - y1))
        return None


class VideoDevice:
    """A Video4Linux device (or a video file) that gives pictures of this size.

    Raises AbsentError where it is not there, SensorError where it does not open or gives another size.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        if not path.exists():
            raise AbsentError(f"{path}: there is no such camera; plug it in, or set device")
        backend = cv2.CAP_V4L2 if path.is_char_device() else cv2.CAP_ANY
        self._path = path
        self._device = cv2.VideoCapture(str(path), backend)
        if not self._device.isOpened():
            raise SensorError(f"{path}: the camera does not open; is another program using it?")
        if backend == cv2.CAP_V4L2:
            self._device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            self._device.set(cv2.CAP_PROP_FRAME_WIDTH, width)
            self._device.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
            self._device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        found = round(self._device.get(cv2.CAP_PROP_FRAME_WIDTH)), round(self._device.get(cv2.CAP_PROP_FRAME_HEIGHT))
        if 0 not in found and found != (width, height):  # said now: a sealed process has no log any more
            self._device.release()
            raise SensorError(
                f"the camera gives {found[0]} x {found[1]}, not {width} x {height}; "
                "set the width and height of its table to what it can"
            )

    def grab(self, wanted: bool) -> Picture | None:
        """Wait for the next picture; it is only decoded when it is wanted. Raises SensorError when there is none."""
        found, picture = self._device.grab(), None
        if found and wanted:
            found, picture = self._device.retrieve()
        if not found:
            raise SensorError(f"{self._path}: the camera gives no more pictures; check its cable")
        return None if picture is None else np.ascontiguousarray(picture[..., ::-1], np.uint8)

    def close(self) -> None:
        """Let it go."""
        self._device.release()

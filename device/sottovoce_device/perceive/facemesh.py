"""How a face is turned and how far its mouth is open: Face Mesh (Apache-2.0; MediaPipe; arXiv 1907.06724)."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import Box, FacePose, FaceSpot
from sottovoce_device.opencv import warped
from sottovoce_device.perceive.litert import LiteModel
from sottovoce_device.perceive.weights import Weights

SIDE: Final = 192
_LARGER: Final = 1.5
"""The graph looks at one and a half sides of what BlazeFace gives."""
PRESENT: Final = 0.5
"""The graph's own threshold for "that is a face"."""
_RIGHT_CHEEK, _LEFT_CHEEK, _FOREHEAD, _CHIN = 234, 454, 10, 152
_UPPER_LIP, _LOWER_LIP = 13, 14
_RIGHT_EYE, _LEFT_EYE = (33, 133), (263, 362)
"""Numbers of points of the mesh, as its authors' picture of the canonical face has them."""
LEVEL_DEG: Final = 9.0
"""The line from forehead to chin leans by so much on a face that looks straight ahead (6 and 12 on two portraits)."""


class FaceMesh:
    """The pose of a face. Budget: 4 ms a face, 35 MB."""

    def __init__(self, weights: Weights) -> None:
        self._model = LiteModel(weights.path("face_points.tflite"), weights.lite)

    def infer(self, frame: Frame, spot: FaceSpot) -> FacePose | None:
        """The pose of the face at this spot; None where there is none after all. The crop is overwritten."""
        seen = warped(frame.data, _corners(spot), SIDE, SIDE)
        values = (seen.astype(np.float32) / np.float32(255))[None]
        outputs = self._model.run(values)
        seen.fill(0)
        values.fill(0)
        if 1 / (1 + math.exp(-float(outputs[1, 1, 1, 1].item()))) < PRESENT:
            return None
        points = outputs[1, 1, 1, 1404].reshape(468, 3)
        scale = _LARGER * spot.side / SIDE
        return pose_of(points, _box(spot, frame), scale / frame.width)


def pose_of(points: NDArray[np.float32], box: Box, scale: float) -> FacePose:
    """The pose of a mesh [468, 3] (x right, y down, z away, one unit). scale: of the unit, to the frame's width."""
    across = points[_LEFT_CHEEK] - points[_RIGHT_CHEEK]
    down = points[_CHIN] - points[_FOREHEAD]
    yaw = math.degrees(math.atan2(across[2], across[0]))
    pitch = math.degrees(math.atan2(down[2], down[1])) - LEVEL_DEG
    eyes = points[list(_LEFT_EYE)].mean(0) - points[list(_RIGHT_EYE)].mean(0)
    height = float(np.linalg.norm(down))
    mouth = float(np.linalg.norm(points[_LOWER_LIP] - points[_UPPER_LIP])) / max(1.0, height)
    return FacePose(box, yaw, pitch, float(np.linalg.norm(eyes)) * scale, mouth)


def _corners(spot: FaceSpot) -> NDArray[np.float32]:
    """Top left, top right and bottom left of the square to look at, turned so that the eyes are level."""
    turn = math.atan2(spot.left_eye[1] - spot.right_eye[1], spot.left_eye[0] - spot.right_eye[0])
    half = _LARGER * spot.side / 2
    along = np.array([math.cos(turn), math.sin(turn)]) * half
    across = np.array([-math.sin(turn), math.cos(turn)]) * half
    middle = np.array([spot.x, spot.y])
    corners: NDArray[np.float32] = np.array(
        [middle - along - across, middle + along - across, middle - along + across], np.float32
    )
    return corners


def _box(spot: FaceSpot, frame: Frame) -> Box:
    half = spot.side / 2
    return Box(
        max(0.0, (spot.x - half) / frame.width),
        max(0.0, (spot.y - half) / frame.height),
        min(1.0, (spot.x + half) / frame.width),
        min(1.0, (spot.y + half) / frame.height),
    )

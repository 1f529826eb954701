"""What a model saw or heard: typed, without PCM and without pixels."""

import math
from typing import Final, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray


class Level(Struct, frozen=True):
    """How loud a block is: `db`, root mean square in dB of full scale, -120 for digital silence."""

    db: float


class Bands(Struct, frozen=True):
    """How strong a block is in the bands of sottovoce_wire.echo: `power`, mean square against full scale, [4]."""

    power: NDArray[np.float64]


class Texture(Struct, frozen=True):
    """How blurred a block of speech is.

    kurtosis: of the residual of linear prediction; 3 for noise, more for a voice close by.
    fall_db: how steeply the tones above 1.7 kHz fall, in dB each 8 ms, averaged with the rises as 0; never positive.
    """

    kurtosis: float
    fall_db: float


class Parallax(Struct, frozen=True):
    """How a block of speech differs between two microphones.

    nearer: how much louder it is at the microphone that is nearer to the wearer's mouth; 1 is as much louder as the
    mouth is in a room without echo, 0 is alike.
    towards_mouth: how coherent the two are at the delay that the mouth would give: -1 to 1.
    """

    nearer: float
    towards_mouth: float


class Voice(Struct, frozen=True):
    """How likely a block is speech of the wearer's.

    probability: 0 to 1. anybody: the same of anybody's speech.
    position: where the block ends, in samples since the start.
    at_ms: when its last sample was heard.
    """

    probability: float
    position: int
    at_ms: float
    anybody: float


class Transcript(Struct, frozen=True):
    """What the recogniser made of a stretch of sound: `text`, and `confidence`, the mean probability of its tokens."""

    text: str
    confidence: float


class Voiceprint(Struct, frozen=True):
    """What a voice is like: `embedding`, a unit vector [256]; `seconds` of speech behind it."""

    embedding: NDArray[np.float32]
    seconds: float


class TurnEnd(Struct, frozen=True):
    """How likely the speaker has finished: `probability`, 0 to 1."""

    probability: float


Seen = Literal["yes", "no", "unseen"]
"""What a look at somebody tells; "unseen" is neither yes nor no. The wire's word."""


class Box(Struct, frozen=True):
    """A part of the world frame, as shares of its width and height from the top left: 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """Share of the frame."""
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def overlap(self, other: "Box") -> float:
        """Intersection over union with another box: 0 to 1."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        both = max(0.0, wide) * max(0.0, high)
        return both / max(1e-9, self.area + other.area - both)

    def holds(self, x: float, y: float) -> bool:
        """Whether the point is in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


class Gaze(Struct, frozen=True):
    """Where the attention points.

    x, y: on the world frame, from its top left, as shares of its width and height: 0 to 1; outside when it is off it.
    confidence: 0 to 1; 0 while the eye is shut.
    source: the eye camera, or the head's direction (the middle of the frame) where there is none.
    at_ms: when it was sensed.
    """

    x: float
    y: float
    confidence: float
    source: Literal["eye", "head"]
    at_ms: float


PUPIL_FOUND: Final = 0.6
"""From this confidence on the pupil counts as found: half of its outline is seen, at a clear contrast."""


class Pupil(Struct, frozen=True):
    """Where the pupil is in the eye camera's frame.

    x, y: its middle, from the top left; radius: its mean half axis; all as shares of the frame's width.
    confidence: 0 to 1. glints: the bright spots about it, the nearest first. at_ms: when it was sensed.
    """

    x: float
    y: float
    radius: float
    confidence: float
    glints: tuple[tuple[float, float], ...]
    at_ms: float


class Thing(Struct, frozen=True):
    """Something that was recognised: the model's `label`, `confidence` 0 to 1, and where."""

    label: str
    confidence: float
    box: Box


class Things(Struct, frozen=True):
    """What was recognised in one frame, the surest first; at_ms: when the frame was sensed."""

    things: tuple[Thing, ...]
    at_ms: float


class Face(Struct, frozen=True):
    """Somebody in view. Never who.

    bearing_deg: where the face is, degrees from straight ahead, positive to the right.
    facing: whether it is turned to the wearer. speaking: whether the mouth moves.
    distance: the wire's bucket. box: where in the world frame.
    """

    bearing_deg: float
    facing: Seen
    speaking: Seen
    distance: Literal["near", "middle", "far", "unknown"]
    box: Box


class Faces(Struct, frozen=True):
    """The faces in one frame, the nearest first; at_ms: when the frame was sensed."""

    faces: tuple[Face, ...]
    at_ms: float


class TextLine(Struct, frozen=True):
    """Where a line of text is, in pixels of the frame.

    x, y: its middle. width: along the line. height: across it. angle_deg: of the line, clockwise from level.
    """

    x: float
    y: float
    width: float
    height: float
    angle_deg: float

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Top left, top right, bottom right, bottom left: x, y."""
        cos, sin = math.cos(math.radians(self.angle_deg)), math.sin(math.radians(self.angle_deg))
        along, across = (cos * self.width / 2, sin * self.width / 2), (-sin * self.height / 2, cos * self.height / 2)
        signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        return tuple((self.x + a * along[0] + b * across[0], self.y + a * along[1] + b * across[1]) for a, b in signs)


class Reading(Struct, frozen=True):
    """What is written there: `text`, and `confidence`, the mean probability of its characters, 0 to 1."""

    text: str
    confidence: float


class FacePose(Struct, frozen=True):
    """A face as it is turned. Never whose.

    box: where. yaw_deg: to its own left, positive; 0 is straight at the camera. pitch_deg: up, positive.
    eyes: distance between the eyes as a share of the frame's width, as if it were turned straight at the camera.
    mouth: opening between the lips, as a share of the face's height.
    """

    box: Box
    yaw_deg: float
    pitch_deg: float
    eyes: float
    mouth: float


class FaceSpot(Struct, frozen=True):
    """A face's place, in pixels of the frame: x, y of its middle, its side, and its two eyes (x, y)."""

    x: float
    y: float
    side: float
    right_eye: tuple[float, float]
    left_eye: tuple[float, float]
    score: float


class Glance(Struct, frozen=True):
    """What a look at a whole frame tells at no cost.

    brightness: mean of its grey values, 0 to 1. contrast: their standard deviation, 0 to 1.
    change: share of the frame that differs from the last one, 0 to 1; 1 for the first.
    most: by how much its grey value has changed where it has most, 0 to 1; 1 for the first.
    same: the frame equals the last one to the bit. at_ms: when it was sensed.
    """

    brightness: float
    contrast: float
    change: float
    most: float
    same: bool
    at_ms: float


class EyeLook(Struct, frozen=True):
    """What one frame of the eye camera tells: whether it sees at all, and where the pupil is."""

    glance: Glance
    pupil: Pupil


class Mark(Struct, frozen=True):
    """Where the calibration mark is, as shares of the world frame."""

    x: float
    y: float

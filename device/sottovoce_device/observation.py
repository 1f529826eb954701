"""What a model saw or heard: typed, without PCM and without pixels."""

from typing import Literal

from msgspec import Struct


class Level(Struct, frozen=True):
    """How loud a block is: `db`, root mean square in dB of full scale, -120 for digital silence."""

    db: float


class Voice(Struct, frozen=True):
    """How likely a block is speech.

    probability: 0 to 1.
    position: where the block ends, in samples since the start.
    at_ms: when its last sample was heard.
    """

    probability: float
    position: int
    at_ms: float


class Transcript(Struct, frozen=True):
    """What the recogniser made of a stretch of sound: `text`, and `confidence`, the mean probability of its tokens."""

    text: str
    confidence: float


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

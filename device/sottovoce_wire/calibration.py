"""The events of a gaze calibration: how it goes, what came out, and the numbers that stay on the glasses."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from sottovoce_wire.bounds import Asked, Factor, MarkTally, TenthsOfDegree
from sottovoce_wire.event import Event

FACTOR: Final = 100_000
"""What factors are multiplied by: five places hold a hundredth of what a pupil's place can be told to."""

Reason = Literal["", "mark_unseen", "eye_unseen", "restless", "few", "narrow", "disagree", "given_up"]
REASONS: Final[dict[Reason, str]] = {
    "": "",
    "mark_unseen": "the world camera did not see the mark at a new place; hold it upright, well lit, at arm's length",
    "eye_unseen": "the eye camera did not see the pupil; see that it sees the whole eye",
    "restless": "the eye or the mark was not at rest; look at the mark's middle, and hold still at each place",
    "few": "too few marks were looked at with the eye at rest; look at the mark's middle, and hold still",
    "narrow": "the marks were too near each other; turn the head more: 15 degrees sideways, 8 up and down",
    "disagree": "the marks disagree by over 2 degrees; see that the glasses sit firmly, and look at the mark's middle",
    "given_up": "it was broken off: the glasses were muted, or told to forget, or to begin anew",
}
"""Why a calibration was refused, and what to do, for people."""


class GazeCalibrated(Event, frozen=True, kw_only=True):
    """How a gaze calibration goes: a mark was taken, or it ended.

    command: seq of the CalibrateGaze.
    stage: taken is one more mark; accepted and refused are the end.
    marks: how many were taken; at the end, how many it is made of.
    error: mean leave-one-out error: how far each mark is from where the others would have it; 0 before the end.
    reason: why it was refused.
    """

    command: Asked
    stage: Literal["taken", "accepted", "refused"]
    marks: MarkTally
    error: TenthsOfDegree = 0
    reason: Reason = ""


class GazeLearnt(Event, frozen=True, kw_only=True):
    """A gaze calibration's numbers, from sense to the gate, which keeps them. It never leaves the glasses.

    error: mean leave-one-out error.
    marks: how many it is made of.
    direction: twelve factors: degrees right, then degrees down, of 1, u, v, u2, uv, v2.
    glint: twelve factors of the lamp's reflection, likewise; none where no lamp was seen.
    scale: the pupil's middle x and y, the length of u and v, and the farthest mark's pupil.
    """

    error: TenthsOfDegree
    marks: MarkTally
    direction: Annotated[tuple[Factor, ...], Meta(max_length=12)]
    glint: Annotated[tuple[Factor, ...], Meta(max_length=12)]
    scale: Annotated[tuple[Factor, ...], Meta(max_length=4)]

"""Who is in view: facing or not, speaking or not, how far. Never who."""

import math
from collections.abc import Sequence
from statistics import pstdev
from typing import Final, Literal

from msgspec import Struct

from sottovoce_device.observation import Face, FacePose, Faces, Seen
from sottovoce_wire import PersonNoticed

FACING_DEG: Final = 25.0
"""Turned to the wearer up to this: where the head points, attention is, in nine of ten cases (Stiefelhagen 2002)."""
AWAY_DEG: Final = 35.0
"""Turned away from this on; in between it cannot be told."""
EYES_M: Final = 0.063
"""Between the pupils of adults (Dodgson 2004), by which distance is told."""
NEAR_M, MIDDLE_M = 1.2, 3.6
"""Hall's personal and social distances: the wire's buckets."""
SMALLEST_EYES: Final = 0.008
"""Share of the frame: the mouth of a smaller face cannot be seen."""
LIPS_MS: Final = 1_200
LIPS_LOOKS: Final = 5
"""A mouth that speaks opens and closes three to five times a second; so many looks within so long show it."""
LIPS_MOVE: Final = 0.012
"""Standard deviation of the opening, in heights of the face: a resting mouth has a third of it."""
SAME_DEG: Final = 6.0
"""A face that is so near to where one was is taken for the same one. Nothing else of it is compared."""
FORGET_MS: Final = 2_000
AGAIN_MS: Final = 1_000
"""One person is told of at most this often."""


class _Track(Struct):
    """One face from look to look: where it was, how its lips moved, what was told of it, and when."""

    bearing_deg: float
    seen_ms: float
    lips: list[tuple[float, float]]
    told: tuple[Seen, Seen, str] | None = None
    told_ms: float = 0.0


class Company:
    """Follows faces by their place alone, for two seconds at most.

    view_deg: how many degrees of the world the frame's width shows.
    """

    def __init__(self, view_deg: float) -> None:
        self._half_tan = math.tan(math.radians(view_deg) / 2)
        self._tracks: list[_Track] = []

    def step(self, poses: Sequence[FacePose], at_ms: float) -> tuple[Faces, list[PersonNoticed]]:
        """Take the faces of a frame that was sensed at `at_ms`; who is there, and what is new to tell."""
        self._tracks = [t for t in self._tracks if at_ms - t.seen_ms <= FORGET_MS]
        free = list(self._tracks)
        faces: list[tuple[float, Face]] = []
        events = []
        for pose in sorted(poses, key=lambda p: -p.eyes):
            bearing = bearing_deg((pose.box.left + pose.box.right) / 2, self._half_tan)
            track = min(free, key=lambda t: abs(t.bearing_deg - bearing), default=None)
            if track is None or abs(track.bearing_deg - bearing) > SAME_DEG:
                track = _Track(bearing, at_ms, [])
                self._tracks.append(track)
            else:
                free.remove(track)
            track.bearing_deg, track.seen_ms = bearing, at_ms
            face = Face(bearing, _facing(pose), _speaking(track, pose, at_ms), self._distance(pose), pose.box)
            faces.append((pose.eyes, face))
            events += _news(track, face, at_ms)
        return Faces(tuple(face for _, face in faces), at_ms), events

    def forget(self) -> None:
        """Nobody was ever there."""
        self._tracks = []

    def _distance(self, pose: FacePose) -> Literal["near", "middle", "far", "unknown"]:
        if pose.eyes <= 0:
            return "unknown"
        metres = EYES_M / (pose.eyes * 2 * self._half_tan)
        return "near" if metres < NEAR_M else "middle" if metres < MIDDLE_M else "far"


def bearing_deg(x: float, half_tan: float) -> float:
    """Degrees from straight ahead of a place at x (share of the frame's width); half_tan: of half the view's angle."""
    return math.degrees(math.atan((2 * x - 1) * half_tan))


def _facing(pose: FacePose) -> Seen:
    turned = math.hypot(pose.yaw_deg, pose.pitch_deg)
    return "yes" if turned <= FACING_DEG else "no" if turned >= AWAY_DEG else "unseen"


def _speaking(track: _Track, pose: FacePose, at_ms: float) -> Seen:
    if pose.eyes < SMALLEST_EYES or abs(pose.yaw_deg) > AWAY_DEG:
        track.lips = []
        return "unseen"
    track.lips = [(t, v) for t, v in track.lips if at_ms - t <= LIPS_MS] + [(at_ms, pose.mouth)]
    if len(track.lips) < LIPS_LOOKS:
        return "unseen"
    return "yes" if pstdev(v for _, v in track.lips) > LIPS_MOVE else "no"


def _news(track: _Track, face: Face, at_ms: float) -> list[PersonNoticed]:
    """What is told of a face: it came, or something of it is another than was told."""
    now = (face.facing, face.speaking, face.distance)
    if track.told == now or (track.told is not None and at_ms - track.told_ms < AGAIN_MS):
        return []
    track.told, track.told_ms = now, at_ms
    return [noticed(face, at_ms)]


def noticed(face: Face, at_ms: float, command: int = 0) -> PersonNoticed:
    """The event of a face. command: of the Look that asked, 0 when nobody did."""
    return PersonNoticed(
        at_ms=max(0, round(at_ms)),
        facing=face.facing,
        speaking=face.speaking,
        bearing=round(face.bearing_deg),
        distance=face.distance,
        command=command,
    )

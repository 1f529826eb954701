"""Between points of the world frame and degrees, for a camera without distortion (a pinhole)."""

import math

from msgspec import Struct


class Lens(Struct, frozen=True):
    """What the world camera sees.

    view_deg: how many degrees its width shows. aspect: width over height.
    """

    view_deg: float
    aspect: float

    @property
    def _focal(self) -> float:
        """The focal length in widths of the frame."""
        return 0.5 / math.tan(math.radians(self.view_deg) / 2)

    def angles(self, x: float, y: float) -> tuple[float, float]:
        """Degrees right and down of a point, given as shares of width and height."""
        yaw = math.atan((x - 0.5) / self._focal)
        pitch = math.atan((y - 0.5) / self.aspect / self._focal * math.cos(yaw))
        return math.degrees(yaw), math.degrees(pitch)

    def point(self, yaw_deg: float, pitch_deg: float) -> tuple[float, float]:
        """The point in this direction, as shares of width and height; outside of 0 to 1 it is not on the frame."""
        yaw, pitch = (math.radians(max(-80.0, min(80.0, a))) for a in (yaw_deg, pitch_deg))
        return 0.5 + math.tan(yaw) * self._focal, 0.5 + math.tan(pitch) / math.cos(yaw) * self._focal * self.aspect


def apart_deg(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The angle between two directions, each degrees right and down."""
    (yaw1, pitch1), (yaw2, pitch2) = ([math.radians(a) for a in d] for d in (one, other))
    half = math.sin((pitch1 - pitch2) / 2) ** 2 + math.cos(pitch1) * math.cos(pitch2) * math.sin((yaw1 - yaw2) / 2) ** 2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(half))))

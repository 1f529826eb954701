"""A calibration as the wire spells it, for the file that the gate keeps, and back."""

from collections.abc import Iterable
from typing import Final

from sottovoce_device.decide.calibration import Calibration
from sottovoce_device.decide.quadric import TERMS, Six
from sottovoce_wire import GazeLearnt
from sottovoce_wire.calibration import FACTOR

_SCALES: Final = 4


def learnt(calibration: Calibration, at_ms: float) -> GazeLearnt:
    """The event that has this calibration kept."""
    return GazeLearnt(
        at_ms=max(0, round(at_ms)),
        error=tenths(calibration.error_deg),
        marks=calibration.marks,
        direction=_whole((*calibration.yaw, *calibration.pitch)),
        glint=_whole(f for six in calibration.glint for f in six),
        scale=_whole((*calibration.middle, calibration.spread, calibration.reach)),
    )


def calibration_of(event: GazeLearnt) -> Calibration | None:
    """The calibration of this event; None for one that holds none: a file that somebody else has made."""
    if len(event.direction) != 2 * TERMS or len(event.glint) not in {0, 2 * TERMS} or len(event.scale) != _SCALES:
        return None
    x, y, spread, reach = (f / FACTOR for f in event.scale)
    if spread <= 0 or reach <= 0:
        return None
    yaw, pitch = _sixes(event.direction)
    return Calibration(
        yaw=yaw,
        pitch=pitch,
        glint=tuple(_sixes(event.glint)),
        middle=(x, y),
        spread=spread,
        reach=reach,
        error_deg=event.error / 10,
        marks=event.marks,
    )


def tenths(degrees: float) -> int:
    """Degrees as the wire has them."""
    return min(900, max(0, round(10 * degrees)))


def _whole(factors: Iterable[float]) -> tuple[int, ...]:
    most = 1_000 * FACTOR
    return tuple(min(most, max(-most, round(f * FACTOR))) for f in factors)


def _sixes(factors: tuple[int, ...]) -> list[Six]:
    parts = [f / FACTOR for f in factors]
    return [(a, b, c, d, e, f) for a, b, c, d, e, f in (parts[n : n + TERMS] for n in range(0, len(parts), TERMS))]

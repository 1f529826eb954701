"""From marks that were looked at to a calibration, or to the reason why there is none."""

from collections.abc import Sequence
from statistics import mean, median
from typing import Final

from msgspec import Struct

from sottovoce_device.decide import quadric
from sottovoce_device.decide.lens import apart_deg
from sottovoce_device.decide.quadric import Six
from sottovoce_device.observation import PUPIL_FOUND, Pupil
from sottovoce_wire.calibration import Reason

FEWEST_MARKS: Final = 9
"""A second-order polynomial has six factors; three by three marks leave three to tell how good it is."""
FEWEST_PUPILS: Final = 5
ACCEPTED_DEG: Final = 2.0
"""Worse than this, things of a hand's width cannot be told apart at arm's length (10 cm at 70 cm are 8 degrees,
and a fixation scatters by 1.5 more). The goal is 1.5."""
SPREAD_DEG: Final = (15.0, 8.0)
"""The marks must span this much, right and down: outside of them the polynomial guesses."""
STILL: Final = 0.02
"""Median distance of a mark's pupils from their middle, in shares of the width: more, and the eye was not at rest."""
ASTRAY: Final = 3.0
"""A mark whose error is this many times the median one was not looked at; so much for one mark in five."""
GLINT_FITS: Final = 0.06
"""In units of the pupil's spread: a glint that follows the pupil worse than this is not the lamp's."""


class LookedMark(Struct, frozen=True):
    """A mark: where it was, degrees right and down, and what the eye camera saw meanwhile."""

    yaw_deg: float
    pitch_deg: float
    pupils: tuple[Pupil, ...]


class Calibration(Struct, frozen=True, forbid_unknown_fields=True):
    """How a pupil's place becomes a direction: numbers, and nothing else.

    yaw, pitch: degrees right and down, over the pupil's place in units of `spread` from `middle`.
    glint: where the lamp's reflection is for a pupil's place, in the same units; empty where it was not seen.
    reach: the farthest pupil of the marks from the middle, in these units. error_deg: mean leave-one-out error.
    marks: how many it was made of.
    """

    yaw: Six
    pitch: Six
    glint: tuple[Six, ...]
    middle: tuple[float, float]
    spread: float
    reach: float
    error_deg: float
    marks: int

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of the eye's frame in the calibration's units."""
        return (x - self.middle[0]) / self.spread, (y - self.middle[1]) / self.spread

    def direction(self, u: float, v: float) -> tuple[float, float]:
        """Degrees right and down."""
        return quadric.value(self.yaw, u, v), quadric.value(self.pitch, u, v)


class Refusal(Struct, frozen=True):
    """Why there is no calibration: the wire has the sentence for it. error_deg: by how much the marks disagree."""

    reason: Reason
    error_deg: float = 0.0


class _Seen(Struct, frozen=True):
    direction: tuple[float, float]
    pupil: tuple[float, float]
    glints: tuple[tuple[float, float], ...]


def calibrate(marks: Sequence[LookedMark]) -> Calibration | Refusal:
    """The calibration that these marks give, if it is good enough."""
    seen = [s for s in map(_at_rest, marks) if s is not None]
    if (lacking := _lacking(seen)) is not None:
        return lacking
    middle = (mean(s.pupil[0] for s in seen), mean(s.pupil[1] for s in seen))
    spread = max(max(abs(s.pupil[i] - middle[i]) for s in seen) for i in (0, 1))
    if spread < STILL:
        return Refusal("narrow")
    errors = _left_out(seen, middle, spread)
    for _ in range(len(seen) // 5):  # a mark that was not looked at spoils the others' errors, too: one at a time
        worst = max(range(len(seen)), key=errors.__getitem__)
        if len(seen) <= FEWEST_MARKS or errors[worst] < max(1.0, ASTRAY * median(errors)):
            break
        seen = seen[:worst] + seen[worst + 1 :]
        errors = _left_out(seen, middle, spread)
    if mean(errors) > ACCEPTED_DEG:
        return Refusal("disagree", mean(errors))
    places = _places(seen, middle, spread)
    return Calibration(
        yaw=quadric.fit(places, [s.direction[0] for s in seen]),
        pitch=quadric.fit(places, [s.direction[1] for s in seen]),
        glint=_glint(seen, places, middle, spread),
        middle=middle,
        spread=spread,
        reach=max((u * u + v * v) ** 0.5 for u, v in places),
        error_deg=mean(errors),
        marks=len(seen),
    )


def _lacking(seen: Sequence[_Seen]) -> Refusal | None:
    if len(seen) < FEWEST_MARKS:
        return Refusal("few")
    for axis, least in enumerate(SPREAD_DEG):
        values = [s.direction[axis] for s in seen]
        if max(values) - min(values) < least:
            return Refusal("narrow")
    return None


def at_rest(mark: LookedMark) -> bool:
    """Whether the pupil was found at this mark, and stayed."""
    return _at_rest(mark) is not None


def _at_rest(mark: LookedMark) -> _Seen | None:
    """The middle of what was seen at a mark; None where the pupil was not found, or not at rest."""
    found = [p for p in mark.pupils if p.confidence >= PUPIL_FOUND]
    if len(found) < FEWEST_PUPILS:
        return None
    x, y = median(p.x for p in found), median(p.y for p in found)
    if median(((p.x - x) ** 2 + (p.y - y) ** 2) ** 0.5 for p in found) > STILL:
        return None
    middle = min(found, key=lambda p: (p.x - x) ** 2 + (p.y - y) ** 2)
    return _Seen((mark.yaw_deg, mark.pitch_deg), (x, y), middle.glints)


def _places(seen: Sequence[_Seen], middle: tuple[float, float], spread: float) -> list[tuple[float, float]]:
    return [((s.pupil[0] - middle[0]) / spread, (s.pupil[1] - middle[1]) / spread) for s in seen]


def _left_out(seen: Sequence[_Seen], middle: tuple[float, float], spread: float) -> list[float]:
    """How far each mark is, in degrees, from where the others would have it."""
    places = _places(seen, middle, spread)
    errors = []
    for left in range(len(seen)):
        others = [i for i in range(len(seen)) if i != left]
        yaw, pitch = (quadric.fit([places[i] for i in others], [seen[i].direction[k] for i in others]) for k in (0, 1))
        found = quadric.value(yaw, *places[left]), quadric.value(pitch, *places[left])
        errors.append(apart_deg(found, seen[left].direction))
    return errors


def _glint(
    seen: Sequence[_Seen], places: Sequence[tuple[float, float]], middle: tuple[float, float], spread: float
) -> tuple[Six, ...]:
    """Where the lamp mirrors; first taken as the glint nearest to the pupil, then as the one nearest to the fit."""
    candidates = [[((x - middle[0]) / spread, (y - middle[1]) / spread) for x, y in s.glints] for s in seen]
    with_one = [i for i, c in enumerate(candidates) if c]
    if len(with_one) < FEWEST_MARKS:
        return ()
    where, chosen = [places[i] for i in with_one], [candidates[i][0] for i in with_one]
    for _ in range(3):
        fits = tuple(quadric.fit(where, [c[k] for c in chosen]) for k in (0, 1))
        expected = [(quadric.value(fits[0], u, v), quadric.value(fits[1], u, v)) for u, v in where]
        chosen = [
            min(candidates[i], key=lambda g, at=at: (g[0] - at[0]) ** 2 + (g[1] - at[1]) ** 2)  # type: ignore[misc]
            for i, at in zip(with_one, expected, strict=True)
        ]
    off = median(((c[0] - e[0]) ** 2 + (c[1] - e[1]) ** 2) ** 0.5 for c, e in zip(chosen, expected, strict=True))
    return fits if off < GLINT_FITS else ()

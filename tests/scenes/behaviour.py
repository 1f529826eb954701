"""What people do with their eyes and heads in a scene: scripted, by published shares where there are any.

Nobody has filmed these scenes. Who looks at whom is drawn for each scene anew, from ranges that are wider than the
published means, so that people differ; a wearer who talks to the glasses has no face to look at, and may well look at
the person who stands there. docs/attention.md says what this means for the figures.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct
from tests.scenes.mixer import Truth
from tests.scenes.rooms import Place
from tests.scenes.script import Person, Script
from tests.scenes.split import number

Phase = Literal["telling", "listening", "asking", "idle"]
"""What the wearer does: talks to somebody, is talked to, talks to the glasses, none of it."""

LOOKS: Final[dict[Phase, tuple[float, float]]] = {
    "telling": (0.41, 0.77),
    "listening": (0.75, 0.88),
    "asking": (0.05, 0.5),
    "idle": (0.1, 0.5),
}
"""Share of the time that the wearer looks at the one in view. Who talks: 41 % in pairs (Argyle & Cook 1976), 77 % in
groups (Vertegaal et al. 2001); who listens: 75 and 88 %. Asking and idle are reasoned: nobody has published them."""
FACES: Final[dict[Phase, tuple[float, float]]] = {
    "telling": (0.75, 0.95),
    "listening": (0.6, 0.9),
    "asking": (0.3, 0.8),
    "idle": (0.3, 0.7),
}
"""Share of the time that the partner's head is turned to the wearer: heads keep their direction longer than eyes."""
STRANGER_FACES: Final = {True: 0.8, False: 0.1}
"""The same of somebody who is no partner, by whether the script has them turned to the wearer."""
STRANGER_LOOKED_AT: Final = 0.4
"""How often such a one draws the wearer's look, as a share of how often a partner does."""
LASTS_S: Final = {"look": 1.6, "head": 2.5}
"""How long a look or a head's direction lasts, on average: looks of 1 to 3 s (Argyle & Ingham 1972)."""
BEFORE_S: Final = 0.6
AFTER_S: Final = 1.0
"""People turn to whom they will talk to a moment before, and stay so for a moment."""
STEP_S: Final = 0.19
"""How often the glasses look for faces."""

IN_VIEW: Final = 0.8
"""Part of the conversations in which the partner is before the wearer, not beside them (the others walk, drive, cook);
and of the time in which somebody before the wearer, who is not looked at, is in the frame nonetheless."""
PASSER_BY: Final = 0.3
"""Part of the scenes without anybody else to hear in which somebody is in view nonetheless."""
BLINKS: Final = 0.05
"""Share of the time that the eye is shut: 15 times a minute for 0.2 s."""
NO_EYE: Final = 0.15
"""Part of the wearers whose gaze is not known: no eye camera, or never calibrated."""
NO_SIGHT: Final = 0.1
"""Part of the scenes in which the world camera sees nothing: dark, covered, switched off."""


class Moment(Struct, frozen=True):
    """What is so, whether or not it can be seen. phase: what the wearer does.

    looks: the wearer's eyes are on the other's face. faces: the other's head is turned to the wearer.
    in_view: the other is within the frame. blinks: the wearer's eye is shut.
    """

    at_s: float
    phase: Phase
    looks: bool
    faces: bool
    in_view: bool
    blinks: bool


class Sighted(Struct, frozen=True):
    """A scene that is seen. other: who is in view, None for nobody. eye, world: whether gaze and frames are there."""

    other: Person | None
    eye: bool
    world: bool
    moments: tuple[Moment, ...]


def behave(script: Script, truth: Sequence[Truth], seconds: float) -> Sighted:
    """How it went in this scene. Deterministic: the scene's name and seed decide."""
    rng = np.random.default_rng([script.seed, number(script.name)])
    other, partner = _company(script, truth, rng)
    eye, world = bool(rng.random() >= NO_EYE), bool(rng.random() >= NO_SIGHT)
    looks = {phase: rng.uniform(*span) * (1.0 if partner else STRANGER_LOOKED_AT) for phase, span in LOOKS.items()}
    faces = {phase: rng.uniform(*span) for phase, span in FACES.items()}
    if other is not None and not partner:
        faces = dict.fromkeys(faces, STRANGER_FACES[other.facing])
    looking = facing = near = False
    moments = []
    phase: Phase = "idle"
    for at_s in np.arange(0.0, seconds, STEP_S):
        was, phase = phase, _phase(truth, float(at_s), partner=partner)
        looking = _next(looking, looks[phase], LASTS_S["look"], rng, anew=phase != was)
        facing = _next(facing, faces[phase], LASTS_S["head"], rng, anew=phase not in {was, "idle"})
        near = looking or _next(near, IN_VIEW, LASTS_S["head"], rng, anew=not moments)
        blinks = bool(rng.random() < BLINKS)
        there = other is not None
        moments.append(
            Moment(round(float(at_s), 3), phase, looking and there, facing and there, near and there, blinks)
        )
    return Sighted(other, eye, world, tuple(moments))


def _company(script: Script, truth: Sequence[Truth], rng: np.random.Generator) -> tuple[Person | None, bool]:
    """Who is in view, and whether the wearer talks with them."""
    others = [p for p in script.people if p.name not in {"wearer", "device"}]
    talks = any(t.who == "wearer" and t.to == "other" for t in truth)
    if others and talks:
        return (others[0], True) if rng.random() < IN_VIEW else (None, True)
    if others:
        seen = others[int(rng.integers(len(others)))]
        return (seen, False) if rng.random() < IN_VIEW / 2 else (None, False)
    if rng.random() < PASSER_BY:
        distance_m = float(rng.choice((1.3, 1.8, 2.5, 3.2)))
        return Person("passer-by", place=Place(distance_m), facing=bool(rng.random() < 0.3)), False
    return None, False


def _phase(truth: Sequence[Truth], at_s: float, *, partner: bool) -> Phase:
    """What the wearer does now; the newest utterance counts."""
    now = [t for t in truth if t.start_s - BEFORE_S <= at_s <= t.end_s + AFTER_S]
    if not now:
        return "idle"
    newest = max(now, key=lambda t: t.start_s)
    if newest.who == "wearer":
        return {"device": "asking", "other": "telling"}.get(newest.to, "idle")  # type: ignore[return-value]
    return "listening" if partner else "idle"


def _next(now: bool, share: float, lasts_s: float, rng: np.random.Generator, *, anew: bool) -> bool:
    """A look or a turn goes on, or is drawn anew; it is so for this share of the time."""
    if anew or rng.random() < STEP_S / lasts_s:
        return bool(rng.random() < share)
    return now

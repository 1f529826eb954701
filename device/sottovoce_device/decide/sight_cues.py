"""What sight says about who is being spoken to."""

from msgspec import Struct

from sottovoce_device.observation import Faces, Gaze

REACH = 0.03
"""How far beside a face the gaze may be, as a share of the frame: what an eye camera errs by."""
SURE = 0.5
"""A gaze that is less confident than this says nothing: a blink, a pupil half hidden."""
LATEST_MS = 600.0
"""Gaze and faces further apart than this do not belong together."""


class SightCues(Struct, frozen=True):
    """Evidence of sight for the question "to whom was that said". None: it could not be seen.

    looks_at_person: the wearer's gaze rests on a face. None without an eye camera: people turn their eyes before
    they turn their heads, so the head's direction tells too little.
    faced_by_person: somebody is turned to the wearer.
    at_ms: when it was sensed.
    """

    looks_at_person: bool | None
    faced_by_person: bool | None
    at_ms: float


def cues_of(faces: Faces | None, gaze: Gaze | None, at_ms: float) -> SightCues:
    """The cues at `at_ms` of the latest faces and the latest gaze."""
    if faces is None or abs(at_ms - faces.at_ms) > LATEST_MS:
        return SightCues(None, None, at_ms)
    facings = [face.facing for face in faces.faces]
    faced = True if "yes" in facings else None if "unseen" in facings else False
    if gaze is None or gaze.source != "eye" or gaze.confidence < SURE or abs(gaze.at_ms - faces.at_ms) > LATEST_MS:
        return SightCues(None, faced, at_ms)
    on = any(
        face.box.left - REACH <= gaze.x <= face.box.right + REACH
        and face.box.top - REACH <= gaze.y <= face.box.bottom + REACH
        for face in faces.faces
    )
    return SightCues(on, faced, at_ms)

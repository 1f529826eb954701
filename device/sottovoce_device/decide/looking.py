"""What the models of sight are asked, and what their answers become."""

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from sottovoce_device.decide.company import bearing_deg
from sottovoce_device.observation import Gaze, Reading, Thing
from sottovoce_wire import LookedAt, Read

LONGEST_DWELL_MS: Final = 600_000
MOST_COUNTED: Final = 20
"""What is counted is told one by one; beyond this people do not count either."""
LABEL_LENGTH: Final = 40


class SightAsk(Struct, frozen=True):
    """A look that a rule or a command wants of a model.

    at_ms: when the frame was sensed. gaze: where the attention was then. command: seq of the Look, 0 for none.
    dwell_ms: how long the attention has rested there. still: nothing has changed since the look before.
    """

    kind: Literal["faces", "recognise", "read", "count", "mark"]
    at_ms: float
    gaze: Gaze
    command: int = 0
    dwell_ms: float = 0.0
    still: bool = False


def looked_at(ask: SightAsk, thing: Thing, half_tan: float) -> LookedAt:
    """The event of a thing that was recognised. half_tan: tangent of half the view's angle."""
    return LookedAt(
        at_ms=max(0, round(ask.at_ms)),
        label=thing.label[:LABEL_LENGTH],
        confidence=round(100 * thing.confidence),
        dwell_ms=min(LONGEST_DWELL_MS, max(0, round(ask.dwell_ms))),
        source=ask.gaze.source,
        bearing=round(bearing_deg((thing.box.left + thing.box.right) / 2, half_tan)),
        command=ask.command,
    )


def counted_out(ask: SightAsk, things: Sequence[Thing], half_tan: float) -> list[LookedAt]:
    """An event for each thing that was counted, from left to right."""
    by_place = sorted(things[:MOST_COUNTED], key=lambda t: t.box.left)
    return [looked_at(ask, thing, half_tan) for thing in by_place]


def read_out(ask: SightAsk, reading: Reading) -> Read:
    """The event of a text that was read."""
    return Read(
        at_ms=max(0, round(ask.at_ms)),
        text=reading.text,
        confidence=round(100 * reading.confidence),
        source=ask.gaze.source,
        command=ask.command,
    )

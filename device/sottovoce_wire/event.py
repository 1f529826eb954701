"""What every event says of itself."""

from msgspec import Struct

from sottovoce_wire.bounds import Sensed, Signed


class Event(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What every event says of itself. The gate sets session and seq; what sense puts there is ignored.

    session: drawn at random when the gate starts, and when its machine has slept; seq counts within it.
    seq: one more for each event that left in this session; a jump is a loss.
    at_ms: when what it tells of was sensed.
    """

    session: Signed = 0
    seq: Signed = 0
    at_ms: Sensed

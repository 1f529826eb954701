"""What may leave: every message from sense is decoded, judged and rebuilt. Its bytes are never forwarded."""

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from sottovoce_device.gate.budget import ByteBudget
from sottovoce_wire import (
    AnyEvent,
    Attended,
    Done,
    GazeCalibrated,
    Gestured,
    Hearing,
    Interrupted,
    LookedAt,
    Moved,
    PersonNoticed,
    Pressed,
    Read,
    Said,
    SceneChanged,
    SetPolicy,
    Sounded,
    Vitals,
    WireError,
    decode_event,
)
from sottovoce_wire.events import EventName

ALLOWED: Final = (
    Hearing, Said, Attended, LookedAt, Read, PersonNoticed, SceneChanged, Sounded, Pressed, Gestured, Moved,
    GazeCalibrated, Interrupted, Vitals, Done,
)  # fmt: skip
"""What sense may say. Status is the gate's own: sense cannot claim to be alive. GazeLearnt stays on the glasses."""
WORDS: Final = (Hearing, Said, Read)
"""What a policy of shadow keeps on the glasses."""
KEPT_BYTES: Final = 2048
"""What partial words leave of the burst: they are a foretaste, and must never crowd out the final ones."""
FUTURE_MS: Final = 1_000
"""Nothing was sensed later than now; this much is granted to rounding and scheduling."""
PAST_MS: Final = 120_000
"""Nothing is told later than two minutes after it happened: context that is late is wrong."""


class Judge:
    """Allow-list, bounds, times, policy, byte budget; then the gate's own session and sequence number.

    refused, over_budget: how many messages were not let through, and why. Both are told in Vitals.
    """

    def __init__(self, session: int, withheld: Collection[EventName] = ()) -> None:
        self._session = session
        self._seq = 0
        self._budget = ByteBudget()
        self._never = frozenset(withheld)
        self._withheld = self._never
        self._shadow = False
        self.refused = 0
        self.over_budget = 0

    def set_policy(self, policy: SetPolicy) -> None:
        """Take the host's policy; what the glasses' own settings withhold stays withheld."""
        self._shadow = policy.mode == "shadow"
        self._withheld = self._never | frozenset(policy.withheld)

    def judge(self, data: bytes, now_ms: float) -> AnyEvent | None:
        """The event that may leave for what sense sent, or None. now_ms: of the clock that sense stamps with."""
        try:
            event = decode_event(data)
        except WireError:
            self.refused += 1
            return None
        if not isinstance(event, ALLOWED) or not -PAST_MS <= event.at_ms - now_ms <= FUTURE_MS:
            self.refused += 1
            return None
        if type(event).__name__ in self._withheld or (self._shadow and isinstance(event, WORDS)):
            return None
        keep_bytes = KEPT_BYTES if isinstance(event, Hearing) else 0
        if not self._budget.spend(text_bytes(event), now_ms, keep_bytes):
            self.over_budget += 1
            return None
        return self.sign(event)

    def sign(self, event: AnyEvent) -> AnyEvent:
        """The event under this session and the next sequence number: sense has no say in either."""
        self._seq = (self._seq + 1) % 2**32
        return replace(event, session=self._session, seq=self._seq)


def text_bytes(event: AnyEvent) -> int:
    """Bytes of free text in an event: what the byte budget counts."""
    return sum(len(v.encode()) for f in ("text", "label") if isinstance(v := getattr(event, f, None), str))

"""What may leave: every message from sense is decoded, judged and rebuilt. Its bytes are never forwarded."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Final

from msgspec.structs import replace

from sottovoce_device.gate.budget import BURST_BITS, RESERVE_BITS, BitBudget
from sottovoce_device.gate.rounding import rounded
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
from sottovoce_wire.bounds import SLOT_MS, TOLD_MS, TURNS_KNOWN
from sottovoce_wire.capacity import event_bits
from sottovoce_wire.events import EventName

ALLOWED: Final = (
    Hearing, Said, Attended, LookedAt, Read, PersonNoticed, SceneChanged, Sounded, Pressed, Gestured, Moved,
    GazeCalibrated, Interrupted, Vitals, Done,
)  # fmt: skip
"""What sense may say. Status is the gate's own: sense cannot claim to be alive. GazeLearnt stays on the glasses."""
WORDS: Final = (Hearing, Said, Read)
"""What a policy of shadow keeps on the glasses."""
KEPT_BITS: Final = BURST_BITS // 2
"""What partial words leave of the burst: they are a foretaste, and must never crowd out the final ones."""
FUTURE_MS: Final = 1_000
"""Nothing was sensed later than now; this much is granted to rounding and scheduling."""

Complete = Callable[[Vitals], Vitals]
"""Adds to sense's vitals what only the gate knows."""


class Judge:
    """Allow-list, bounds, times, policy, rounding, the budget; then the gate's own session and numbers.

    complete: of Vitals. budget: a full one by default. note: is told each verdict, also one that then stays: whoever
    sits at the glasses may know what their host may not. Its turn is sense's number.
    session: of what leaves from now on.
    refused, over_budget: how many messages were not let through, and why; told in Vitals.
    """

    def __init__(
        self,
        session: int,
        withheld: Collection[EventName] = (),
        complete: Complete = lambda vitals: vitals,
        budget: BitBudget | None = None,
        note: Callable[[Attended], None] = lambda _: None,
    ) -> None:
        self.session = session
        self._seq = 0
        self._turns = Turns()
        self._budget = budget or BitBudget()
        self._left = ""
        self._never = frozenset(withheld)
        self._withheld = self._never
        self._complete = complete
        self._note = note
        self._shadow = False
        self.refused = 0
        self.over_budget = 0

    def set_policy(self, policy: SetPolicy) -> None:
        """Take the host's policy; what the glasses' own settings withhold stays withheld."""
        self._shadow = policy.mode == "shadow"
        self._withheld = self._never | frozenset(policy.withheld)

    def judge(self, data: bytes, now_ms: float) -> AnyEvent | None:
        """The event that may leave for what sense sent, or None. now_ms: when, by the clock that sense stamps with."""
        now = int(now_ms // SLOT_MS) * SLOT_MS
        event = self._admitted(data, now)
        if event is None:
            return None
        event = rounded(self._complete(event) if isinstance(event, Vitals) else event, now)
        keep_bits = KEPT_BITS if isinstance(event, Hearing) else RESERVE_BITS
        if not self._budget.spend(event_bits(event, self._left), now, keep_bits):
            self.over_budget += 1
            return None
        self._left = text_of(event) or self._left
        if isinstance(event, Hearing | Said | Attended | Interrupted):
            event = replace(event, turn=self._turns.number(event.turn))
        return self._signed(event)

    def own(self, event: AnyEvent, now_ms: int, keep_bits: int = 0) -> AnyEvent | None:
        """What the gate itself says, paid for like everything else; None where it has to wait for the budget."""
        event = rounded(event, now_ms)
        return self._signed(event) if self._budget.spend(event_bits(event), now_ms, keep_bits) else None

    def owe(self, event: AnyEvent, now_ms: int) -> None:
        """Have what leaves without asking, a status at each connection, paid back by what leaves next."""
        self._budget.owe(event_bits(event), now_ms)

    def _admitted(self, data: bytes, now_ms: int) -> AnyEvent | None:
        try:
            event = decode_event(data)
        except WireError:
            self.refused += 1
            return None
        if not isinstance(event, ALLOWED) or not -TOLD_MS <= event.at_ms - now_ms <= FUTURE_MS:
            self.refused += 1
            return None
        if isinstance(event, Done) and not event.command:
            return None  # the answer to the gate's own first word
        if isinstance(event, Attended):
            self._note(rounded(event, now_ms))
        if type(event).__name__ in self._withheld or (self._shadow and isinstance(event, WORDS)):
            return None
        return event

    def _signed(self, event: AnyEvent) -> AnyEvent:
        """The event under this session and the next sequence number: sense has no say in either."""
        self._seq = (self._seq + 1) % 2**32
        return replace(event, session=self.session, seq=self._seq)


class Turns:
    """The gate's own numbers of turns, in the order in which they first leave."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, int] = OrderedDict()
        self._newest = 0

    def number(self, turn: int) -> int:
        """The number of sense's turn: the one that it has, or the next. Only the newest ones are known."""
        found = self._known.get(turn)
        if found is None:
            self._newest = found = (self._newest + 1) % 2**32
            self._known[turn] = found
            if len(self._known) > TURNS_KNOWN:
                self._known.popitem(last=False)
        return found


def text_of(event: AnyEvent) -> str:
    """The free text in an event, empty where there is none."""
    return str(getattr(event, "text", None) or getattr(event, "label", ""))

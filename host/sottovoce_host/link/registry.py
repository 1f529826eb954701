"""Which glasses there are, and what was lost on the way from them."""

from collections import deque
from typing import Final

from msgspec import Struct, field

from sottovoce_wire import AnyEvent, Lateness, Status

MOST_GLASSES: Final = 64
"""No wearer has so many: a broker that tells of more invents them."""
REMEMBERED: Final = 64
"""How many events are remembered to recognise one that the broker delivers twice."""


class Glasses(Struct):
    """One pair of glasses as the host knows them.

    status: the newest; None before the first. session, seq: of the newest event. missing: events that never came.
    recent: session and seq of the last that came.
    """

    status: Status | None = None
    session: int | None = None
    seq: int = 0
    missing: int = 0
    lateness: Lateness = field(default_factory=Lateness)
    recent: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))


class Registry:
    """All glasses by name.

    refused: messages that were not of the wire. stale: events let go because they were late. repeated: because they had
    come already.
    """

    def __init__(self) -> None:
        self.glasses: dict[str, Glasses] = {}
        self.refused = 0
        self.stale = 0
        self.repeated = 0

    def has_room(self, device: str) -> bool:
        """Whether these glasses are known, or may still become so."""
        return device in self.glasses or len(self.glasses) < MOST_GLASSES

    def alive(self) -> list[str]:
        """The names of those that are connected."""
        return [name for name, g in self.glasses.items() if g.status is not None and g.status.alive]

    def senses(self, device: str) -> bool:
        """Whether these glasses are connected and their sensing process runs."""
        glasses = self.glasses.get(device)
        return glasses is not None and glasses.status is not None and glasses.status.sensing

    def came_before(self, device: str, event: AnyEvent) -> bool:
        """Whether this event came already: a broker, or a bridge between two, may deliver it twice."""
        if isinstance(event, Status):
            return False
        recent = self.glasses.setdefault(device, Glasses()).recent
        known = (event.session, event.seq) in recent
        self.repeated += known
        if not known:
            recent.append((event.session, event.seq))
        return known

    def take(self, device: str, event: AnyEvent, arrived_ms: float) -> tuple[float, float]:
        """Count what is missing before this event; its lateness in ms, and when it was sensed by the host's clock."""
        glasses = self.glasses.setdefault(device, Glasses())
        if isinstance(event, Status):
            glasses.status = event
            return 0.0, arrived_ms
        if event.session == glasses.session and event.seq > glasses.seq:
            glasses.missing += event.seq - glasses.seq - 1
        glasses.session, glasses.seq = event.session, event.seq
        late_ms = glasses.lateness.step(event.session, event.at_ms, arrived_ms)
        return late_ms, arrived_ms - late_ms

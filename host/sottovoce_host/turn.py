"""One exchange with the wearer, and who is told of it."""

from msgspec import Struct

from sottovoce_host.link.link import Arrived
from sottovoce_host.mind.reply import Reply, Ring
from sottovoce_wire import Said


class Turn(Struct):
    """One exchange and when its stages were reached, in ms of this host's monotonic clock.

    said: the final words. reply: what was answered. ended_ms: the wearer's last sound. decided_ms: the sound that
    decided that the turn was over. heard_ms: the words arrived. replied_ms: the reply's text was known.
    sounded_ms: its first sound was written; None where it never sounded.
    """

    said: Said
    reply: Reply
    ended_ms: float
    decided_ms: float
    heard_ms: float
    replied_ms: float
    sounded_ms: float | None = None


class Observer:
    """Is told what happens. Does nothing; a terminal or a test overrides what it wants to see."""

    def arrived(self, arrived: Arrived) -> None:
        """An event arrived."""

    def sounding(self, turn: Turn) -> None:
        """The first sound of a turn's reply was written."""

    def ringing(self, ring: Ring) -> None:
        """A timer rings."""

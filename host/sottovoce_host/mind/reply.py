"""What goes into the mind and what comes out."""

from datetime import datetime

import msgspec

from sottovoce_host.mind.looking import Looking
from sottovoce_wire import CalibrateGaze, Forget


class Request(msgspec.Struct, frozen=True):
    """One thing the wearer said to the glasses.

    text: the words, as the recogniser wrote them (casing, digits and punctuation are not to be relied on).
    now: when it was said; aware, in the wearer's time zone. The mind reads no clock.
    behind: the name of who answered last, as the router adds it; empty before the first answer.
    """

    text: str
    now: datetime
    behind: str = ""


class Ring(msgspec.Struct, frozen=True):
    """Something that is due and has to be told.

    timer, due_s: its number in the memory and what it was due for; the mind is told with `Router.rang` when it has
    sounded. A number alone is not enough: it is given anew when its timer is cancelled, and may be moved meanwhile.
    text: to be spoken.
    again: when it rings again, if it repeats.
    """

    timer: int
    due_s: float
    text: str
    again: datetime | None = None


class Reply(msgspec.Struct, frozen=True):
    """What to say back.

    text: to be spoken; numbers, times and units are written as people say them.
    specialist: the name of who answered.
    awaits: the reply is a question, and the wearer's answer is expected without further ado.
    looks: what the glasses have to be asked first; the text is then made by `Router.sighted`.
    command: what the glasses are told to do; the text, where there is one, tells the wearer's part in it.
    """

    text: str
    specialist: str
    awaits: bool = False
    looks: Looking | None = None
    command: CalibrateGaze | Forget | None = None

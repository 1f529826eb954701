"""What the host may ask of the glasses: the commands of wire version 1, in the imperative."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from sottovoce_wire.bounds import Counter, Duration, Levels, MarkCount, Milliseconds
from sottovoce_wire.events import EventName


class Command(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What every command says of itself.

    session: drawn at random when the host starts; seq and sent_ms count within it.
    seq: one more for each command of this session; a Done event names it.
    sent_ms: when the host sent it, by a clock that nobody sets and that goes on while the host is asleep.
    """

    acknowledged: ClassVar[bool] = False
    """Sent at QoS 1 and answered by a Done event: these matter."""
    valid_ms: ClassVar[int | None] = None
    """Let go when it arrives later than this; None: never too late."""

    session: Counter = 0
    seq: Counter = 0
    sent_ms: Milliseconds = 0


class Speaking(Command, frozen=True, kw_only=True):
    """The host's reply starts or ends: what sounds meanwhile is not the wearer.

    speaking: true just before sound starts, false when it has ended.
    lasts_ms: at the start, how long it can last at most; the glasses stop believing it after that.
    """

    valid_ms: ClassVar[int | None] = 3_000

    speaking: bool
    lasts_ms: Duration = 0


class ExpectEcho(Command, frozen=True, kw_only=True):
    """How loud the reply is in four bands, frame by frame of 16 ms: what is louder than its echo is somebody's voice.

    starts_ms: when the first frame sounds, by the clock of sent_ms; by how much later it is heard the glasses find out.
    low: level of each frame from 100 to 500 Hz, in dB above -96 dB of full scale.
    middle: from 500 to 1500 Hz. A frame counts that has all four.
    high: from 1500 to 3500 Hz.
    top: from 3500 to 7500 Hz.
    """

    valid_ms: ClassVar[int | None] = 3_000

    starts_ms: Milliseconds
    low: Levels
    middle: Levels
    high: Levels
    top: Levels


class AwaitReply(Command, frozen=True, kw_only=True):
    """The host asked something, or has just answered: the wearer's next words are likely for the glasses.

    window_ms: for how long.
    """

    valid_ms: ClassVar[int | None] = 3_000

    window_ms: Duration


class Look(Command, frozen=True, kw_only=True):
    """Look at what the wearer looks at now, on the glasses.

    task: name the thing, read the text, count the things, or tell whether anyone looks back.
    said_ms: when the wearer said "this", by the glasses' clock: what was looked at then is meant; 0 is now.
    """

    valid_ms: ClassVar[int | None] = 3_000

    task: Literal["recognise", "read", "count", "faces"]
    said_ms: Milliseconds = 0


class Mute(Command, frozen=True, kw_only=True):
    """Switch the sensors off or on.

    muted: true is off.
    """

    acknowledged: ClassVar[bool] = True

    muted: bool


class EnrolVoice(Command, frozen=True, kw_only=True):
    """Learn the wearer's voice from the next speech, or forget it. What is learnt stays on the glasses.

    action: begin, end or erase. Begin and end are unsupported by ours: a voice is learnt by `sottovoce-device enrol`.
    """

    acknowledged: ClassVar[bool] = True

    action: Literal["begin", "end", "erase"]


class CalibrateGaze(Command, frozen=True, kw_only=True):
    """Calibrate the gaze: the wearer looks at one mark, at several places before the world camera.

    marks: how many places.
    """

    acknowledged: ClassVar[bool] = True

    marks: MarkCount


class SetPolicy(Command, frozen=True, kw_only=True):
    """Set what may leave the glasses, and whether the host may be talked to at all.

    mode: normal; shadow decides and keeps the ledger, but no words leave.
    withheld: kinds of event that stay on the glasses.
    """

    acknowledged: ClassVar[bool] = True

    mode: Literal["normal", "shadow"]
    withheld: Annotated[tuple[EventName, ...], Meta(max_length=17)]


class Forget(Command, frozen=True, kw_only=True):
    """Erase what the glasses have learnt about the wearer.

    what: the voice, the gaze calibration, or everything.
    """

    acknowledged: ClassVar[bool] = True

    what: Literal["voice", "gaze", "everything"]


class Unpair(Command, frozen=True, kw_only=True):
    """Part from this host for good: the glasses destroy their keys."""

    acknowledged: ClassVar[bool] = True


AnyCommand = Speaking | ExpectEcho | AwaitReply | Look | Mute | EnrolVoice | CalibrateGaze | SetPolicy | Forget | Unpair

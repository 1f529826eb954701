"""What the glasses may tell: the events of wire version 1, in the past tense."""

from typing import Literal

from sottovoce_wire.bounds import (
    Asked,
    Bearing,
    BoundedCount,
    Celsius,
    Dwell,
    Label,
    Megabytes,
    PartialWords,
    Percent,
    RoughPercent,
    Spoken,
    Turn,
    Version,
    Words,
)
from sottovoce_wire.calibration import GazeCalibrated, GazeLearnt
from sottovoce_wire.event import Event
from sottovoce_wire.evidence import Reasons

Speaker = Literal["wearer", "other", "unknown"]
Addressee = Literal["device", "other", "unknown"]
AttentionSource = Literal["eye", "head"]
Distance = Literal["near", "middle", "far", "unknown"]
Seen = Literal["yes", "no", "unseen"]
CameraWord = Literal["on", "off", "lost", "muted", "dark", "frozen"]
CommandName = Literal[
    "Speaking", "ExpectEcho", "AwaitReply", "Look", "Mute", "EnrolVoice", "CalibrateGaze", "SetPolicy", "Forget",
    "Unpair",
]  # fmt: skip


class Hearing(Event, frozen=True, kw_only=True):
    """Partial words, while the wearer is still speaking to the glasses: lets the host start thinking.

    turn: which turn they belong to.
    text: all that has been heard of the turn so far.
    """

    turn: Turn
    text: PartialWords


class Said(Event, frozen=True, kw_only=True):
    """Final words that were said to the glasses.

    turn: which turn this ends.
    text: the words.
    speaker: whose voice it was.
    addressee: to whom they were said.
    confidence: that they were meant for the glasses, in percent.
    started_ms: when the first word began.
    ended_ms: when the last word ended.
    continues: the speaker has not finished; more of the same turn follows.
    evidence: why the glasses took it as said to them.
    """

    turn: Turn
    text: Words
    speaker: Speaker
    addressee: Addressee
    confidence: Percent
    started_ms: Spoken
    ended_ms: Spoken
    continues: bool
    evidence: Reasons


class Attended(Event, frozen=True, kw_only=True):
    """A line of the attention ledger: the gate opened for a turn or stayed shut, and why. No content.

    turn: which turn was judged.
    opened: whether its words may leave.
    confidence: that it was meant for the glasses, in percent.
    evidence: the reasons with their weights.
    """

    turn: Turn
    opened: bool
    confidence: Percent
    evidence: Reasons


class LookedAt(Event, frozen=True, kw_only=True):
    """The wearer's attention rested on something.

    label: what it is.
    confidence: of the label, in percent.
    dwell_ms: how long the attention rested.
    source: the eye camera, or the head's direction where there is none.
    bearing: where it is, in degrees from straight ahead.
    command: seq of the Look command that asked for it; 0 when nobody asked.
    """

    label: Label
    confidence: Percent
    dwell_ms: Dwell
    source: AttentionSource
    bearing: Bearing
    command: Asked = 0


class Read(Event, frozen=True, kw_only=True):
    """Text that the wearer looked at.

    text: as it is written there.
    confidence: in percent.
    source: where the attention point came from.
    command: seq of the Look command that asked for it; 0 when nobody asked.
    """

    text: Words
    confidence: Percent
    source: AttentionSource
    command: Asked


class PersonNoticed(Event, frozen=True, kw_only=True):
    """Somebody is in view. Never who.

    facing: turned to the wearer or not.
    speaking: the mouth moves or not.
    bearing: where, in degrees from straight ahead.
    distance: a bucket: near is under 1.2 m, middle under 3.6 m (Hall's personal and social distances).
    command: seq of the Look command that asked for it; 0 when nobody asked.
    """

    facing: Seen
    speaking: Seen
    bearing: Bearing
    distance: Distance
    command: Asked = 0


class SceneChanged(Event, frozen=True, kw_only=True):
    """The surroundings are of another kind than before. No glasses of today send it.

    label: the kind of place.
    confidence: in percent.
    """

    label: Label
    confidence: Percent


class Sounded(Event, frozen=True, kw_only=True):
    """The sound around the wearer is of another kind than before. No glasses of today send it.

    sound: the kind.
    """

    sound: Literal["speech", "music", "alarm", "noise", "quiet"]


class Pressed(Event, frozen=True, kw_only=True):
    """A button or touch surface was used.

    button: which one.
    action: how.
    """

    button: Literal["temple", "top", "mute"]
    action: Literal["tapped", "double_tapped", "held", "released"]


class Gestured(Event, frozen=True, kw_only=True):
    """The wearer made a gesture. No glasses of today send it.

    gesture: which one.
    """

    gesture: Literal["nod", "shake", "point", "palm", "pinch", "thumb_up", "thumb_down"]


class Moved(Event, frozen=True, kw_only=True):
    """The wearer's own movement is of another kind than before. No glasses of today send it.

    motion: the kind.
    """

    motion: Literal["still", "standing_up", "sitting_down", "walking", "running", "riding"]


class Interrupted(Event, frozen=True, kw_only=True):
    """The wearer spoke while the reply was sounding: it should stop.

    turn: the turn that interrupts.
    """

    turn: Turn


class Vitals(Event, frozen=True, kw_only=True):
    """How the glasses are doing. Counts are since the process started.

    battery: in percent, null where there is none.
    temperature: of the processor, null where it cannot be read.
    load: of all cores, in percent.
    memory_mb: resident memory of sense and gate together.
    samples_dropped: samples that a mailbox let go because their reader was late.
    text_dropped: events that exceeded the budget of bits.
    refused: messages that the gate's judge refused.
    unsent: events let go because the host could not be reached.
    microphone: whether sound arrives.
    camera: whether frames arrive; dark is black or covered, frozen is the same picture again and again.
    eye_camera: likewise.
    gaze: whether the gaze is followed: drifted asks for a new calibration, and the head's direction stands in for it.
    button: whether presses are felt; off is glasses without one, lost is one that cannot be read.
    """

    battery: RoughPercent | None
    temperature: Celsius | None
    load: RoughPercent
    memory_mb: Megabytes
    samples_dropped: BoundedCount
    text_dropped: BoundedCount
    refused: BoundedCount
    unsent: BoundedCount
    microphone: Literal["on", "off", "lost", "muted"]
    camera: CameraWord
    eye_camera: CameraWord
    gaze: Literal["off", "uncalibrated", "calibrated", "drifted"]
    button: Literal["on", "off", "lost"]


class Done(Event, frozen=True, kw_only=True):
    """What became of a command.

    command: its seq.
    name: its kind.
    outcome: refused is "not allowed", unsupported is "these glasses cannot", failed is "tried in vain".
    """

    command: Asked
    name: CommandName
    outcome: Literal["done", "refused", "unsupported", "failed", "late"]


class Status(Event, frozen=True, kw_only=True):
    """Whether the glasses are there. Retained at the status topic, and left behind there as the last will.

    alive: the gate is connected to the broker.
    sensing: the sensing process is running and connected to the gate.
    muted: the sensors are off.
    wire: the version of this contract.
    device_version: of the software on the glasses.
    """

    alive: bool
    sensing: bool
    muted: bool
    wire: Literal[1] = 1
    device_version: Version


AnyEvent = (
    Hearing
    | Said
    | Attended
    | LookedAt
    | Read
    | PersonNoticed
    | SceneChanged
    | Sounded
    | Pressed
    | Gestured
    | GazeCalibrated
    | GazeLearnt
    | Moved
    | Interrupted
    | Vitals
    | Done
    | Status
)
EventName = Literal[
    "Hearing",
    "Said",
    "Attended",
    "LookedAt",
    "Read",
    "PersonNoticed",
    "SceneChanged",
    "Sounded",
    "Pressed",
    "Gestured",
    "GazeCalibrated",
    "GazeLearnt",
    "Moved",
    "Interrupted",
    "Vitals",
    "Done",
    "Status",
]

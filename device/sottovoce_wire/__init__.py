"""The contract between the glasses and the host: every message, its bounds, its spelling, its topics."""

from sottovoce_wire.bounds import MESSAGE_LIMIT_BYTES, largest_bytes
from sottovoce_wire.calibration import GazeCalibrated, GazeLearnt
from sottovoce_wire.codec import decode_command, decode_event, encode
from sottovoce_wire.commands import (
    AnyCommand,
    AwaitReply,
    CalibrateGaze,
    Command,
    EnrolVoice,
    ExpectEcho,
    Forget,
    Look,
    Mute,
    SetPolicy,
    Speaking,
    Unpair,
)
from sottovoce_wire.errors import SottovoceError, WireError
from sottovoce_wire.event import Event
from sottovoce_wire.events import (
    AnyEvent,
    Attended,
    Done,
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
    Sounded,
    Status,
    Vitals,
)
from sottovoce_wire.evidence import Evidence
from sottovoce_wire.lateness import Lateness

__all__ = [
    "MESSAGE_LIMIT_BYTES",
    "AnyCommand",
    "AnyEvent",
    "Attended",
    "AwaitReply",
    "CalibrateGaze",
    "Command",
    "Done",
    "EnrolVoice",
    "Event",
    "Evidence",
    "ExpectEcho",
    "Forget",
    "GazeCalibrated",
    "GazeLearnt",
    "Gestured",
    "Hearing",
    "Interrupted",
    "Lateness",
    "Look",
    "LookedAt",
    "Moved",
    "Mute",
    "PersonNoticed",
    "Pressed",
    "Read",
    "Said",
    "SceneChanged",
    "SetPolicy",
    "SottovoceError",
    "Sounded",
    "Speaking",
    "Status",
    "Unpair",
    "Vitals",
    "WireError",
    "decode_command",
    "decode_event",
    "encode",
    "largest_bytes",
]

"""Messages to bytes and back: JSON, one spelling a message.

JSON because anybody can read over the wire what left the glasses. One spelling because a message that could be
written in two ways could carry a hidden bit in the choice: whatever does not come out the same when it is encoded
again is refused.
"""

from typing import Final, TypeVar

import msgspec

from sottovoce_wire.bounds import MESSAGE_LIMIT_BYTES
from sottovoce_wire.commands import AnyCommand
from sottovoce_wire.errors import WireError
from sottovoce_wire.event import Event
from sottovoce_wire.events import AnyEvent

_ENCODER: Final = msgspec.json.Encoder()
_EVENTS: Final[msgspec.json.Decoder[AnyEvent]] = msgspec.json.Decoder(AnyEvent)
_COMMANDS: Final[msgspec.json.Decoder[AnyCommand]] = msgspec.json.Decoder(AnyCommand)

WHAT: Final = "a message of wire version 1"

T = TypeVar("T")


def encode(message: AnyEvent | AnyCommand) -> bytes:
    """The one encoding of this message. Raises WireError where a field is out of its bounds.

    Structs do not check what they are built from, so what is built wrongly is found here, before it leaves.
    """
    data = _ENCODER.encode(message)
    if isinstance(message, Event):
        decode_event(data)
    else:
        decode_command(data)
    return data


def decode_event(data: bytes) -> AnyEvent:
    """The event in these bytes, or WireError."""
    return decode_canonical(_EVENTS, data, MESSAGE_LIMIT_BYTES, WHAT)


def decode_command(data: bytes) -> AnyCommand:
    """The command in these bytes, or WireError."""
    return decode_canonical(_COMMANDS, data, MESSAGE_LIMIT_BYTES, WHAT)


def decode_canonical(decoder: msgspec.json.Decoder[T], data: bytes, limit_bytes: int, what: str) -> T:
    """The message in these bytes, or WireError: for one out of its bounds, and for another spelling of a good one.

    what: "a message of …", for the error, which never repeats what was in it.
    """
    if len(data) > limit_bytes:
        raise WireError(f"not {what}: it has {len(data)} bytes, and the limit is {limit_bytes}")
    try:
        message = decoder.decode(data)
        canonical = _ENCODER.encode(message)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise WireError(f"not {what}: {_without_content(error)}") from None
    if canonical != data:
        raise WireError(f"not {what}: it is not in its one canonical spelling")
    return message


def _without_content(error: Exception) -> str:
    """The decoder's complaint where it tells of types only; never what it quotes: words must not get into a log."""
    text = str(error)
    return text if text.startswith("Expected") else "malformed"

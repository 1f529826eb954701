"""The bounded types that every field of the wire is made of, and how large a message can get.

There is no type for bytes, no float, and no text or list without a bound. Numbers are integers, and the gate rounds
them to the grain that is written here, which is what the product needs: nothing but the words can carry much.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta
from msgspec.inspect import (
    BoolType,
    CustomType,
    Field,
    IntType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from sottovoce_wire.echo import FRAMES
from sottovoce_wire.errors import WireError
from sottovoce_wire.grain import Ago, OneDigit, Own, Recent, Seldom, Step

MESSAGE_LIMIT_BYTES: Final = 4096
"""No message of either direction is larger; whatever is gets refused before it is parsed."""

UTF8_BYTES_PER_CHARACTER: Final = 4
"""RFC 3629: a code point takes four bytes at most. JSON's own escapes (backslash, quote) take two."""

PRINTABLE: Final = r"^[^\x00-\x1f\x7f]*\Z"
"""No control characters: they would be escaped to six bytes, and nothing that is spoken or read holds any."""

Words = Annotated[str, Meta(min_length=1, max_length=480, pattern=PRINTABLE)]
"""What was said or read: half a minute of quick speech."""

PartialWords = Annotated[str, Meta(min_length=1, max_length=240, pattern=PRINTABLE)]
"""What has been heard so far: enough to start thinking on."""

Label = Annotated[str, Meta(min_length=1, max_length=40, pattern=PRINTABLE)]
"""The name of a kind of thing or place, as the model's label list has it."""

Version = Annotated[str, Meta(max_length=16, pattern=r"^[0-9a-z.+-]*\Z", extra={"grain": Own()})]
"""A package version: the gate's own."""

Counter = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Signed = Annotated[int, Meta(ge=0, le=2**32 - 1, extra={"grain": Own()})]
"""Set by the gate, whatever sense says."""
TURNS_KNOWN: Final = 8
Turn = Annotated[int, Meta(ge=0, le=2**32 - 1, extra={"grain": Recent(TURNS_KNOWN)})]
"""Numbered by the gate, in the order in which turns first leave. Turns of several voices overlap, hardly eight."""
Asked = Annotated[int, Meta(ge=0, le=2**32 - 1, extra={"grain": Seldom()})]
"""Which command is answered; 0 where nobody asked."""
Milliseconds = Annotated[int, Meta(ge=0, le=2**48 - 1)]
"""A moment: the sender's monotonic clock. Comparable with others of the same session, with nothing else."""
SLOT_MS: Final = 10
"""The gate publishes one message in each of these, at its beginning: finer moments mean nothing."""
TOLD_MS: Final = 10_000
"""Nothing is told later than this after it was sensed: the host lets go of what is five seconds late."""
SPOKEN_MS: Final = 600_000
Sensed = Annotated[int, Meta(ge=0, le=2**48 - 1, extra={"grain": Ago(SLOT_MS, TOLD_MS)})]
"""A moment at most ten seconds before the message leaves."""
Spoken = Annotated[int, Meta(ge=0, le=2**48 - 1, extra={"grain": Ago(SLOT_MS, SPOKEN_MS)})]
"""A moment of a turn: nobody speaks for more than ten minutes at a time."""
Duration = Annotated[int, Meta(ge=0, le=600_000)]
"""A length of time in milliseconds, ten minutes at most."""
Dwell = Annotated[int, Meta(ge=0, le=600_000, extra={"grain": Step(100)})]
"""Likewise, in tenths of a second."""
Levels = Annotated[tuple[Annotated[int, Meta(ge=0, le=96)], ...], Meta(max_length=FRAMES)]
"""A sound's level frame by frame, in dB above -96 dB of full scale: two seconds of it at most."""
Percent = Annotated[int, Meta(ge=0, le=100)]
RoughPercent = Annotated[int, Meta(ge=0, le=100, extra={"grain": Step(5)})]
Bearing = Annotated[int, Meta(ge=-180, le=180, extra={"grain": Step(5)})]
"""Degrees from straight ahead, positive to the right."""
Centilogit = Annotated[int, Meta(ge=-1000, le=1000, extra={"grain": Step(10)})]
"""Hundredths of a logit (natural logarithm of the odds): what a piece of evidence adds to a decision."""
Celsius = Annotated[int, Meta(ge=-40, le=125, extra={"grain": Step(5)})]
Megabytes = Annotated[int, Meta(ge=0, le=1_048_576, extra={"grain": OneDigit()})]
BoundedCount = Annotated[int, Meta(ge=0, le=1_000_000, extra={"grain": OneDigit()})]
"""A count that stays at its upper bound when it gets there."""
MarkCount = Annotated[int, Meta(ge=9, le=25)]
"""Marks of a gaze calibration: its polynomial has six factors, and nine marks leave three to tell how good it is."""
MarkTally = Annotated[int, Meta(ge=0, le=25)]
TenthsOfDegree = Annotated[int, Meta(ge=0, le=900)]
Factor = Annotated[int, Meta(ge=-100_000_000, le=100_000_000)]
"""A number of a calibration, in hundred-thousandths: up to a thousand either way. None of it leaves the glasses."""


def largest_bytes(message: type[msgspec.Struct]) -> int:
    """Bytes of the largest JSON encoding that any value of this message type can have.

    Raises WireError where a part of the type has no bound, or is of a kind that the wire does not know.
    """
    return _largest(type_info(message), message.__name__)


def _largest(kind: Type, where: str) -> int:  # noqa: C901, PLR0911 -- one return a kind of type is the clearest form
    match kind:
        case Metadata(type=inner):
            return _largest(inner, where)
        case BoolType():
            return len("false")
        case NoneType():
            return len("null")
        case IntType(ge=int() as low, le=int() as high):
            return max(len(str(low)), len(str(high)))
        case StrType(max_length=int() as length, pattern=str()):
            return 2 + UTF8_BYTES_PER_CHARACTER * length
        case LiteralType(values=values):
            return max(len(msgspec.json.encode(value)) for value in values)
        case UnionType(types=types):
            return max(_largest(t, where) for t in types)
        case VarTupleType(item_type=item, max_length=int() as length):
            return 2 + length * _largest(item, where) + max(0, length - 1)
        case StructType(fields=fields, tag=tag, tag_field=tag_field):
            members = [_largest_member(f, where) for f in fields]
            if tag is not None:
                members.append(len(msgspec.json.encode({tag_field: tag})) - 2)
            return 2 + sum(members) + max(0, len(members) - 1)
        case CustomType() | _:
            raise WireError(f"{where}: {kind} has no bound; give it one in sottovoce_wire/bounds.py")


def _largest_member(field: Field, where: str) -> int:
    return len(msgspec.json.encode(field.encode_name)) + 1 + _largest(field.type, f"{where}.{field.name}")

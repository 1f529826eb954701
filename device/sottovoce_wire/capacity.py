"""How many bits a message can carry at most: counted from its declared fields, its order and its moment.

The counts are lengths of a prefix code (Kraft's inequality): in every slot of time either nothing leaves or one
message, and 2**-IDLE_BITS plus the sum of 2**-bits over all messages that could leave is at most 1. So whoever watches
all that leaves while N bits are spent can tell no more than 2**N things apart, whatever they agreed on before.
"""

import math
from functools import cache
from itertools import takewhile
from typing import Any, Final, get_args

from msgspec.inspect import (
    BoolType,
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

from sottovoce_wire.bounds import SLOT_MS, UTF8_BYTES_PER_CHARACTER
from sottovoce_wire.errors import WireError
from sottovoce_wire.event import Event
from sottovoce_wire.events import AnyEvent
from sottovoce_wire.grain import Grain, Own

IDLE_BITS: Final = 0.01
"""What a slot costs in which nothing leaves: silence tells something, too. One bit a second."""
MOMENT_BITS: Final = -math.log2(1 - 2**-IDLE_BITS)
"""What it costs that a message leaves in this slot and not in another one: what silence leaves of Kraft's sum."""
KIND_BITS: Final = math.log2(len(get_args(AnyEvent)))
"""Which event it is; so the order of events is paid for, too."""
IDLE_BITS_PER_S: Final = IDLE_BITS * 1000 / SLOT_MS
_LONGEST: Final = 480
_BYTE: Final = 8


def event_bits(event: AnyEvent, before: str = "") -> float:
    """What this event can carry. before: the text that left last, which the words may go on from."""
    fields = _fields(type(event))
    return MOMENT_BITS + KIND_BITS + sum(_bits(kind, getattr(event, name), before) for name, kind in fields)


def text_bits(text: str, before: str = "") -> float:
    """What a text can carry: eight bits a byte and its end; what it shares with the one before is one choice of length.

    One bit tells which of the two ways is meant, the shorter one.
    """
    whole = _BYTE * (len(text.encode()) + 1)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, before, strict=False)))
    rest = math.log2(_LONGEST + 1) + _BYTE * (len(text[shared:].encode()) + 1)
    return 1 + min(whole, rest)


def numbers_bits(message: type[Event]) -> tuple[float, float]:
    """The least and the most that everything but the text of such a message can carry."""
    found = [_range(kind) for _, kind in _fields(message)]
    fixed = MOMENT_BITS + KIND_BITS
    return fixed + sum(low for low, _ in found), fixed + sum(high for _, high in found)


def longest_text_bits(message: type[Event]) -> float:
    """The most that the text of such a message can carry; 0 where it has none."""
    lengths = [kind.max_length for _, kind in _fields(message) if isinstance(kind, StrType) and kind.max_length]
    return sum(1 + _BYTE * (UTF8_BYTES_PER_CHARACTER * length + 1) for length in lengths)


@cache
def _fields(message: type) -> tuple[tuple[str, Type], ...]:
    info: Any = type_info(message)
    return tuple((f.name, f.type) for f in info.fields)


def _bits(kind: Type, value: object, before: str) -> float:  # noqa: PLR0911 -- one return a kind is the clearest form
    match kind, value:
        case Metadata(extra={"grain": Own()}), _:
            return 0.0
        case Metadata(type=IntType(ge=int() as low, le=int() as high), extra={"grain": Grain() as grain}), int():
            return grain.bits(low, high, value)
        case StrType(), str():
            return text_bits(value, before)
        case UnionType(types=types), _:
            return math.log2(sum(2 ** _range(t)[1] for t in types))
        case VarTupleType(item_type=item, max_length=int() as most), tuple():
            return math.log2(most + 1) + sum(_bits(item, one, before) for one in value)
        case StructType(cls=cls), _:
            return sum(_bits(inner, getattr(value, name), before) for name, inner in _fields(cls))
        case _:
            return _range(kind)[1]


def _range(kind: Type) -> tuple[float, float]:  # noqa: PLR0911 -- likewise
    """The least and the most bits of any value of this kind; a text counts for itself (longest_text_bits)."""
    match kind:
        case Metadata(extra={"grain": Own()}) | StrType() | NoneType():
            return 0.0, 0.0
        case Metadata(type=IntType(ge=int() as low, le=int() as high), extra={"grain": Grain() as grain}):
            return grain.bits(low, high, low), grain.bits(low, high, high)
        case IntType(ge=int() as low, le=int() as high):
            return (Grain().bits(low, high, low),) * 2
        case BoolType():
            return 1.0, 1.0
        case LiteralType(values=values):
            return (math.log2(len(values)),) * 2
        case UnionType(types=types):
            return (math.log2(sum(2 ** _range(t)[1] for t in types)),) * 2
        case VarTupleType(item_type=item, max_length=int() as most):
            return math.log2(most + 1), math.log2(most + 1) + most * _range(item)[1]
        case StructType(cls=cls):
            found = [_range(inner) for _, inner in _fields(cls)]
            return sum(low for low, _ in found), sum(high for _, high in found)
        case _:
            raise WireError(f"{kind}: nobody has counted what it can carry; do so in sottovoce_wire/capacity.py")

"""Builds wire messages for tests: any valid one, and the largest one of a type."""

from typing import Any, get_args

import msgspec
from hypothesis import strategies as st
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

from sottovoce_wire import AnyCommand, AnyEvent

EVENTS: tuple[type[Any], ...] = get_args(AnyEvent)
COMMANDS: tuple[type[Any], ...] = get_args(AnyCommand)
MESSAGES = EVENTS + COMMANDS

_PRINTABLE = st.characters(codec="utf-8", exclude_categories=["Cc"])


def valid(message: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of this message type."""
    return _values(type_info(message))


def _values(kind: Type) -> st.SearchStrategy[Any]:  # noqa: C901 -- one case a kind is the clearest form of a table
    match kind:
        case Metadata(type=inner):
            return _values(inner)
        case BoolType():
            return st.booleans()
        case NoneType():
            return st.none()
        case IntType(ge=low, le=high):
            return st.integers(low, high)
        case StrType(min_length=low, max_length=high, pattern=pattern):
            if pattern == r"^[0-9a-z.+-]*\Z":
                return st.text("0123456789abcz.+-", max_size=high)
            return st.text(_PRINTABLE, min_size=low or 0, max_size=high)
        case LiteralType(values=values):
            return st.sampled_from(values)
        case UnionType(types=types):
            return st.one_of([_values(t) for t in types])
        case VarTupleType(item_type=item, max_length=high):
            return st.lists(_values(item), max_size=high).map(tuple)
        case StructType(cls=cls, fields=fields):
            return st.builds(cls, **{f.name: _values(f.type) for f in fields})
        case _:
            raise TypeError(kind)


def largest(kind: Type) -> Any:
    """The value whose encoding is the largest."""
    match kind:
        case Metadata(type=inner):
            return largest(inner)
        case BoolType():
            return False
        case NoneType():
            return None
        case IntType(ge=low, le=high):
            return max(low, high, key=lambda n: len(str(n)))
        case StrType(max_length=high, pattern=pattern):
            return ("0" if "a-z" in pattern else "\U0001f576") * high
        case LiteralType(values=values):
            return max(values, key=lambda v: len(msgspec.json.encode(v)))
        case UnionType(types=types):
            return max((largest(t) for t in types), key=lambda v: len(msgspec.json.encode(v)))
        case VarTupleType(item_type=item, max_length=high):
            return (largest(item),) * high
        case StructType(cls=cls, fields=fields):
            return cls(**{f.name: largest(f.type) for f in fields})
        case _:
            raise TypeError(kind)

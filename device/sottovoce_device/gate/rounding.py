"""Rounds an event to what the product needs: by the grains that its fields are declared with."""

from functools import cache
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.inspect import Metadata, NoneType, StructType, Type, UnionType, VarTupleType, type_info
from msgspec.structs import replace

from sottovoce_wire.grain import Grain

T = TypeVar("T", bound=Struct)


def rounded(message: T, now_ms: int) -> T:
    """The message as it may leave at now_ms, which is the beginning of a slot."""
    changed = {name: _rounded(kind, getattr(message, name), now_ms) for name, kind in _grained(type(message))}
    return replace(message, **changed)


@cache
def _grained(message: type[Struct]) -> tuple[tuple[str, Type], ...]:
    info: Any = type_info(message)
    return tuple((f.name, f.type) for f in info.fields)


def _rounded(kind: Type, value: Any, now_ms: int) -> Any:  # noqa: ANN401 -- whatever the field holds
    match kind, value:
        case Metadata(extra={"grain": Grain() as grain}), int():
            return grain.coarse(value, now_ms)
        case UnionType(types=types), int():
            (kind,) = (t for t in types if not isinstance(t, NoneType))
            return _rounded(kind, value, now_ms)
        case VarTupleType(item_type=item), tuple():
            return tuple(_rounded(item, one, now_ms) for one in value)
        case StructType(), Struct():
            return rounded(value, now_ms)
        case _:
            return value

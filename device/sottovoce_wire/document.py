"""Writes docs/wire.md out of the types and their docstrings: `python -m sottovoce_wire.document > docs/wire.md`."""

import inspect
import sys
from typing import Any, get_args

import msgspec
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

from sottovoce_wire import codec, topics
from sottovoce_wire.bounds import MESSAGE_LIMIT_BYTES, largest_bytes
from sottovoce_wire.commands import AnyCommand, Command
from sottovoce_wire.event import Event
from sottovoce_wire.events import AnyEvent
from sottovoce_wire.evidence import Evidence
from sottovoce_wire.grain import Grain

_HEAD = f"""# The wire, version 1

Made by `make docs` from the docstrings of `device/sottovoce_wire`; a test fails when it is stale.

{inspect.getdoc(codec)}

There are no floats and no bytes; every text, list and number has a bound. No message is larger than
{MESSAGE_LIMIT_BYTES} bytes. Nothing here needs MQTT 5.

| topic | what | QoS |
|---|---|---|
| `{topics.ROOT}/<device>/event/<type>` | an event; `Done` at QoS 1 | 0 |
| `{topics.ROOT}/<device>/command/<type>` | a command; those that are acknowledged at QoS 1 | 0 |
| `{topics.ROOT}/<device>/status` | a `Status`, retained, and the last will | 1 |

`<device>` is 1 to 32 of `a-z`, `0-9`, `-`; `<type>` is the message's name below. Sessions are clean: what is
late is let go and nothing queues. A jump in `seq` is a loss, and the host counts it.
"""


def document() -> str:
    """The whole of docs/wire.md."""
    parts = [_HEAD, "## In every event\n", _fields(Event), "## In every command\n", _fields(Command)]
    parts += ["## Evidence\n", _summary(Evidence), _fields(Evidence)]
    parts.append("## Events\n")
    for event in get_args(AnyEvent):
        parts += [f"### {event.__name__}\n", _summary(event), _fields(event, of=Event)]
        parts.append(f"At most {largest_bytes(event)} bytes.\n")
    parts.append("## Commands\n")
    for command in get_args(AnyCommand):
        late = "Never too late." if command.valid_ms is None else f"Let go when over {command.valid_ms} ms late."
        sent = "Sent at QoS 1, answered by `Done`." if command.acknowledged else "Sent at QoS 0."
        parts += [f"### {command.__name__}\n", _summary(command), _fields(command, of=Command)]
        parts.append(f"{sent} {late} At most {largest_bytes(command)} bytes.\n")
    return "\n".join(parts)


def field_texts(message: type[msgspec.Struct]) -> dict[str, str]:
    """What the class's docstring says of each field: its `name: text` lines, continued lines joined."""
    texts: dict[str, str] = {}
    last = ""
    for line in (inspect.getdoc(message) or "").splitlines():
        name, colon, text = line.partition(": ")
        if colon and name in message.__struct_fields__:
            last = name
            texts[last] = text.strip()
        elif last and line.strip():
            texts[last] += " " + line.strip()
    return texts


def _summary(message: type[msgspec.Struct]) -> str:
    return (inspect.getdoc(message) or "").split("\n\n")[0].replace("\n", " ") + "\n"


def _fields(message: type[msgspec.Struct], of: type[msgspec.Struct] | None = None) -> str:
    info: Any = type_info(message)
    inherited = set(of.__struct_fields__) if of else set()
    rows = [
        f"| `{f.name}` | {_range(f.type)} | {field_texts(message)[f.name]} |"
        for f in info.fields
        if f.name not in inherited
    ]
    if not rows:
        return "No fields of its own.\n"
    return "\n".join(["| field | values | meaning |", "|---|---|---|", *rows, ""])


def _range(kind: Type) -> str:  # noqa: PLR0911 -- one return a kind of type is the clearest form
    match kind:
        case Metadata(type=inner, extra={"grain": Grain() as grain}):
            return f"{_range(inner)}{grain.says}"
        case BoolType():
            return "true, false"
        case NoneType():
            return "null"
        case IntType(ge=low, le=high):
            return f"{low} … {high}"
        case StrType(max_length=length):
            return f"text, at most {length} characters"
        case LiteralType(values=values):
            return ", ".join(f"`{v}`" for v in values)
        case UnionType(types=types):
            return " or ".join(_range(t) for t in types)
        case VarTupleType(item_type=item, max_length=length):
            return f"list of at most {length}: {_range(item)}"
        case StructType(cls=cls):
            return cls.__name__
        case _:
            raise TypeError(kind)


if __name__ == "__main__":
    sys.stdout.write(document())

"""Reads and writes ONNX files: the few messages of onnx.proto that an inference graph needs, byte by byte.

By hand and not with the package `onnx`, so that the same graph is the same file everywhere and can be pinned by its
sha256, and so that a board needs nothing more than numpy to make one. Field numbers: onnx.proto of ONNX 1.17.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, Any]
OPSET: Final = 17
IR: Final = 9
_KINDS: Final = {np.dtype(k): n for k, n in (("f4", 1), ("u1", 2), ("i1", 3), ("i4", 6), ("i8", 7))}
"""TensorProto.DataType."""
_INT, _STRING, _FLOAT, _INTS = 2, 3, 1, 7
"""AttributeProto.AttributeType."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
"""How protobuf puts a field on the wire."""
_VERSION: Final = 2
"""OperatorSetIdProto.version."""
_MORE: Final = 0x80
"""The bit of a byte that says that another one follows."""


@dataclass(frozen=True)
class Node:
    """An operator. rest: its attributes and what else it has, as they are in the file."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rest: bytes = b""


@dataclass
class Graph:
    """An inference graph. tensors: its constants; inputs and outputs: described as they are in the file.

    opset: which edition of the operators it speaks. rest: what else the model has, its metadata among them, as it is in
    the file.
    """

    nodes: list[Node]
    tensors: dict[str, Array]
    inputs: list[bytes]
    outputs: list[bytes]
    opset: int = OPSET
    rest: bytes = b""


def read(file: bytes) -> Graph:
    """The graph of a model's file. Shapes of what is between the operators are left out: they follow."""
    graph, rest = Graph([], {}, [], []), []
    for number, wire, value in _fields(file):
        if number == 7:  # noqa: PLR2004 -- ModelProto.graph
            _read_graph(graph, value)
        elif number == 8 and not _domain(value):  # noqa: PLR2004 -- ModelProto.opset_import
            graph.opset = next(version for field, _, version in _fields(value) if field == _VERSION)
        elif number != 1:  # the edition of the file, which write() sets
            rest.append(_field(number, wire, value))
    graph.rest = b"".join(rest)
    return graph


def _domain(opset: bytes) -> bytes:
    """Whose operators these are; empty: ONNX's own."""
    return next((bytes(value) for field, _, value in _fields(opset) if field == 1), b"")


def speaks(domain: str, version: int) -> bytes:
    """What a graph's `rest` says where it has operators of somebody else, too."""
    return _bytes(8, _text(1, domain) + _number(_VERSION, version))


def of_domain(domain: str) -> bytes:
    """What a node's `rest` says where it is somebody else's operator."""
    return _text(7, domain)


def write(graph: Graph) -> bytes:
    """The file of a graph."""
    parts = [_bytes(1, _packed(n)) for n in graph.nodes]
    parts.append(_bytes(2, b"graph"))
    parts += [_bytes(5, _tensor(name, values)) for name, values in graph.tensors.items()]
    parts += [_bytes(11, described) for described in graph.inputs]
    parts += [_bytes(12, described) for described in graph.outputs]
    return _number(1, IR) + _bytes(7, b"".join(parts)) + _bytes(8, _number(_VERSION, graph.opset)) + graph.rest


def node(kind: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: str | float | Sequence[int]) -> Node:
    """One operator; an input named "" is one that is left out."""
    rest = b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
    return Node(kind, tuple(inputs), tuple(outputs), rest)


def in_branches(one: Node, change: Callable[[Sequence[Node]], Sequence[Node]]) -> Node:
    """The operator with the nodes of its branches changed, where it has any (an If has two)."""
    parts = []
    for number, wire, value in _fields(one.rest):
        changed = _in_branch(value, change) if number == 5 else value  # noqa: PLR2004 -- NodeProto.attribute
        parts.append(_field(number, wire, changed))
    return Node(one.kind, one.inputs, one.outputs, b"".join(parts))


def _in_branch(attribute: bytes, change: Callable[[Sequence[Node]], Sequence[Node]]) -> bytes:
    parts = []
    for number, wire, value in _fields(attribute):
        if number == 6:  # noqa: PLR2004 -- AttributeProto.g
            fields = list(_fields(value))
            nodes = change([_read_node(data) for field, _, data in fields if field == 1])
            others = [_field(*field) for field in fields if field[0] != 1]
            parts.append(_bytes(6, b"".join([_bytes(1, _packed(n)) for n in nodes] + others)))
        else:
            parts.append(_field(number, wire, value))
    return b"".join(parts)


def described(name: str, shape: Sequence[int | str] | None = None) -> bytes:
    """An input or output, float32; without a shape it is whatever comes, and so is a side that is a name."""
    kind = _number(1, _KINDS[np.dtype(np.float32)])
    if shape is not None:
        sides = (_text(2, side) if isinstance(side, str) else _number(1, side) for side in shape)
        kind += _bytes(2, b"".join(_bytes(1, side) for side in sides))
    return _text(1, name) + _bytes(2, _bytes(1, kind))


def _read_graph(graph: Graph, data: bytes) -> None:
    for number, _, value in _fields(data):
        if number == 1:
            graph.nodes.append(_read_node(value))
        elif number == 5:  # noqa: PLR2004 -- GraphProto.initializer
            name, values = _read_tensor(value)
            graph.tensors[name] = values
        elif number == 11:  # noqa: PLR2004 -- GraphProto.input
            graph.inputs.append(value)
        elif number == 12:  # noqa: PLR2004 -- GraphProto.output
            graph.outputs.append(value)


def _read_node(data: bytes) -> Node:
    names: dict[int, list[str]] = {1: [], 2: [], 4: []}
    rest = []
    for number, wire, value in _fields(data):
        if number in names:
            names[number].append(value.decode())
        else:
            rest.append(_field(number, wire, value))
    return Node(names[4][0], tuple(names[1]), tuple(names[2]), b"".join(rest))


def _read_tensor(data: bytes) -> tuple[str, Array]:
    """A constant, which this file's models keep as raw bytes, or as floats or whole numbers one by one."""
    dims: list[int] = []
    name, kind, raw = "", np.dtype("f4"), b""
    for number, wire, value in _fields(data):
        if number == 1:
            dims += [value] if wire == _VARINT else _varints(value)
        elif number == 2:  # noqa: PLR2004 -- TensorProto.data_type
            kind = next(k for k, n in _KINDS.items() if n == value)
        elif number == 8:  # noqa: PLR2004 -- TensorProto.name
            name = value.decode()
        elif number in {4, 9}:  # float_data (packed) and raw_data have the same bytes
            raw += value
        elif number in {5, 7}:  # int32_data, which smaller whole numbers are kept as, too, and int64_data
            whole = np.array([value] if wire == _VARINT else _varints(value), "u8")
            raw += whole.astype(kind if number == 5 else "u8").tobytes()  # noqa: PLR2004 -- as above
    return name, np.frombuffer(raw, kind.newbyteorder("<")).reshape(dims)


def _packed(one: Node) -> bytes:
    names = [_text(1, name) for name in one.inputs] + [_text(2, name) for name in one.outputs]
    return b"".join([*names, _text(4, one.kind), one.rest])


def _attribute(name: str, value: str | float | Sequence[int]) -> bytes:
    head = _text(1, name)
    if isinstance(value, str):
        return head + _text(4, value) + _number(20, _STRING)
    if isinstance(value, float):
        return head + _key(2, _FIXED32) + np.array(value, "<f4").tobytes() + _number(20, _FLOAT)
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, _INT)
    return head + b"".join(_number(8, v) for v in value) + _number(20, _INTS)


def _tensor(name: str, values: Array) -> bytes:
    dims = b"".join(_number(1, n) for n in values.shape)
    raw = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))).tobytes()
    return dims + _number(2, _KINDS[values.dtype]) + _text(8, name) + _bytes(9, raw)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _number(field: int, value: int) -> bytes:
    return _key(field, _VARINT) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative number is the two's complement in 64 bits."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while value >= _MORE:
        out.append(value % _MORE | _MORE)
        value >>= 7
    return bytes([*out, value])


def _fields(data: bytes) -> Iterator[tuple[int, int, Any]]:
    """The fields of a message in order: number, kind of wire, and the value (a number, or bytes)."""
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _read_varint(data, at)
            yield number, wire, value
            continue
        length, at = _read_varint(data, at) if wire == _BYTES else ({_FIXED32: 4, _FIXED64: 8}[wire], at)
        yield number, wire, data[at : at + length]
        at += length


def _field(number: int, wire: int, value: Any) -> bytes:  # noqa: ANN401 -- what _fields() gave
    if wire == _VARINT:
        return _number(number, value)
    return _bytes(number, value) if wire == _BYTES else _key(number, wire) + bytes(value)


def _varints(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _read_varint(data, at)
        found.append(value)
    return found


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte % _MORE) << shift
        shift += 7
        if byte < _MORE:
            return value, at

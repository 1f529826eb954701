"""Writes an ONNX file: the few messages of onnx.proto that an inference graph needs, spelt out byte by byte.

By hand and not with the package `onnx`, so that the same graph is the same file everywhere and can be pinned by its
sha256, and so that a board needs nothing more than numpy to make one. Field numbers: onnx.proto of ONNX 1.17.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

OPSET: Final = 17
IR: Final = 9
_KINDS: Final = {np.dtype(np.float32): 1, np.dtype(np.int64): 7}
"""TensorProto.DataType."""
_INT, _STRING, _FLOAT, _INTS = 2, 3, 1, 7
"""AttributeProto.AttributeType."""
_VARINT, _BYTES, _FIXED32 = 0, 2, 5
"""How protobuf puts a field on the wire."""
_MORE: Final = 0x80
"""The bit of a byte that says that another one follows."""


def model(
    nodes: Sequence[bytes],
    tensors: Mapping[str, np.ndarray[Any, Any]],
    inputs: Mapping[str, Sequence[int]],
    outputs: Mapping[str, Sequence[int]],
) -> bytes:
    """The file of a graph. tensors: constants by name; inputs and outputs: shapes by name, all float32."""
    graph = [_bytes(1, n) for n in nodes]
    graph.append(_bytes(2, b"graph"))
    graph += [_bytes(5, _tensor(name, values)) for name, values in tensors.items()]
    graph += [_bytes(11, _value(name, shape)) for name, shape in inputs.items()]
    graph += [_bytes(12, _value(name, shape)) for name, shape in outputs.items()]
    return _number(1, IR) + _bytes(7, b"".join(graph)) + _bytes(8, _number(2, OPSET))


def node(kind: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: str | float | Sequence[int]) -> bytes:
    """One operator; an input named "" is one that is left out."""
    fields = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs] + [_text(4, kind)]
    return b"".join([*fields, *(_bytes(5, _attribute(name, value)) for name, value in attributes.items())])


def _attribute(name: str, value: str | float | Sequence[int]) -> bytes:
    head = _text(1, name)
    if isinstance(value, str):
        return head + _text(4, value) + _number(20, _STRING)
    if isinstance(value, float):
        return head + _key(2, _FIXED32) + np.array(value, "<f4").tobytes() + _number(20, _FLOAT)
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, _INT)
    return head + b"".join(_number(8, v) for v in value) + _number(20, _INTS)


def _tensor(name: str, values: np.ndarray[Any, Any]) -> bytes:
    dims = b"".join(_number(1, n) for n in values.shape)
    raw = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))).tobytes()
    return dims + _number(2, _KINDS[values.dtype]) + _text(8, name) + _bytes(9, raw)


def _value(name: str, shape: Sequence[int]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, n)) for n in shape)
    kind = _number(1, _KINDS[np.dtype(np.float32)]) + _bytes(2, dims)
    return _text(1, name) + _bytes(2, _bytes(1, kind))


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

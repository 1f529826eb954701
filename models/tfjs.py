"""Converts a TensorFlow.js graph model into ONNX: the seventeen operators that NanoDet is made of, and no more.

Layouts stay as they are: what TensorFlow does on [n, height, width, channels] is wrapped in transposes, which
onnxruntime folds when it opens the file. Needs numpy, nothing else.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

import onnx_file

Array = np.ndarray[Any, Any]
_TO_NCHW: Final = (0, 3, 1, 2)
_TO_NHWC: Final = (0, 2, 3, 1)
_PADS: Final = {"SAME": "SAME_UPPER", "VALID": "VALID"}


class ConversionError(Exception):
    """The graph holds what this converter does not know."""


def to_onnx(graph_json: bytes, weights: bytes) -> bytes:
    """The ONNX file of a graph model: its .json, and its one .bin. Raises ConversionError."""
    described = json.loads(graph_json)
    nodes = described["modelTopology"]["node"]
    graph = _Graph(_constants(described["weightsManifest"], weights))
    made = {n["name"] for n in nodes if n["op"] in {"Const", "Placeholder"}}
    waiting = [n for n in nodes if n["name"] not in made]
    while waiting:  # the file is not in the order of computation
        ready = [n for n in waiting if all(_source(i) in made for i in n.get("input", []))]
        if not ready:
            raise ConversionError("the graph has a node whose input nothing makes")
        for node in ready:
            graph.add(node)
            made.add(node["name"])
        waiting = [n for n in waiting if n["name"] not in made]
    signature = described["signature"]
    inputs, outputs = (_described(signature[side].values()) for side in ("inputs", "outputs"))
    return onnx_file.write(onnx_file.Graph(graph.nodes, graph.used, inputs, outputs))


def _constants(manifest: Sequence[Mapping[str, Any]], raw: bytes) -> dict[str, Array]:
    """The weights by name, float16 ones widened to what the graph computes in."""
    found: dict[str, Array] = {}
    at = 0
    for weight in (w for group in manifest for w in group["weights"]):
        stored = np.dtype(weight.get("quantization", {}).get("dtype", weight["dtype"])).newbyteorder("<")
        count = int(np.prod(weight["shape"]))
        values = np.frombuffer(raw, stored, count, at).astype(np.dtype(weight["dtype"]))
        found[weight["name"]] = values.reshape(weight["shape"])
        at += count * stored.itemsize
    if at != len(raw):
        raise ConversionError(f"the weights are {len(raw)} bytes, and the graph speaks of {at}")
    return found


class _Graph:
    """The ONNX graph while it grows. nodes: in order of computation. used: the constants that they use."""

    def __init__(self, constants: dict[str, Array]) -> None:
        self.nodes: list[onnx_file.Node] = []
        self.used: dict[str, Array] = {}
        self._constants = constants
        self._count = 0

    def add(self, node: Mapping[str, Any]) -> None:
        """Take a TensorFlow node whose inputs are there."""
        kind, inputs = node["op"], [i for i in node.get("input", []) if not i.startswith("^")]
        if self._folded(kind, node["name"], inputs):
            return
        try:
            translate = _TRANSLATIONS[kind]
        except KeyError:
            raise ConversionError(f"the operator {kind} is not known here") from None
        translate(self, node, inputs)

    def put(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:  # noqa: ANN401 -- what onnx_file.node takes
        """Append an ONNX operator; the name of what it gives."""
        output = output or self._new_name()
        self.nodes.append(onnx_file.node(kind, inputs, [output], **attributes))
        return output

    def use(self, name: str) -> str:
        """The name of an input as ONNX has it; a constant comes along."""
        name = name.removesuffix(":0")
        if name in self._constants:
            self.used[name] = self._constants[name]
        return name

    def value(self, name: str) -> Array:
        """What a constant holds."""
        return self._constants[_source(name)]

    def new(self, values: Array | Sequence[int]) -> str:
        """A constant that the TensorFlow graph does not have; whole numbers become int64."""
        name = self._new_name()
        array = np.asarray(values)
        self._constants[name] = array.astype(np.int64) if array.dtype.kind == "i" else array.astype(np.float32)
        return self.use(name)

    def _new_name(self) -> str:
        self._count += 1
        return f"made/{self._count}"

    def _folded(self, kind: str, name: str, inputs: Sequence[str]) -> bool:
        """Whether all of it is constant: then it is computed here."""
        if not all(_source(i) in self._constants for i in inputs):
            return False
        values = [self.value(i) for i in inputs]
        if kind == "SparseToDense":
            places, shape, sparse, rest = values
            dense = np.full(shape, rest, dtype=rest.dtype)
            dense[tuple(np.atleast_2d(places).T)] = sparse
            self._constants[name] = dense
            return True
        if kind in {"Add", "AddV2"}:
            self._constants[name] = values[0] + values[1]
            return True
        return False


Translation = Callable[[_Graph, Mapping[str, Any], Sequence[str]], object]


def _plain(kind: str) -> Translation:
    """An operator that is the same in both."""
    return lambda graph, node, inputs: graph.put(kind, [graph.use(i) for i in inputs], node["name"])


def _leaky(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    alpha = float(node["attr"]["alpha"]["f"])
    graph.put("LeakyRelu", [graph.use(inputs[0])], node["name"], alpha=alpha)


def _transpose(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    graph.put("Transpose", [graph.use(inputs[0])], node["name"], perm=[int(v) for v in graph.value(inputs[1])])


def _reshape(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    graph.put("Reshape", [graph.use(inputs[0]), graph.new(graph.value(inputs[1]))], node["name"])


def _concat(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    *parts, axis = inputs
    graph.put("Concat", [graph.use(p) for p in parts], node["name"], axis=int(graph.value(axis)))


def _pad(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    pads = graph.new(graph.value(inputs[1]).T.reshape(-1))
    filling = [graph.new(graph.value(i).astype(np.float32)) for i in inputs[2:]]
    graph.put("Pad", [graph.use(inputs[0]), pads, *filling], node["name"])


def _split(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    sizes = graph.value(inputs[1])
    outputs = [node["name"], *(f"{node['name']}:{i}" for i in range(1, len(sizes)))]
    axis = int(graph.value(inputs[2]))
    graph.nodes.append(onnx_file.node("Split", [graph.use(inputs[0]), graph.new(sizes)], outputs, axis=axis))


def _convolution(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    kernel = graph.new(graph.value(inputs[1]).transpose(3, 2, 0, 1))
    picture = graph.put("Transpose", [graph.use(inputs[0])], perm=_TO_NCHW)
    made = graph.put("Conv", [picture, kernel], strides=_sides(node, "strides"), auto_pad=_padding(node))
    graph.put("Transpose", [made], node["name"], perm=_TO_NHWC)


def _pool(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    picture = graph.put("Transpose", [graph.use(inputs[0])], perm=_TO_NCHW)
    window, steps = _sides(node, "ksize"), _sides(node, "strides")
    made = graph.put("MaxPool", [picture], kernel_shape=window, strides=steps, auto_pad=_padding(node))
    graph.put("Transpose", [made], node["name"], perm=_TO_NHWC)


def _resize(graph: _Graph, node: Mapping[str, Any], inputs: Sequence[str]) -> None:
    way = "asymmetric"
    if node["attr"].get("half_pixel_centers", {}).get("b"):
        way = "half_pixel"
    if node["attr"].get("align_corners", {}).get("b"):
        way = "align_corners"
    picture = graph.put("Transpose", [graph.use(inputs[0])], perm=_TO_NCHW)
    head = graph.put("Slice", [graph.put("Shape", [picture]), graph.new([0]), graph.new([2])])
    sizes = graph.put("Concat", [head, graph.new(graph.value(inputs[1]))], axis=0)
    made = graph.put("Resize", [picture, "", "", sizes], mode="linear", coordinate_transformation_mode=way)
    graph.put("Transpose", [made], node["name"], perm=_TO_NHWC)


_TRANSLATIONS: Final[dict[str, Translation]] = {
    "Identity": _plain("Identity"),
    "Add": _plain("Add"),
    "AddV2": _plain("Add"),
    "Sigmoid": _plain("Sigmoid"),
    "LeakyRelu": _leaky,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "ConcatV2": _concat,
    "Pad": _pad,
    "PadV2": _pad,
    "SplitV": _split,
    "Conv2D": _convolution,
    "MaxPool": _pool,
    "ResizeBilinear": _resize,
}


def _source(name: str) -> str:
    """The node that makes an input."""
    return name.lstrip("^").split(":")[0]


def _sides(node: Mapping[str, Any], key: str) -> list[int]:
    """Height and width of an attribute [1, height, width, 1]."""
    return [int(v) for v in node["attr"][key]["list"]["i"]][1:3]


def _padding(node: Mapping[str, Any]) -> str:
    return _PADS[base64.b64decode(node["attr"]["padding"]["s"]).decode()]


def _described(tensors: Any) -> list[bytes]:  # noqa: ANN401 -- what json gave
    return [onnx_file.described(_source(t["name"]), [int(d["size"]) for d in t["tensorShape"]["dim"]]) for t in tensors]

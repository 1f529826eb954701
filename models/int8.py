"""Makes the convolutions and LSTMs of an ONNX model compute in 8 bits: weights and what flows between them.

Per-channel symmetric weights and affine activations with quantise and dequantise pairs, as onnxruntime's own quantiser
writes them (Jacob et al. 2018, arXiv 1712.05877); here, because the ranges are known beforehand (ranges.toml, measured
on photographs by `python -m tests.bench.precision --measure`), so that no photographs and no further package are needed
where the model is made, and because the result has to be the same everywhere. Needs numpy, nothing else.

An LSTM becomes onnxruntime's DynamicQuantizeLSTM, which measures what flows into each product as it flows, so that it
needs no ranges. But one that takes anything else than an LSTM's output stays in float: that is within 1, the rest not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from onnx_file import Array, Graph, Node, described, node, of_domain, read, speaks, write

OPSET: Final = 17
"""Weights by channel need 13; what these models use has not changed from 11 to 17."""
_CHANGED: Final = frozenset({"Squeeze", "Unsqueeze", "Split", "ReduceSum", "BatchNormalization"})
"""Operators that have changed between: a model with one of them has to speak the later edition itself."""
_STEPS, _SIDE = 255, 127
_LARGEST: Final = 2.0**30
"""Of a bias in its own steps, which are as small as the channel's weights: 32 bits have to hold it."""
_WITHOUT_BIAS: Final = 2
_RUNTIME: Final = "com.microsoft"
"""The domain of onnxruntime's own operators."""
_LSTM_INPUTS: Final = 8
Ranges = Mapping[str, Sequence[float]]
"""The lowest and the highest value that a tensor had."""


class Int8Error(Exception):
    """The model is not one that this can make smaller."""


@dataclass(frozen=True)
class _Unit:
    """A convolution with what follows it and is computed with it.

    source, target: names of what goes in and comes out. members: its nodes. bias: by channel, or None.
    """

    convolution: Node
    source: str
    target: str
    weights: Array
    bias: Array | None
    members: tuple[Node, ...]


def watched(file: bytes) -> tuple[bytes, list[str]]:
    """The model with what flows into and out of its convolutions as further outputs, and their names."""
    graph = read(file)
    names = sorted({name for unit in _units(graph) for name in (unit.source, unit.target)})
    made = {name for n in graph.nodes for name in n.outputs}
    graph.outputs += [described(name) for name in names if name in made]
    return write(graph), [name for name in names if name in made]


def quantised(file: bytes, ranges: Ranges) -> bytes:
    """The model in 8 bits. Raises Int8Error where the ranges are of another model."""
    graph = read(file)
    if graph.opset < OPSET and (changed := _CHANGED & {n.kind for n in graph.nodes}):
        raise Int8Error(f"operators of opset {graph.opset} that have changed since: {', '.join(sorted(changed))}")
    graph.opset = max(graph.opset, OPSET)
    units = {id(unit.convolution): unit for unit in _units(graph)}
    inside = {id(n) for unit in units.values() for n in unit.members}
    lstms = _lstms(graph)
    made = _Made(graph, ranges)
    for n in graph.nodes:
        if unit := units.get(id(n)):
            made.add(unit)
        elif n in lstms:
            made.add_lstm(n)
        elif id(n) not in inside:
            made.nodes.append(n)
    used = {name for n in made.nodes for name in n.inputs}
    graph.nodes = made.nodes
    graph.rest += speaks(_RUNTIME, 1) if lstms else b""
    graph.tensors = {name: values for name, values in graph.tensors.items() if name in used}
    return write(graph)


class _Made:
    """The nodes of the smaller model, in order; its constants go into the graph."""

    def __init__(self, graph: Graph, ranges: Ranges) -> None:
        self.nodes: list[Node] = []
        self._tensors = graph.tensors
        self._ranges = ranges
        self._ready: dict[str, str] = {}

    def add(self, unit: _Unit) -> None:
        """Append a convolution in 8 bits."""
        scale = self._pair(unit.source, unit.source)
        by_channel = np.abs(unit.weights).reshape(len(unit.weights), -1).max(axis=1) / np.float32(_SIDE)
        least = np.float32(1e-12) if unit.bias is None else np.abs(unit.bias) / (scale * np.float32(_LARGEST))
        by_channel = np.maximum(by_channel, least + np.float32(1e-12)).astype(np.float32)
        along = by_channel.reshape(-1, *[1] * (unit.weights.ndim - 1))
        whole = np.clip(np.rint(unit.weights / along), -_SIDE, _SIDE).astype(np.int8)
        name = unit.target
        inputs = [self._ready[unit.source], self._constant(f"{name}/weights", whole, by_channel)]
        if unit.bias is not None:
            steps = (by_channel * scale).astype(np.float32)
            inputs.append(self._constant(f"{name}/bias", np.rint(unit.bias / steps).astype(np.int32), steps))
        kind = unit.convolution
        self.nodes.append(Node(kind.kind, tuple(inputs), (f"{name}/exact",), kind.rest))
        self._pair(f"{name}/exact", name)

    def add_lstm(self, n: Node) -> None:
        """Append an LSTM in 8 bits, whose weights have a size of steps for every gate of every cell."""
        scales = []
        inputs = list(n.inputs) + [""] * (_LSTM_INPUTS - len(n.inputs))
        for at in (1, 2):
            weights, name = self._tensors[n.inputs[at]], f"{n.inputs[at]}/8"
            steps = np.maximum(np.abs(weights).max(axis=2) / np.float32(_SIDE), np.float32(1e-12))
            whole = np.clip(np.rint(weights / steps[..., None]), -_SIDE, _SIDE).astype(np.int8)
            self._tensors[name], self._tensors[f"{name}/scale"] = whole.transpose(0, 2, 1), steps
            self._tensors[f"{name}/zero"] = np.zeros(steps.shape, np.int8)
            inputs[at] = name
            scales += [f"{name}/scale", f"{name}/zero"]
        self.nodes.append(Node("DynamicQuantizeLSTM", (*inputs, *scales), n.outputs, n.rest + of_domain(_RUNTIME)))

    def _pair(self, exact: str, name: str) -> np.float32:
        """Quantise and dequantise what flows under this name, once; the size of its steps."""
        try:
            low, high = self._ranges[name]
        except KeyError:
            raise Int8Error(f"no range is known of {name}") from None
        low, high = min(0.0, low), max(0.0, high)
        scale = np.float32(max(high - low, 1e-9) / _STEPS)
        if name in self._ready:
            return scale
        zero = np.uint8(np.clip(np.rint(-low / scale), 0, _STEPS))
        self._tensors[f"{name}/scale"], self._tensors[f"{name}/zero"] = np.array(scale), np.array(zero)
        how = (f"{name}/scale", f"{name}/zero")
        self.nodes.append(node("QuantizeLinear", [exact, *how], [f"{name}/8"]))
        target = name if exact != name else f"{name}/again"
        self.nodes.append(node("DequantizeLinear", [f"{name}/8", *how], [target]))
        self._ready[name] = target
        return scale

    def _constant(self, name: str, values: Array, scale: Array) -> str:
        """A constant in whole numbers, by channel."""
        self._tensors[name], self._tensors[f"{name}/scale"] = values, scale
        self._tensors[f"{name}/zero"] = np.zeros(len(scale), values.dtype)
        self.nodes.append(node("DequantizeLinear", [name, f"{name}/scale", f"{name}/zero"], [f"{name}/wide"], axis=0))
        return f"{name}/wide"


def _lstms(graph: Graph) -> list[Node]:
    """The LSTMs of constant weights that take what another one gave."""
    within_one: set[str] = set()
    found = []
    for n in graph.nodes:
        if n.kind == "LSTM":
            if n.inputs[0] in within_one and n.inputs[1] in graph.tensors and n.inputs[2] in graph.tensors:
                found.append(n)
            within_one.update(n.outputs[:2])
        elif n.kind == "Squeeze" and n.inputs[0] in within_one:
            within_one.update(n.outputs)
    return found


def _units(graph: Graph) -> list[_Unit]:
    """Every convolution whose weights are constant, with the bias and the Relu that only it has."""
    takers: dict[str, list[Node]] = {}
    for n in graph.nodes:
        for name in n.inputs:
            takers.setdefault(name, []).append(n)
    same = {n.outputs[0]: n.inputs[0] for n in graph.nodes if n.kind == "Identity"}
    constants = {name: graph.tensors[same.get(name, name)] for name in takers if same.get(name, name) in graph.tensors}
    found = []
    for n in graph.nodes:
        weights = constants.get(n.inputs[1]) if n.kind == "Conv" else None
        if weights is not None and weights.dtype == np.float32:
            found.append(_unit(n, weights, takers, constants))
    return found


def _unit(n: Node, weights: Array, takers: Mapping[str, Sequence[Node]], constants: Mapping[str, Array]) -> _Unit:
    """A convolution and what follows it alone: a bias, and a Relu, which ends it."""
    bias = constants[n.inputs[2]] if len(n.inputs) > _WITHOUT_BIAS else None
    members, at = [n], n.outputs[0]
    while len(takers.get(at, [])) == 1 and members[-1].kind != "Relu":
        following = takers[at][0]
        if following.kind == "Add" and bias is None:
            added = [constants[i] for i in following.inputs if i in constants]
            if not added or added[0].size != len(weights):
                break
            bias = added[0].reshape(-1)
        elif following.kind not in {"Identity", "Relu"}:
            break
        members.append(following)
        at = following.outputs[0]
    return _Unit(n, n.inputs[0], at, weights, bias, tuple(members))

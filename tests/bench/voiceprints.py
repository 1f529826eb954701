"""GE2E in float and in 8 bits: how well each tells one reader from another, and what it costs.

The network is turned into ONNX first, since onnxruntime's quantiser takes nothing else.
"""

import csv
import time
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from corpus import data_folder, read
from msgspec import Struct
from onnx import TensorProto, helper, numpy_helper
from quantiser import dynamic

from sottovoce_device.capture.sample import Sample
from sottovoce_device.perceive.ge2e import FRAMES, MELS, Ge2e, read_checkpoint
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

CELLS, LAYERS = 256, 3
ONNX_GATES = (0, 3, 1, 2)
"""torch has its gates as i, f, g, o; ONNX as i, o, f, c."""
OPSET, IR = 17, 9
Array = np.ndarray[Any, Any]


class Told(Struct, frozen=True):
    """What a network comes to: its embeddings, one an utterance, and ms of CPU a window of 1.6 s."""

    voices: list[Array]
    ms: float


def as_onnx(checkpoint: Path, target: Path) -> None:
    """The network as ONNX: `mel` [160, windows, 40] becomes `voice` [windows, 256], not yet of unit length."""
    found = read_checkpoint(checkpoint)
    nodes, weights, flow = [], [], "mel"
    for layer in range(LAYERS):
        for kind, name in (("ih", "W"), ("hh", "R")):
            weights.append(_tensor(f"{name}{layer}", _gates(found[f"lstm.weight_{kind}_l{layer}"])[None]))
        biases = [_gates(found[f"lstm.bias_{kind}_l{layer}"]) for kind in ("ih", "hh")]
        weights.append(_tensor(f"B{layer}", np.concatenate(biases)[None]))
        given = [flow, f"W{layer}", f"R{layer}", f"B{layer}"]
        nodes.append(
            helper.make_node("LSTM", given, [f"all{layer}", f"last{layer}"], f"lstm{layer}", hidden_size=CELLS)
        )
        nodes.append(helper.make_node("Squeeze", [f"all{layer}", "one"], [f"out{layer}"]))
        flow = f"out{layer}"
    weights += [_tensor("one", np.array([1], np.int64)), _tensor("zero", np.array([0], np.int64))]
    weights += [_tensor("weight", found["linear.weight"].T), _tensor("bias", found["linear.bias"])]
    nodes.append(helper.make_node("Squeeze", [f"last{LAYERS - 1}", "zero"], ["state"]))
    nodes.append(helper.make_node("MatMul", ["state", "weight"], ["product"]))
    nodes.append(helper.make_node("Add", ["product", "bias"], ["sum"]))
    nodes.append(helper.make_node("Relu", ["sum"], ["voice"]))
    goes_in = helper.make_tensor_value_info("mel", TensorProto.FLOAT, [FRAMES, "windows", MELS])
    comes_out = helper.make_tensor_value_info("voice", TensorProto.FLOAT, ["windows", CELLS])
    graph = helper.make_graph(nodes, "ge2e", [goes_in], [comes_out], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR), target)


class Recast(Ge2e):
    """GE2E whose network is an ONNX session."""

    def __init__(self, weights: Weights, path: Path) -> None:
        super().__init__(weights)
        self._session = open_model(path)

    def _embed(self, mel: Array) -> Array:
        voices = self._session.run(None, {"mel": np.ascontiguousarray(mel.swapaxes(0, 1))})[0]
        return np.asarray(voices / (np.linalg.norm(voices, axis=-1, keepdims=True) + 1e-9))


def ge2e_lines(ours: Weights, folder: Path) -> list[tuple[str, float, float, str]]:
    """Name, MB, ms a window and result of each; none without the development data."""
    speech = data_folder() / "speech"
    if not (speech / "reading.tsv").is_file():
        return []
    with (speech / "reading.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sounds = [read(speech / row["file"]) for row in rows]
    readers = [row["reader"] for row in rows]
    path = ours.path("ge2e.pt")
    as_onnx(path, folder / "ge2e.onnx")
    dynamic(folder / "ge2e.onnx", folder / "whole.onnx", per_channel=True)
    dynamic(folder / "ge2e.onnx", folder / "upper.onnx", per_channel=True, keep=["lstm0"])
    lines = []
    exact: list[Array] = []
    for name, file_, net in (
        ("ge2e.pt, float, numpy: **used**", path, Ge2e(ours)),
        ("ge2e, float, onnxruntime", folder / "ge2e.onnx", Recast(ours, folder / "ge2e.onnx")),
        ("ge2e, int8 by onnxruntime", folder / "whole.onnx", Recast(ours, folder / "whole.onnx")),
        ("ge2e, int8 but for its first layer", folder / "upper.onnx", Recast(ours, folder / "upper.onnx")),
    ):
        told = _told(net, sounds)
        exact = exact or told.voices
        alike = min(float(a @ b) for a, b in zip(exact, told.voices, strict=True))
        result = f"equal error rate {equal_error(told.voices, readers):.1%}; cosine to float {alike:.4f} at least"
        lines.append((name, file_.stat().st_size / 1e6, told.ms, result))
    return lines


def equal_error(voices: list[Array], readers: list[str]) -> float:
    """The rate at which as many strangers pass as readers are refused, over all pairs of utterances."""
    pairs = [(float(voices[a] @ voices[b]), readers[a] == readers[b]) for a, b in combinations(range(len(voices)), 2)]
    same, other = (np.array([c for c, s in pairs if s is kind]) for kind in (True, False))
    return float(min(max((same < at).mean(), (other >= at).mean()) for at in np.unique(same)))


def _told(net: Ge2e, sounds: list[Array]) -> Told:
    windows = 0
    inner = net._embed

    def counted(mel: Array) -> Array:
        nonlocal windows
        windows += len(mel)
        return inner(mel)

    net._embed = counted  # type: ignore[method-assign]
    start = time.process_time()
    voices = [net.infer(Sample(sound, 0.0)) for sound in sounds]
    spent = time.process_time() - start
    return Told([v.embedding for v in voices if v is not None], 1000 * spent / windows)


def _gates(values: Array) -> Array:
    return np.concatenate([np.split(values, 4)[gate] for gate in ONNX_GATES])


def _tensor(name: str, values: Array) -> TensorProto:
    return numpy_helper.from_array(np.ascontiguousarray(values), name)

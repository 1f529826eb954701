"""Turns GE2E's torch checkpoint into ONNX: three LSTM layers, one matrix and a Relu. Needs numpy, nothing else."""

import io
import pickle
import struct
from typing import Any, BinaryIO, Final

import numpy as np

import onnx_file

Array = np.ndarray[Any, Any]
LAYERS: Final = 3
CELLS, MELS, FRAMES = 256, 40, 160
"""Of a layer; bands of mel, and frames of 10 ms, that go in."""
_GATES: Final = (0, 3, 1, 2)
"""torch has its gates as i, f, g, o; ONNX as i, o, f, c."""
_KINDS: Final = ("ih", "hh")
"""Weights from a layer's input, and from its own last output."""


class CheckpointError(Exception):
    """The file is not a checkpoint of GE2E."""


def to_onnx(checkpoint: bytes) -> bytes:
    """The ONNX file: `mel` [160, windows, 40] becomes `voice` [windows, 256], not yet of unit length.

    Raises CheckpointError.
    """
    found = read_checkpoint(checkpoint)
    nodes, tensors, flow = [], {}, "mel"
    try:
        for n in range(LAYERS):
            tensors[f"W{n}"], tensors[f"R{n}"] = (_gates(found[f"lstm.weight_{kind}_l{n}"])[None] for kind in _KINDS)
            biases = [_gates(found[f"lstm.bias_{kind}_l{n}"]) for kind in _KINDS]
            tensors[f"B{n}"] = np.concatenate(biases)[None]
            given = [flow, f"W{n}", f"R{n}", f"B{n}"]
            nodes.append(onnx_file.node("LSTM", given, [f"all{n}", f"last{n}"], hidden_size=CELLS))
            nodes.append(onnx_file.node("Squeeze", [f"all{n}", "one"], [f"out{n}"]))
            flow = f"out{n}"
        tensors["weight"], tensors["bias"] = found["linear.weight"].T, found["linear.bias"]
    except KeyError as error:
        raise CheckpointError(f"the checkpoint lacks the tensor {error}") from None
    nodes[-1] = onnx_file.node("Squeeze", [f"last{LAYERS - 1}", "zero"], ["state"])
    tensors |= {"one": np.array([1], np.int64), "zero": np.array([0], np.int64)}
    nodes.append(onnx_file.node("MatMul", ["state", "weight"], ["product"]))
    nodes.append(onnx_file.node("Add", ["product", "bias"], ["sum"]))
    nodes.append(onnx_file.node("Relu", ["sum"], ["voice"]))
    goes_in = onnx_file.described("mel", [FRAMES, "windows", MELS])
    comes_out = onnx_file.described("voice", ["windows", CELLS])
    return onnx_file.write(onnx_file.Graph(nodes, tensors, [goes_in], [comes_out]))


def _gates(values: Array) -> Array:
    return np.concatenate([np.split(values, len(_GATES))[gate] for gate in _GATES])


class _Tensors(pickle.Unpickler):
    """Reads a checkpoint's tensors and nothing else: no name in it is ever imported or called."""

    def __init__(self, file: BinaryIO, storages: dict[str, Array]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, _module: str, name: str) -> Any:  # noqa: ANN401 -- pickle's own signature
        if name == "_rebuild_tensor_v2":
            return self._tensor
        if name == "OrderedDict":
            return type("Ordered", (dict,), {})
        return type(name, (), {})

    def persistent_load(self, pid: tuple[str, ...]) -> str:
        return pid[2]

    def _tensor(self, storage: str, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: object) -> Any:  # noqa: ANN401 -- called when its storage is there
        def read() -> Array:
            values = self._storages[storage][offset:]
            return np.lib.stride_tricks.as_strided(values, shape, [4 * s for s in stride]).copy()

        return read


def read_checkpoint(checkpoint: bytes) -> dict[str, Array]:
    """The tensors of a torch checkpoint from before version 1.6.

    Four pickles (magic, protocol, system, the checkpoint), the storages' keys, and each storage as its length (int64)
    and floats. Raises CheckpointError for anything else.
    """
    storages: dict[str, Array] = {}
    file = io.BytesIO(checkpoint)
    try:
        parts = [_Tensors(file, storages).load() for _ in range(5)]
        for key in parts[4]:
            (length,) = struct.unpack("<q", file.read(8))
            storages[key] = np.frombuffer(file.read(4 * length), "<f4").astype(np.float32)
        return {name: tensor() for name, tensor in parts[3]["model_state"].items() if callable(tensor)}
    except (pickle.UnpicklingError, struct.error, KeyError, TypeError, ValueError, EOFError) as error:
        raise CheckpointError(f"not a checkpoint of GE2E ({error})") from None

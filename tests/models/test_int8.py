from pathlib import Path
from typing import Any

import numpy as np
import pytest

import int8
import onnx_file
from sottovoce_device.perceive.runtime import open_model

Array = np.ndarray[Any, Any]
SHAPE = (1, 3, 12, 12)


def network(kind: str = "Relu") -> bytes:
    """Two convolutions, the first with a bias as an addition of its own and what `kind` is behind it."""
    rng = np.random.default_rng(0)
    tensors = {
        "first": rng.normal(size=(8, 3, 3, 3)).astype(np.float32),
        "bias": rng.normal(size=(1, 8, 1, 1)).astype(np.float32),
        "second": rng.normal(size=(4, 8, 3, 3)).astype(np.float32),
    }
    tensors["first"][5] = 0  # a channel that learnt nothing but its bias
    nodes = [
        onnx_file.node("Conv", ["seen", "first"], ["a"]),
        onnx_file.node("Add", ["a", "bias"], ["b"]),
        onnx_file.node(kind, ["b"], ["c"]),
        onnx_file.node("Conv", ["c", "second"], ["out"]),
    ]
    outside = [onnx_file.described("seen", SHAPE)], [onnx_file.described("out", (1, 4, 8, 8))]
    return onnx_file.write(onnx_file.Graph(nodes, tensors, *outside))


def layers() -> bytes:
    """Two LSTM layers of 32 cells, each fed by what is before it."""
    rng = np.random.default_rng(0)
    tensors, nodes, flow = {"one": np.array([1])}, [], "seen"
    for n, width in enumerate((12, 32)):
        for name, inner in (("W", width), ("R", 32)):
            tensors[f"{name}{n}"] = rng.normal(0, 0.3, (1, 128, inner)).astype(np.float32)
        nodes.append(onnx_file.node("LSTM", [flow, f"W{n}", f"R{n}"], [f"all{n}"], hidden_size=32))
        flow = f"flow{n}" if n == 0 else "out"
        nodes.append(onnx_file.node("Squeeze", [f"all{n}", "one"], [flow]))
    outside = [onnx_file.described("seen", (12, "many", 12))], [onnx_file.described("out", (12, "many", 32))]
    return onnx_file.write(onnx_file.Graph(nodes, tensors, *outside))


def run(tmp_path: Path, file: bytes, seen: Array) -> dict[str, Array]:
    (tmp_path / "network.onnx").write_bytes(file)
    session = open_model(tmp_path / "network.onnx")
    names = [o.name for o in session.get_outputs()]
    return dict(zip(names, session.run(names, {"seen": seen}), strict=True))


@pytest.mark.parametrize("kind", ["Relu", "Sigmoid"])
def test_a_network_in_8_bits_computes_what_it_computed_within_two_percent_and_is_smaller(
    tmp_path: Path, kind: str
) -> None:
    file = network(kind)
    seen = np.random.default_rng(1).normal(size=SHAPE).astype(np.float32)
    watched, names = int8.watched(file)
    flows = {"seen": seen, **run(tmp_path, watched, seen)}
    ranges = {name: (float(flows[name].min()), float(flows[name].max())) for name in [*names, "seen"]}
    small = int8.quantised(file, ranges)
    exact, found = run(tmp_path, file, seen)["out"], run(tmp_path, small, seen)["out"]
    assert np.abs(found - exact).mean() < 0.02 * np.abs(exact).mean()
    assert len(small) < len(file)
    kinds = [n.kind for n in onnx_file.read(small).nodes]
    assert kinds.count("QuantizeLinear") == (3 if kind == "Relu" else 4)
    assert ("Relu" in kinds, "Add" in kinds) == (False, False)


def test_the_lstm_that_takes_another_ones_output_is_in_8_bits_and_the_first_in_float(tmp_path: Path) -> None:
    file = layers()
    small = int8.quantised(file, {})
    assert [n.kind for n in onnx_file.read(small).nodes][::2] == ["LSTM", "DynamicQuantizeLSTM"]
    assert len(small) < 0.6 * len(file)
    seen = np.random.default_rng(1).normal(size=(12, 3, 12)).astype(np.float32)
    exact, found = run(tmp_path, file, seen)["out"], run(tmp_path, small, seen)["out"]
    assert np.abs(found - exact).mean() < 0.02 * np.abs(exact).mean()


def test_ranges_of_another_model_and_operators_of_an_old_edition_are_refused() -> None:
    with pytest.raises(int8.Int8Error, match="no range is known of"):
        int8.quantised(network(), {"other": (0.0, 1.0)})
    graph = onnx_file.read(network("Squeeze"))
    graph.opset = 11
    with pytest.raises(int8.Int8Error, match="Squeeze"):
        int8.quantised(onnx_file.write(graph), {})


def test_a_file_that_is_read_and_written_again_is_the_same_file() -> None:
    for file in (network(), layers(), int8.quantised(layers(), {})):
        assert onnx_file.write(onnx_file.read(file)) == file

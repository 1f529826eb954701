from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import logits8
from sottovoce_device.perceive.runtime import open_model

Array = np.ndarray[Any, Any]
WORDS, WIDE = 200, 16


def branch(name: str, *, turns: bool = True) -> onnx.GraphProto:
    """A vector of the vocabulary is looked up, and compared with all of it."""
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["found8"]),
        helper.make_node("DequantizeLinear", ["found8", "scale", "zero"], ["found"]),
        helper.make_node("DequantizeLinear", ["across8" if turns else "table", "scale", "zero"], ["across"]),
        helper.make_node("Mul" if name == "else" else "Add", ["found", "shift"], ["heard"]),
        helper.make_node("MatMul", ["heard", "across"], ["logits"])
        if turns
        else helper.make_node("Gemm", ["heard", "across"], ["logits"], transB=1),
    ]
    if turns:
        nodes.insert(2, helper.make_node("Transpose", ["table"], ["across8"], perm=[1, 0]))
    return helper.make_graph(nodes, name, [], [helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)])


def decoder(*, turns: bool = True) -> bytes:
    """Two branches, and a vocabulary in 8 bits, as the authors' quantiser leaves it: its zero is no raw bytes."""
    rng = np.random.default_rng(0)
    table = rng.integers(0, 256, (WORDS, WIDE)).astype(np.uint8)
    chosen = helper.make_node(
        "If", ["first"], ["logits"], then_branch=branch("then", turns=turns), else_branch=branch("else", turns=turns)
    )
    inputs = [("first", TensorProto.BOOL, [1]), ("ids", TensorProto.INT64, [1, "n"])]
    graph = helper.make_graph(
        [chosen],
        "decoder",
        [helper.make_tensor_value_info(*i) for i in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "n", WORDS])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array(0.02, np.float32), "scale"),
            helper.make_tensor("zero", TensorProto.UINT8, [], [121]),
            numpy_helper.from_array(rng.normal(size=WIDE).astype(np.float32), "shift"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    return model.SerializeToString()


def run(path: Path, file: bytes, *, first: bool) -> Array:
    path.write_bytes(file)
    fed = {"first": np.array([first]), "ids": np.array([[3, 14, 159]])}
    found: Array = open_model(path).run(None, fed)[0]
    return found


@pytest.mark.parametrize("first", [True, False])
def test_logits_in_8_bits_are_those_of_the_floats_within_two_percent_and_no_table_is_made_of_floats(
    tmp_path: Path, *, first: bool
) -> None:
    slow, quick = decoder(), logits8.quicker(decoder())
    exact, found = (run(tmp_path / "decoder.onnx", file, first=first) for file in (slow, quick))
    assert found.shape == exact.shape == (1, 3, WORDS)
    assert np.abs(found - exact).max() < 0.02 * np.abs(exact).max()
    assert (found.argmax(axis=2) == exact.argmax(axis=2)).all()
    chosen = onnx.load_from_string(quick).graph.node[0]
    kinds = [[n.op_type for n in a.g.node] for a in chosen.attribute]
    assert [k.count("DequantizeLinear") for k in kinds] == [1, 1], "of the vector that is looked up"
    assert logits8.quicker(decoder()) == quick


def test_a_decoder_that_makes_its_logits_in_another_way_is_refused() -> None:
    with pytest.raises(logits8.DecoderError, match="in another way"):
        logits8.quicker(decoder(turns=False))
    graph = helper.make_graph([], "empty", [], [])
    with pytest.raises(logits8.DecoderError, match="no product with a vocabulary"):
        logits8.quicker(helper.make_model(graph).SerializeToString())

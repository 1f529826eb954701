"""Makes a decoder's last product, of what was heard with every word part there is, compute in 8 bits.

The authors' file keeps the vectors of the vocabulary in 8 bits, but turns them on their side and into floats anew for
each token: 13.6 million numbers in Moonshine base, five sixths of its time. Here they lie on their side in the file,
what was heard is quantised as it comes (as in all other products of that file), and looking one up takes a column.
Needs numpy, nothing else.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from onnx_file import Node, in_branches, node, read, write

FLOAT: Final = 1
"""TensorProto.DataType."""
LOGITS: Final = "logits"


class DecoderError(Exception):
    """The model is not a decoder that this can make quicker."""


def quicker(file: bytes) -> bytes:
    """The model with the last product of each branch in 8 bits. Raises DecoderError where there is none."""
    graph = read(file)
    turned: set[str] = set()
    graph.nodes = [in_branches(n, lambda nodes: _changed(nodes, turned)) for n in graph.nodes]
    if not turned:
        raise DecoderError("no product with a vocabulary in 8 bits makes its logits")
    for name in turned:
        graph.tensors[name] = np.ascontiguousarray(graph.tensors[name].T)
    return write(graph)


def _changed(nodes: Sequence[Node], turned: set[str]) -> list[Node]:
    """The nodes of a branch. turned: where the name of the vocabulary goes, whose constant is to be turned."""
    made_by = {name: n for n in nodes for name in n.outputs}
    product = made_by.get(LOGITS)
    wide = made_by.get(product.inputs[1]) if product and product.kind == "MatMul" else None
    across = made_by.get(wide.inputs[0]) if wide and wide.kind == "DequantizeLinear" else None
    if product is None or wide is None or across is None or across.kind != "Transpose":
        raise DecoderError("a branch makes its logits in another way")
    table, scale, zero = across.inputs[0], *wide.inputs[1:]
    turned.add(table)
    changed: list[Node] = []
    for n in nodes:
        if n is product:
            changed += _in_8_bits(n.inputs[0], table, scale, zero)
        elif n.kind == "Gather" and n.inputs[0] == table:
            column = f"{n.outputs[0]}/column"
            changed.append(node("Gather", n.inputs, [column], axis=1))
            changed.append(node("Transpose", [column], n.outputs, perm=(1, 2, 0)))
        elif n is not wide and n is not across:
            changed.append(n)
    return changed


def _in_8_bits(heard: str, table: str, scale: str, zero: str) -> list[Node]:
    """The product as onnxruntime's own quantiser writes it: whole numbers, and the size of both steps afterwards."""
    steps = [f"{LOGITS}/8", f"{LOGITS}/scale", f"{LOGITS}/zero"]
    return [
        node("DynamicQuantizeLinear", [heard], steps),
        node("MatMulInteger", [steps[0], table, steps[2], zero], [f"{LOGITS}/whole"]),
        node("Cast", [f"{LOGITS}/whole"], [f"{LOGITS}/steps"], to=FLOAT),
        node("Mul", [steps[1], scale], [f"{LOGITS}/size"]),
        node("Mul", [f"{LOGITS}/steps", f"{LOGITS}/size"], [LOGITS]),
    ]

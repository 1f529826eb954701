"""What the models that are not shipped in 8 bits would come to: onnxruntime's own quantiser."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import version_converter

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before the import, as in perceive/runtime.py

from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

Feed = dict[str, np.ndarray[Any, Any]]


class _Feeds(CalibrationDataReader):  # type: ignore[misc] # it has no types
    """What a model is fed, one after the other."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feeds = iter(feeds)

    def get_next(self) -> Feed | None:
        """The next one, or None."""
        return next(self._feeds, None)


def static(source: Path, target: Path, feeds: Sequence[Feed]) -> None:
    """Convolutions and matrix products in 8 bits, by channel, with ranges measured on these feeds."""
    ready = target.with_suffix(".ready.onnx")
    onnx.save(version_converter.convert_version(onnx.load(source), 17), ready)
    quant_pre_process(ready, ready, skip_optimization=True, skip_symbolic_shape=True)
    quantize_static(
        ready, target, _Feeds(feeds), per_channel=True, activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8, op_types_to_quantize=["Conv", "MatMul"],
    )  # fmt: skip


def dynamic(source: Path, target: Path, *, per_channel: bool = False, keep: Sequence[str] = ()) -> None:
    """Weights in 8 bits; what flows between is measured as it flows. keep: nodes that stay in float."""
    quantize_dynamic(source, target, weight_type=QuantType.QUInt8, per_channel=per_channel, nodes_to_exclude=list(keep))

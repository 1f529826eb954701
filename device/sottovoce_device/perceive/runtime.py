"""Opens ONNX models: one thread each, nothing shared, no arena that only grows."""

import os
from pathlib import Path
from typing import Any

# Before the import: this package keeps a database of what it ran and uploads it where it finds a network.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

from sottovoce_device.errors import ModelError


def open_model(path: Path) -> Any:  # noqa: ANN401 -- onnxruntime ships no types
    """An inference session on the CPU. Raises ModelError where the file is not a model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 -- onnxruntime raises its own kinds, of no common base
        raise ModelError(f"{path}: onnxruntime cannot open it ({type(error).__name__}); run `make models`") from None

"""Opens ONNX models: one thread each, nothing shared, no arena that only grows.

One runtime a file: a Hailo, or whatever else has a runtime of its own, is a file beside this one with a session of the
same two methods, run() and get_inputs().
"""

import os
from pathlib import Path
from typing import Any, Final

# Before the import: this package keeps a database of what it ran and uploads it where it finds a network.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

from sottovoce_device.errors import ModelError

PROVIDERS: Final = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
"""What [models] onnx may say, and onnxruntime's name for it. Another accelerator that it knows is a line here."""

EXACT: Final = ("session.x64quantprecision", "1")
"""On x86 without VNNI (before 2019; AMD's until 2022) onnxruntime's quickest products of 8 bits overflow in 16, and are
cut off there: Smart Turn said 0.92 for 0.98. This has it take exact ones, there alone; it matters nowhere else."""


def open_model(path: Path, provider: str = "cpu") -> Any:  # noqa: ANN401 -- onnxruntime ships no types
    """An inference session on what `provider` names, and on nothing else in silence.

    Raises ModelError where the file is not a model, or where this machine cannot run it there.
    """
    name = PROVIDERS[provider]
    refusal = f'[models] onnx = "{provider}": onnxruntime has no {name} here; install its build for this board '
    refusal += '(onnxruntime-gpu in place of onnxruntime), or set it to "cpu"'
    if name not in onnxruntime.get_available_providers():
        raise ModelError(refusal)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry(*EXACT)
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=list(dict.fromkeys([name, PROVIDERS["cpu"]]))
        )
    except Exception as error:  # noqa: BLE001 -- onnxruntime raises its own kinds, of no common base
        raise ModelError(f"{path}: onnxruntime cannot open it ({type(error).__name__}); run `make models`") from None
    if session.get_providers()[0] != name:  # it goes on with the CPU where the driver does not load
        raise ModelError(refusal)
    return session

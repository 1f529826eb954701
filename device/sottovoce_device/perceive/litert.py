"""Opens TensorFlow Lite models: one thread each, with XNNPACK where it is not switched off.

The runtime is ai-edge-litert, which is what tflite-runtime has become; where a board only has tflite-runtime
(the same Interpreter), that one is taken. A Coral is a delegate of this runtime: models that were compiled for it, and
load_delegate("libedgetpu.so.1") among the Interpreter's arguments below.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.errors import ModelError


class LiteModel:
    """A model in LiteRT. inputs and outputs: float32, in the order of the model's file.

    way: "xnnpack", or "plain" for the runtime's own kernels.
    """

    def __init__(self, path: Path, way: str = "xnnpack") -> None:
        runtime = _runtime()
        kernels = runtime.OpResolverType
        resolver = kernels.AUTO if way == "xnnpack" else kernels.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        try:
            self._model = runtime.Interpreter(
                model_path=str(path), num_threads=1, experimental_op_resolver_type=resolver
            )
            self._model.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{path}: LiteRT cannot open it ({type(error).__name__}); run `make models`") from None
        self._input = self._model.get_input_details()[0]["index"]
        self._outputs = {tuple(o["shape"]): o["index"] for o in self._model.get_output_details()}

    def run(self, values: NDArray[np.float32]) -> dict[tuple[int, ...], NDArray[np.float32]]:
        """values: of the input's shape. The outputs by their shapes, which are all different in our models.

        The model's own copy of the values is overwritten.
        """
        self._model.set_tensor(self._input, values)
        self._model.invoke()
        outputs = {shape: self._model.get_tensor(index) for shape, index in self._outputs.items()}
        self._model.set_tensor(self._input, np.zeros_like(values))
        return outputs


def _runtime() -> Any:  # noqa: ANN401 -- neither of the two ships types
    try:
        from ai_edge_litert import interpreter
    except ImportError:
        try:
            from tflite_runtime import interpreter
        except ImportError:
            raise ModelError("there is no LiteRT here; `pip install ai-edge-litert` (or tflite-runtime)") from None
    return interpreter

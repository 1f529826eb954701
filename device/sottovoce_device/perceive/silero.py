"""Is that speech: Silero VAD v5 (MIT)."""

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

_CONTEXT = 64


class SileroVad:
    """Probability of speech, a block of 512 samples at a time; it remembers the blocks before.

    Budget: 0.5 ms a block on a desktop core, 35 MB.
    """

    def __init__(self, weights: Weights) -> None:
        self._session = open_model(weights.path("silero_vad.onnx"), weights.onnx)
        self._rate: NDArray[np.int64] = np.array(RATE_HZ, np.int64)
        self._input: NDArray[np.float32] = np.zeros((1, _CONTEXT + BLOCK), np.float32)
        self._state: NDArray[np.float32] = np.zeros((2, 1, 128), np.float32)

    def reset(self) -> None:
        """Forget the blocks before: what comes next does not follow on them."""
        self._input.fill(0)
        self._state = np.zeros((2, 1, 128), np.float32)

    def infer(self, block: Sample) -> float:
        """block: 512 samples at 16 kHz. The probability that it is speech, 0 to 1."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = block.data
        found, self._state = self._session.run(None, {"input": self._input, "state": self._state, "sr": self._rate})
        return float(found[0, 0])

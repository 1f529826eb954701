"""Has the speaker finished: Smart Turn v3.2 (BSD-2-Clause)."""

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.observation import TurnEnd
from sottovoce_device.perceive.mel import LogMel
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

SECONDS = 8
"""The model hears the last eight seconds of a turn."""


class SmartTurn:
    """Probability that a turn is over, from how it sounds.

    Budget: 130 ms on a desktop core, 100 MB.
    """

    def __init__(self, weights: Weights) -> None:
        self._session = open_model(weights.path("smart_turn.onnx"), weights.onnx)
        self._features = LogMel(seconds=SECONDS)

    def infer(self, turn: Sample) -> TurnEnd:
        """turn: its last seconds at 16 kHz with the silence after it; what is missing in front is silence."""
        heard: NDArray[np.float32] = np.zeros(SECONDS * RATE_HZ, np.float32)
        values = turn.data[-len(heard) :]
        if len(values):
            heard[-len(values) :] = values
        heard -= heard.mean()
        heard /= np.sqrt(heard.var() + 1e-7)
        features = self._features.of(heard)
        heard.fill(0)
        found = self._session.run(None, {"input_features": features})[0]
        return TurnEnd(float(found.item()))

"""Whose voice is it: GE2E speaker embedding (Wan et al. 2018, arXiv 1710.10467), Resemblyzer's weights (Apache-2.0)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.observation import Voiceprint
from sottovoce_device.perceive.mel import slaney_bank
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

Floats = NDArray[np.float32]

WINDOW: Final = 400
HOP: Final = 160
MELS: Final = 40
FRAMES: Final = 160
"""1.6 s: what the model was trained on."""
LEVEL: Final = 10 ** (-30 / 20)
"""Softer speech is raised to this root mean square, as in training."""
QUIET_DB: Final = 40.0
"""Frames this far below the loudest are pauses; training had them cut out."""
LEAST_FRAMES: Final = 20
"""200 ms: a syllable. Of less nothing is told."""


class Ge2e:
    """The embedding of a stretch of speech, a unit vector.

    Budget: 6 ms a window of 1.6 s on a desktop core, 20 MB. The network is three LSTM layers of 256 cells, the
    upper two in 8 bits, and a matrix (models/ge2e.py). Its embeddings compare with those of the network in float.
    """

    def __init__(self, weights: Weights) -> None:
        self._session = open_model(weights.path("ge2e.onnx"), weights.onnx)
        self._bank = slaney_bank(MELS)
        self._window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)

    def infer(self, speech: Sample) -> Voiceprint | None:
        """speech: at least 0.2 s of it at 16 kHz; pauses in it are skipped. None where there is too little."""
        mel = self._mel(speech.data)
        voiced = 10 * np.log10(mel.sum(axis=1) + 1e-12)
        mel = mel[voiced > voiced.max(initial=-120.0) - QUIET_DB]
        if len(mel) < LEAST_FRAMES:
            return None
        seconds = len(mel) * HOP / RATE_HZ
        if len(mel) < FRAMES:
            mel = np.tile(mel, (-(-FRAMES // len(mel)), 1))[:FRAMES]
        starts = np.linspace(0, len(mel) - FRAMES, -(-2 * len(mel) // FRAMES) - 1).round().astype(int)
        embedding = self._embed(np.stack([mel[s : s + FRAMES] for s in starts])).mean(axis=0)
        return Voiceprint(_unit(embedding), seconds)

    def _mel(self, values: Floats) -> Floats:
        loud = float(np.sqrt(np.mean(values**2))) if len(values) else 0.0
        raised = np.pad(values * np.float32(max(1.0, LEVEL / (loud + 1e-9))), WINDOW // 2)
        frames = np.lib.stride_tricks.sliding_window_view(raised, WINDOW)[::HOP]
        power = np.abs(np.fft.rfft(frames * self._window, axis=1)) ** 2
        raised.fill(0)
        mel: Floats = (power @ self._bank.T).astype(np.float32)
        return mel

    def _embed(self, mel: Floats) -> Floats:
        """mel: [windows, 160, 40]. Unit vectors [windows, 256]."""
        (found,) = self._session.run(None, {"mel": np.ascontiguousarray(mel.swapaxes(0, 1))})
        return _unit(found)


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9)
    return unit

"""Whose voice is it: GE2E speaker embedding (Wan et al. 2018, arXiv 1710.10467), Resemblyzer's weights (Apache-2.0)."""

import pickle
import struct
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.sample import RATE_HZ, Sample
from sottovoce_device.errors import ModelError
from sottovoce_device.observation import Voiceprint
from sottovoce_device.perceive.mel import slaney_bank
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
_LAYERS: Final = 3
_CELLS: Final = 256


class Ge2e:
    """The embedding of a stretch of speech, a unit vector.

    Budget: 13 ms a window of 1.6 s on a desktop core with one BLAS thread, 6 MB. The network is three LSTM layers of
    256 cells, small enough for numpy, which spares a conversion to another runtime's format.
    """

    def __init__(self, weights: Weights) -> None:
        found = read_checkpoint(weights.path("ge2e.pt"))
        try:
            self._layers = [_layer(found, n) for n in range(_LAYERS)]
            self._out: tuple[Floats, Floats] = (found["linear.weight"].T.copy(), found["linear.bias"])
        except KeyError as error:
            raise ModelError(f"ge2e.pt: it lacks the tensor {error}; run `make models`") from None
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
        steps = mel.swapaxes(0, 1)
        for inner, recurrent, bias in self._layers:
            steps = _lstm(steps @ inner + bias, recurrent)
        weight, bias = self._out
        return _unit(np.maximum(steps[-1] @ weight + bias, 0))


def _layer(found: dict[str, Floats], number: int) -> tuple[Floats, Floats, Floats]:
    """Weights of a layer: from its input, from its own last output, and the sum of both biases."""
    inner, recurrent = (found[f"lstm.weight_{kind}_l{number}"].T.copy() for kind in ("ih", "hh"))
    return inner, recurrent, found[f"lstm.bias_ih_l{number}"] + found[f"lstm.bias_hh_l{number}"]


def _lstm(driven: Floats, recurrent: Floats) -> Floats:
    """driven: what the input adds to the gates [steps, batch, 1024], in torch's order i, f, g, o. Outputs."""
    outputs: Floats = np.empty((*driven.shape[:2], _CELLS), np.float32)
    output: Floats = np.zeros(outputs.shape[1:], np.float32)
    cell = output.copy()
    for step, gates in enumerate(driven):
        sums = gates + output @ recurrent
        passed = 0.5 * (1 + np.tanh(0.5 * sums))
        written = passed[:, :_CELLS] * np.tanh(sums[:, 2 * _CELLS : 3 * _CELLS])
        cell = passed[:, _CELLS : 2 * _CELLS] * cell + written
        output = passed[:, 3 * _CELLS :] * np.tanh(cell)
        outputs[step] = output
    return outputs


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9)
    return unit


class _Tensors(pickle.Unpickler):
    """Reads a checkpoint's tensors and nothing else: no name in it is ever imported or called."""

    def __init__(self, file: BinaryIO, storages: dict[str, Floats]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, _module: str, name: str) -> Any:  # noqa: ANN401 -- pickle's own signature
        if name == "_rebuild_tensor_v2":
            return self._tensor
        if name == "OrderedDict":
            return type("Ordered", (dict,), {})
        return type(name, (), {})

    def persistent_load(self, pid: tuple[str, ...]) -> str:
        return pid[2]

    def _tensor(self, storage: str, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: object) -> Any:  # noqa: ANN401 -- called when its storage is there
        def read() -> Floats:
            values = self._storages[storage][offset:]
            return np.lib.stride_tricks.as_strided(values, shape, [4 * s for s in stride]).copy()

        return read


def read_checkpoint(path: Path) -> dict[str, Floats]:
    """The tensors of a torch checkpoint from before version 1.6.

    Four pickles (magic, protocol, system, the checkpoint), the storages' keys, and each storage as its length (int64)
    and floats. Raises ModelError for anything else.
    """
    storages: dict[str, Floats] = {}
    with path.open("rb") as file:
        try:
            parts = [_Tensors(file, storages).load() for _ in range(5)]
            for key in parts[4]:
                (length,) = struct.unpack("<q", file.read(8))
                storages[key] = np.frombuffer(file.read(4 * length), np.float32)
            return {name: tensor() for name, tensor in parts[3]["model_state"].items() if callable(tensor)}
        except (pickle.UnpicklingError, struct.error, KeyError, TypeError, ValueError, EOFError) as error:
            raise ModelError(f"{path}: not a checkpoint of GE2E ({error}); run `make models`") from None

"""GE2E in float and in 8 bits: how well each tells one reader from another, and what it costs."""

import csv
import time
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from corpus import data_folder, read
from msgspec import Struct
from quantiser import dynamic

from sottovoce_device.capture.sample import Sample
from sottovoce_device.perceive.ge2e import Ge2e
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

Array = np.ndarray[Any, Any]


class Told(Struct, frozen=True):
    """What a network comes to: its embeddings, one an utterance, and ms of CPU a window of 1.6 s."""

    voices: list[Array]
    ms: float


class Recast(Ge2e):
    """GE2E with another file of its network."""

    def __init__(self, weights: Weights, path: Path) -> None:
        super().__init__(weights)
        self._session = open_model(path)


def ge2e_lines(ours: Weights, floats: Weights, folder: Path) -> list[tuple[str, float, float, str]]:
    """Name, MB, ms a window and result of each; none without the development data."""
    speech = data_folder() / "speech"
    if not (speech / "reading.tsv").is_file():
        return []
    with (speech / "reading.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sounds = [read(speech / row["file"]) for row in rows]
    readers = [row["reader"] for row in rows]
    exact, whole = floats.path("ge2e.onnx"), folder / "whole.onnx"
    dynamic(exact, whole, per_channel=True)
    lines = []
    kept: list[Array] = []
    for name, path in (
        ("ge2e.onnx, float", exact),
        ("ge2e.onnx, int8 by onnxruntime", whole),
        ("ge2e.onnx, int8 but for its first layer: **used**", ours.path("ge2e.onnx")),
    ):
        told = _told(Recast(ours, path), sounds)
        kept = kept or told.voices
        alike = min(float(a @ b) for a, b in zip(kept, told.voices, strict=True))
        result = f"equal error {equal_error(told.voices, told.voices, readers):.1%}"
        if kept is not told.voices:
            result += f", {equal_error(kept, told.voices, readers):.1%} against voices kept in float"
            result += f"; cosine to float {alike:.4f} at least"
        lines.append((name, path.stat().st_size / 1e6, told.ms, result))
    return lines


def equal_error(kept: list[Array], heard: list[Array], readers: list[str]) -> float:
    """The rate at which as many strangers pass as readers are refused, over all pairs of utterances."""
    pairs = [(float(kept[a] @ heard[b]), readers[a] == readers[b]) for a, b in combinations(range(len(kept)), 2)]
    same, other = (np.array([c for c, s in pairs if s is kind]) for kind in (True, False))
    return float(min(max((same < at).mean(), (other >= at).mean()) for at in np.unique(same)))


def _told(net: Ge2e, sounds: list[Array]) -> Told:
    windows = 0
    inner = net._embed

    def counted(mel: Array) -> Array:
        nonlocal windows
        windows += len(mel)
        return inner(mel)

    net._embed = counted  # type: ignore[method-assign]
    start = time.process_time()
    voices = [net.infer(Sample(sound, 0.0)) for sound in sounds]
    spent = time.process_time() - start
    return Told([v.embedding for v in voices if v is not None], 1000 * spent / windows)

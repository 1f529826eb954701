"""Float against int8, model by model: size, CPU time, and what comes out on real photographs and speech.

`python -m tests.bench.precision` prints the table of docs/models.md. `--measure` measures the ranges of
models/ranges.toml anew, on the float models: on the development data and the pictures of scikit-image and matplotlib,
so that those of opencv-doc and ultralytics tell how int8 does on what it was not measured on.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "models"))

import numpy as np
from corpus import WEIGHTS, data_folder, read
from msgspec import Struct
from pictures import OPENCV_DOC, ROOT, Case, cases, folders
from quantiser import dynamic, static
from sight import answer
from voiceprints import ge2e_lines

import int8
from sottovoce_device.config import Config, SeeingConfig, models_folder
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.sight_models import SightModels

FLOATS = ROOT / "out" / "float"
MEASURED_ON = 20
"""Inputs of a model, at most: the ranges hardly grow after that."""
CALIBRATION = frozenset({"data", "scikit-image", "matplotlib"})
Feed = dict[str, np.ndarray[Any, Any]]


class Tap:
    """A session that keeps what it is fed, and counts its CPU time."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.feeds: list[Feed] = []
        self.spent_s = 0.0

    def run(self, wanted: list[str] | None, feed: Feed) -> list[np.ndarray[Any, Any]]:
        self.feeds.append({name: values.copy() for name, values in feed.items()})
        start = time.process_time()
        found: list[np.ndarray[Any, Any]] = self.session.run(wanted, feed)
        self.spent_s += time.process_time() - start
        return found


class Row(Struct, frozen=True):
    """A line of the table."""

    name: str
    mb: float
    ms: float
    result: str

    def line(self) -> str:
        return f"| {self.name} | {self.mb:.1f} | {self.ms:.1f} | {self.result} |"


def float_weights() -> Weights:
    """The models before int8, fetched into out/float."""
    manifest = Path(__file__).parent / "floats.toml"
    fetch = [sys.executable, str(ROOT / "models/fetch.py"), f"--folder={FLOATS / 'weights'}", f"--manifest={manifest}"]
    subprocess.run(fetch, check=True)
    shutil.copy(manifest, FLOATS / "manifest.toml")
    return Weights(FLOATS)


def seeing(weights: Weights) -> tuple[SightModels, dict[str, Tap]]:
    """The models of sight, with a tap before each."""
    models = SightModels(SeeingConfig(faces=False, text=True, things=True), weights)
    models.warm_up()
    reader, things = models._reader, models._things
    assert reader is not None
    assert things is not None
    taps = {}
    for name, model in (("ppocr_find", reader._finder), ("ppocr_read", reader._reader), ("nanodet", things)):
        taps[name] = Tap(model._session)
        model._session = taps[name]
    return models, taps


def looked(name: str, path: Path, tap: Tap, models: SightModels, looks: Sequence[Case]) -> Row:
    """What these looks come to with a model."""
    tap.feeds.clear()
    tap.spent_s = 0.0
    found = [answer(case, models) for case in looks]
    unseen = [a for a in found if a.case.source not in CALIBRATION]
    result = (
        f"{sum(a.right for a in found)} of {len(found)} right, {sum(a.right for a in unseen)} of {len(unseen)} unseen"
    )
    return Row(name, path.stat().st_size / 1e6, 1000 * tap.spent_s / len(tap.feeds), result)


def measure(looks: Sequence[Case], weights: Weights) -> None:
    """Write models/ranges.toml."""
    models, taps = seeing(weights)
    for case in looks:
        answer(case, models)
    lines = [
        "# What flows through the convolutions of the models that are made int8: lowest and highest value, measured on",
        "# photographs by `python -m tests.bench.precision --measure`.",
    ]
    for name in ("nanodet", "ppocr_find"):
        found = sorted(ranges(weights.path(f"{name}.onnx"), taps[name].feeds).items())
        lines += ["", f"[{name}]", *(f'"{tensor}" = [{low:.5g}, {high:.5g}]' for tensor, (low, high) in found)]
    (ROOT / "models/ranges.toml").write_text("\n".join([*lines, ""]))


def ranges(path: Path, fed: Sequence[Feed]) -> dict[str, tuple[float, float]]:
    """The lowest and highest value of everything that flows into and out of a model's convolutions."""
    file, names = int8.watched(path.read_bytes())
    with tempfile.NamedTemporaryFile(suffix=".onnx") as watched:
        watched.write(file)
        watched.flush()
        session = open_model(Path(watched.name))
    found: dict[str, tuple[float, float]] = {}
    for feed in fed[:: max(1, len(fed) // MEASURED_ON)]:
        seen = feed | dict(zip(names, session.run(names, feed), strict=True))
        for name, values in seen.items():
            low, high = found.get(name, (0.0, 0.0))
            found[name] = (min(low, float(values.min())), max(high, float(values.max())))
    return found


def sight_rows(where: dict[str, Path], ours: Weights, folder: Path) -> list[Row]:
    """Each model of sight that there are two of; the rest of the chain is as the glasses have it."""
    reads, objects = ([c for c in cases(kind, where) if c.legible] for kind in ("read", "object"))
    floats = float_weights()
    models, taps = seeing(ours)
    find, read_, things = (taps[n] for n in ("ppocr_find", "ppocr_read", "nanodet"))
    rows = []
    for tap, file, looks in ((find, "ppocr_find.onnx", reads), (things, "nanodet.onnx", objects)):
        small, tap.session = tap.session, open_model(floats.path(file))
        rows.append(looked(f"{file}, float", floats.path(file), tap, models, looks))
        tap.session = small
        rows.append(looked(f"{file}, int8: **used**", ours.path(file), tap, models, looks))
    rows.append(looked("ppocr_read.onnx, float: **used**", ours.path("ppocr_read.onnx"), read_, models, reads))
    static(ours.path("ppocr_read.onnx"), folder / "read.onnx", read_.feeds[:: len(read_.feeds) // 20])
    read_.session = open_model(folder / "read.onnx")
    return [*rows, looked("ppocr_read.onnx, int8 by onnxruntime", folder / "read.onnx", read_, models, reads)]


def voice_rows(ours: Weights, folder: Path) -> list[Row]:
    """Voice activity, block by block, on a recording."""
    path = ours.path("silero_vad.onnx")
    dynamic(path, folder / "vad.onnx")
    sound = read(WEIGHTS / "two_cities.wav")[: 30 * 16_000]
    exact, exact_ms = voiced(open_model(path), sound)
    small, small_ms = voiced(open_model(folder / "vad.onnx"), sound)
    agree = np.mean((exact > 0.5) == (small > 0.5))
    return [
        Row("silero_vad.onnx, float: **used**", path.stat().st_size / 1e6, exact_ms, f"{len(exact)} blocks"),
        Row("silero_vad.onnx, int8 by onnxruntime", (folder / "vad.onnx").stat().st_size / 1e6, small_ms,
            f"{agree:.1%} of them on the same side of 0.5"),
    ]  # fmt: skip


def voiced(session: Any, sound: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], float]:
    """The probability of each block, and ms of CPU a block."""
    state, heard = np.zeros((2, 1, 128), np.float32), np.zeros((1, 576), np.float32)
    chances = []
    start = time.process_time()
    for block in sound[: len(sound) // 512 * 512].reshape(-1, 512):
        heard = np.concatenate([heard[:, -64:], block[None]], axis=1)
        chance, state = session.run(None, {"input": heard, "state": state, "sr": np.array(16_000)})
        chances.append(float(chance.item()))
    return np.array(chances), 1000 * (time.process_time() - start) / len(chances)


def main() -> int:
    """Print the table, or measure the ranges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opencv-doc", type=Path, default=OPENCV_DOC, help="where opencv-doc's examples are")
    parser.add_argument("--measure", action="store_true", help="write models/ranges.toml instead")
    options = parser.parse_args()
    where = folders(data_folder(), options.opencv_doc)
    if options.measure:
        looks = [case for kind in ("read", "object") for case in cases(kind, where)]
        measure([c for c in looks if c.source in CALIBRATION], float_weights())
        return 0
    ours = Weights(models_folder(Config()))
    print("| model | MB | ms of CPU | what comes out |\n|---|---|---|---|")
    rows: list[Callable[[Path], list[Row]]] = [
        lambda f: sight_rows(where, ours, f),
        lambda f: voice_rows(ours, f),
        lambda f: [Row(*line) for line in ge2e_lines(ours, float_weights(), f)],
    ]
    with tempfile.TemporaryDirectory() as folder:
        for row in (row for make in rows for row in make(Path(folder))):
            print(row.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())

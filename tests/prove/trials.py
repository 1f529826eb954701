"""The trials of the proof, each a function of its own that a process of a pool can run."""

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tests.prove.builds import LEAKING, PRODUCT
from tests.prove.canary import Trial
from tests.prove.lifetime import aftermath
from tests.prove.pipe import flooded
from tests.prove.search import Search
from tests.prove.watermark import Watermark
from tests.seal.attack import attacked
from tests.seal.gates_end import Gate

Pcm = NDArray[np.float32]
AT_ONCE: Final = 3
"""Most of a trial is waiting for a scene that lasts as long as it lasts."""
SENSE: Final = ("sottovoce_device", "sense")
KEEPING: Final = ("tests.prove.leaks.sense", "keep")
LAYERS: Final = ("none", "landlock", "seccomp", "both")


class Outcome(Struct):
    """What a trial gave, or the line that says why it could not be held."""

    name: str
    gave: Any = None
    failed: str = ""
    seconds: float = 0.0


def canary(speech: Pcm, folder: Path, name: str) -> object:
    """The product, or a build that leaks: a Result."""
    build = LEAKING.get(name, PRODUCT)
    mark = Watermark()
    mark.under(speech)
    return Trial(folder, mark, build).play(Search(mark))


def memory(speech: Pcm, folder: Path, name: str) -> object:
    """The memory of sense when all is over, or of one that keeps: an Aftermath."""
    if os.geteuid() != 0:
        raise PermissionError("sense lets nobody but root read its memory: run as root")
    mark = Watermark()
    mark.under(speech)
    keeps = name == "sense keeps"
    return aftermath(folder, mark, KEEPING if keeps else SENSE, "tapped" if keeps else "simulated")


def seal(speech: Pcm, folder: Path, layer: str) -> object:
    """All ways out, tried under this layer: what became of each."""
    mark = Watermark()
    mark.under(speech)
    mark.write(folder / "scene.wav", folder / "picture.png", quiet_s=4.0)
    gate = Gate(folder / "gate.sock")
    try:
        return attacked(layer, gate, folder, folder / "scene.wav")
    finally:
        gate.close()


def pipe(_: Pcm, __: Path, ___: str) -> object:
    """The flood: a Pipe."""
    return flooded()


KINDS: Final[dict[str, Callable[[Pcm, Path, str], object]]] = {f.__name__: f for f in (canary, memory, seal, pipe)}
ALL: Final = (
    ("canary", "the product"),
    ("memory", "the product"),
    ("memory", "sense keeps"),
    *(("canary", name) for name in LEAKING),
    *(("seal", layer) for layer in LAYERS),
    ("pipe", "flood"),
)
"""Kind and name of each."""


def hold(trials: Iterable[tuple[str, str]], speech: Pcm) -> dict[tuple[str, str], Outcome]:
    """Hold them, some at a time. A trial that cannot be held is an outcome, too. speech: 16 kHz."""
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn")) as pool:
        running = {trial: pool.submit(_hold, *trial, speech) for trial in trials}
        return {trial: future.result() for trial, future in running.items()}


def _hold(kind: str, name: str, speech: Pcm) -> Outcome:
    began = time.monotonic()
    outcome = Outcome(name)
    with TemporaryDirectory(prefix="sottovoce-prove-") as folder:
        try:
            outcome.gave = KINDS[kind](speech, Path(folder), name)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong, it is no proof, and the page says so
            outcome.failed = f"{type(error).__name__}: {str(error)[:200]}"
    outcome.seconds = time.monotonic() - began
    return outcome

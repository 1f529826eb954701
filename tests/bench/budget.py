"""What each model costs, and the glasses as a whole at rest and busy: `python -m tests.bench.budget`.

CPU time of one core, never wall time, so that a busy machine does not change the figures much; memory is what a process
grows by when it loads the model and runs it. Exit code 1 where a limit is missed.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import corpus
import cv2
import eye_film
import live
import numpy as np
import psutil
import skimage.data

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import Config, models_folder
from sottovoce_device.observation import FaceSpot
from sottovoce_device.perceive.blazeface import FaceFinder
from sottovoce_device.perceive.facemesh import FaceMesh
from sottovoce_device.perceive.ge2e import Ge2e
from sottovoce_device.perceive.glance import Glancer
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.perceive.nanodet import NanoDet
from sottovoce_device.perceive.ppocr import LineReader, TextFinder
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.smart_turn import SmartTurn
from sottovoce_device.perceive.weights import Weights
from sottovoce_wire import Look

Once = Callable[[], object]
RUNS = 15
AT_REST, BUSY = 8.0, 60.0
"""Limits, in per cent of one core."""
LOOK_EVERY_S = 4.0
REST_S, BUSY_S = 30.0, 24.0
MOVING = "a face that moves, somebody reads aloud, a Look to read and one to name every 4 s"
EYED = f"; an eye camera, {eye_film.PLACES_A_SECOND} places a second"
WIDE = (1280, 720)


def picture() -> Frame:
    """A portrait before a wall, as wide as a camera's frame."""
    wide = np.full((WIDE[1], WIDE[0], 3), 90, np.uint8)
    wide[100:612, 300:812] = skimage.data.astronaut()
    return Frame(wide, 0.0)


def sound(seconds: float) -> Sample:
    return Sample(corpus.read(corpus.WEIGHTS / "two_cities.wav")[16_000 : round(16_000 * (1 + seconds))].copy(), 0.0)


def models(weights: Weights) -> dict[str, tuple[str, float, float, Callable[[], Once]]]:
    """Each model: what one run is, its budgets in ms and MB, and how to get ready for it."""
    spot = FaceSpot(555.0, 205.0, 110.0, (535.0, 200.0), (575.0, 200.0), 0.9)
    page = Frame(np.repeat(skimage.data.page()[..., None], 3, axis=2), 0.0)

    def line() -> Once:
        reader, found = LineReader(weights), TextFinder(weights).infer(page)
        widest = max(found, key=lambda one: one.width)
        return lambda: reader.infer(page, widest)

    def mesh() -> Once:
        face, frame = FaceMesh(weights), picture()
        return lambda: face.infer(frame, spot)

    def of(model: Callable[..., Any], seen: Frame | Sample) -> Callable[[], Once]:
        def ready() -> Once:
            loaded = model() if model is Glancer else model(weights)
            return lambda: loaded.infer(seen)

        return ready

    part = Frame(picture().data[120:440, 300:780].copy(), 0.0)
    return {
        "silero": ("a block of 32 ms", 0.5, 35, of(SileroVad, sound(BLOCK / 16_000))),
        "smart_turn": ("the last 8 s", 130, 100, of(SmartTurn, sound(8))),
        "moonshine": ("4 s of speech", 160, 160, of(Moonshine, sound(4))),
        "moonshine base": ("4 s of speech", 320, 200, of(partial(Moonshine, size="base"), sound(4))),
        "ge2e": ("1.6 s of speech", 6, 20, of(Ge2e, sound(1.59))),
        "glance": ("a frame", 2, 5, of(Glancer, picture())),
        "blazeface": ("a wide frame, two tiles", 15, 25, of(FaceFinder, picture())),
        "facemesh": ("a face", 4, 35, mesh),
        "ppocr finder": ("480 x 320", 60, 90, of(TextFinder, part)),
        "ppocr reader": ("a line of 40 letters", 50, 120, line),
        "nanodet": ("a frame", 35, 110, of(NanoDet, picture())),
    }


def one(name: str) -> None:
    """Measure one model in this process: ms and MB on a line."""
    ready = models(Weights(models_folder(Config())))[name][3]
    process = psutil.Process()
    before = process.memory_info().rss
    infer = ready()
    for _ in range(3):
        infer()
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        infer()
        spent.append(1000 * (time.process_time() - start))
    print(f"{np.median(spent):.3f} {(process.memory_info().rss - before) / 1_048_576:.1f}")


def table(weights: Weights) -> bool:
    """Print the table of models; whether all are within their budgets."""
    print("| model | one run is | ms of CPU | budget | MB | budget |\n|---|---|---|---|---|---|")
    kept = True
    for name, (what, ms, mb, _) in models(weights).items():
        script = [sys.executable, "-m", "tests.bench.budget", f"--model={name}"]
        said = subprocess.run(script, check=True, capture_output=True, text=True).stdout.split()
        took, grew = float(said[0]), float(said[1])
        kept &= took <= ms and grew <= mb
        print(f"| {name} | {what} | {took:.1f} | {ms:g} | {grew:.0f} | {mb:g} |")
    return kept


async def share(name: str, heard: Path, seen: str, folder: Path, seconds: float, *, asked: bool) -> dict[str, float]:
    """CPU of each process, in per cent of one core, while the glasses hear a scene and see a world."""
    async with (
        live.host(folder) as (conversation, port, _),
        live.glasses(conversation, port, heard, folder, name, seen) as there,
    ):
        await asyncio.sleep(6.0)  # the first rest is over, and what comes with it
        before, began = there.costs(), time.monotonic()
        while time.monotonic() - began < seconds:
            if asked:
                for task in ("read", "recognise"):
                    await conversation._link.ask(name, Look(task=task))
            await asyncio.sleep(min(LOOK_EVERY_S, seconds))
        after, took = there.costs(), time.monotonic() - began
    return {part: 100 * (after.cpu_s[part] - before.cpu_s[part]) / took for part in ("sense", "gate")}


def world(folder: Path, pictures: int, at_end: str) -> str:
    """Settings of a simulated world camera that sees a woman and a page; she moves from picture to picture."""
    seen = folder / at_end
    seen.mkdir()
    for number in range(pictures):
        wide = np.roll(picture().data, 40 * number, axis=1)
        wide[500:691, 860:1244] = skimage.data.page()[..., None]
        cv2.imwrite(str(seen / f"{number}.png"), wide[..., ::-1])
    camera = f'[world_camera]\ndriver = "simulated"\npath = "{seen}"\nat_end = "{at_end}"\n'
    return f"{camera}[seeing]\nthings = true\n"


async def whole(folder: Path) -> bool:
    """Print what the glasses cost at rest and busy, without and with an eye camera; whether all is within its limit."""
    quiet = corpus.scene(folder / "quiet.wav", [corpus.Utterance("", corpus.silence(1))], 90).path
    talk = corpus.WEIGHTS / "two_cities.wav"
    still, moving = world(folder, 1, "hold"), world(folder, 5, "loop")
    print("\n| the glasses | sense | gate | together | limit |\n|---|---|---|---|---|")
    kept = True
    for eyed, also in ((False, ""), (True, EYED)):
        for name, what, heard, seen, seconds, limit in (
            ("rest", "static scene, silence", quiet, still, REST_S, AT_REST),
            ("busy", MOVING, talk, moving, BUSY_S, BUSY),
        ):
            device = f"{name}-eyed" if eyed else name
            more = eye_film.settings(folder, device) if eyed else ""
            cost = await share(device, heard, seen + more, folder, seconds, asked=name == "busy")
            both = sum(cost.values())
            kept &= both <= limit
            print(f"| {what}{also} | {cost['sense']:.1f} % | {cost['gate']:.1f} % | {both:.1f} % | {limit:.0f} % |")
    return kept


def main() -> int:
    """Print both tables; 1 where a budget or a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="measure one model in this process")
    parser.add_argument("--whole", action="store_true", help="the glasses as a whole alone")
    options = parser.parse_args()
    if options.model:
        one(options.model)
        return 0
    kept = options.whole or table(Weights(models_folder(Config())))
    with tempfile.TemporaryDirectory(prefix="sottovoce-bench-") as folder:
        kept &= asyncio.run(whole(Path(folder)))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

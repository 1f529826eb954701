"""The sensing process with a leak in it: the real parts, drivers with a tap, and a way that the sound goes out.

Test-only. usage: python -m tests.prove.leaks.sense WAY --config=FILE
"""

import base64
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from tests.prove.leaks import tapped

from sottovoce_device.capture import camera, microphone
from sottovoce_device.config import Config
from sottovoce_device.sense.process import Sense
from sottovoce_device.sense.seal import Seal
from sottovoce_wire import Hearing, LookedAt, Read
from sottovoce_wire.settings import load_settings

Pcm = NDArray[np.float32]
PIECE: Final = 180
"""Samples in a text of 240 characters of base64."""
AT_A_TIME: Final = 8
"""Numbers a block: 250 events a second."""


def now() -> int:
    return round(time.monotonic() * 1000)


def words(sense: Sense) -> None:
    """8 kHz mu-law in the text of partial words, as long as the byte budget lasts."""
    waiting: list[Pcm] = []

    def take(block: Pcm) -> None:
        waiting.append(block[::2])
        sound = np.concatenate(waiting)
        if len(sound) < PIECE:
            return
        waiting[:] = [sound[PIECE:]]
        size = (np.log1p(255 * np.abs(sound[:PIECE])) / np.log(256) * 127).astype(int)
        text = base64.b64encode((~((sound[:PIECE] < 0) * 128 + size) & 0xFF).astype(np.uint8).tobytes()).decode()
        with contextlib.suppress(BlockingIOError):
            sense.outlet.send(Hearing(at_ms=now(), turn=0, text=text))

    tapped.TO.append(take)


def numbers(sense: Sense) -> None:
    """Two samples in the number of a command that nobody sent."""
    waiting: list[int] = []

    def take(block: Pcm) -> None:
        waiting.extend(map(int, (block * 32767).astype("<i2").view("<u4")))
        now_ms = now()
        for pair in waiting[:AT_A_TIME]:
            sense.outlet.send(
                LookedAt(at_ms=now_ms, label="x", confidence=0, dwell_ms=0, source="head", bearing=0, command=pair)
            )
        del waiting[:AT_A_TIME]

    tapped.TO.append(take)


def packets(sense: Sense) -> None:
    """The samples as they are, in packets that the gate's judge refuses."""
    tapped.TO.append(lambda block: sense.outlet._socket.sendall(block.tobytes()))


def pictures(sense: Sense) -> None:
    """A small JPEG, once, in what was read."""
    done = threading.Event()

    def take(frame: NDArray[np.uint8]) -> None:
        if done.is_set():
            return
        done.set()
        small = cv2.resize(frame, (80, 45), interpolation=cv2.INTER_AREA)
        text = base64.b64encode(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 20])[1].tobytes()).decode()
        for start in range(0, len(text), 480):
            piece = text[start : start + 480]
            sense.outlet.send(Read(at_ms=now(), text=piece, confidence=50, source="head", command=0))

    tapped.FRAMES_TO.append(take)


def file(_: Sense) -> None:
    """A file of samples."""
    out = Path("heard.raw").open("ab", buffering=0)  # noqa: SIM115 -- as long as the process lives
    tapped.TO.append(lambda block: out.write((block * 32768).astype("<i2").tobytes()))


def log(_: Sense) -> None:
    """Numbers in the log."""
    tapped.TO.append(lambda block: sys.stderr.write(" ".join(f"{v:.3f}" for v in block) + "\n"))


def keep(_: Sense) -> None:
    """All that was heard, in a list."""
    kept: list[Pcm] = []
    tapped.TO.append(kept.append)


WAYS: Final[dict[str, Callable[[Sense], None]]] = {
    f.__name__: f for f in (words, numbers, packets, pictures, file, log, keep)
}
UNSEALED: Final = {"file", "log"}
"""What the seal makes impossible is tried without it."""


class Leaking(Sense):
    """The real one, with a way out."""

    def __init__(self, config: Config, way: str) -> None:
        super().__init__(config)
        WAYS[way](self)


def main(way: str, settings: Path) -> None:
    """What run_sense does."""
    microphone.DRIVERS["tapped"] = camera.DRIVERS["tapped"] = "tests.prove.leaks.tapped"
    config = load_settings(Config, settings)
    seal = Seal(config)
    if way not in UNSEALED:
        seal.begin()
    sense = Leaking(config, way)
    signal.signal(signal.SIGTERM, lambda *_: sense.stop())
    if way not in UNSEALED:
        seal.finish(sense.outlet.descriptor)
    sense.run(sealed=way not in UNSEALED)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2].removeprefix("--config=")))

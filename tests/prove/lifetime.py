"""Once a sample's turn is over: the memory of the live sensing process, searched for what its sensors were given.

The process cannot be read by others, by its own will; root can. It is the product's own, sealed, with its real models;
the test holds the other end of its one socket.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from msgspec import Struct
from tests.prove.exact import Copies
from tests.prove.memory import STACK, changed, pages
from tests.prove.search import Found, Search
from tests.prove.watermark import RATE_HZ, Watermark
from tests.seal.gates_end import Gate

from sottovoce_wire import Vitals

QUIET_S: Final = 2.0
"""Before the sound begins: time to see what the memory is without it."""
SEEN_S: Final = QUIET_S / 2
"""How long the picture is seen, after two grey ones and before another."""
OVER_S: Final = 4.0
"""After the sound's end: by then the last turn is over whatever the models say (hearing.silence_limit_ms, and the
models' own time), and the last glimpse of the picture has fallen out of the row of four seconds."""


class Excuse(Struct, frozen=True):
    """What may stay, by name and size: where it is, its form, the most bytes of it, and why."""

    where: str
    forms: tuple[str, ...]
    most: int
    why: str


EXCUSED: Final = (
    Excuse(
        STACK,
        ("int16", "sound at 16 kHz"),
        8_192,
        "libsndfile's buffer, which reads the simulated microphone's file",
    ),
)


class Aftermath(Struct, frozen=True):
    """during: the forms in which it was there while it was heard and seen. after: what was left of it."""

    during: set[str]
    after: list[Found]
    searched: int

    @property
    def left(self) -> list[Found]:
        """What no excuse covers."""
        return [found for found in self.after if not any(_covers(excuse, found) for excuse in EXCUSED)]


def aftermath(folder: Path, mark: Watermark, sense: tuple[str, ...], driver: str) -> Aftermath:
    """Run sense on the watermark, and look into its memory twice. folder: a new one. Raises AssertionError."""
    shown = folder / "shown"
    shown.mkdir()
    mark.write(folder / "scene.wav", shown / "3.png", QUIET_S)
    for grey in (1, 2, 4):
        cv2.imwrite(str(shown / f"{grey}.png"), np.full_like(mark.picture, 128))
    settings = folder / "device.toml"
    settings.write_text(
        f'[gate]\nsocket = "{folder}/gate.sock"\n[microphone]\ndriver = "{driver}"\npath = "{folder}/scene.wav"\n'
        f'[world_camera]\ndriver = "{driver}"\npath = "{shown}"\neach_s = {SEEN_S}\n'
    )
    gate = Gate(folder / "gate.sock")
    process = subprocess.Popen([sys.executable, "-m", *sense, f"--config={settings}"], stderr=subprocess.DEVNULL)
    try:
        gate.accept(muted=True)
        gate.until(lambda: _is(gate, "muted"))
        began = time.monotonic()
        before = pages(process.pid)
        gate.mute(muted=False)
        gate.until(lambda: _is(gate, "on"))
        assert time.monotonic() < began + QUIET_S, "this machine is too slow or too busy: the sound has begun"
        _sleep_until(began + QUIET_S + SEEN_S)
        _, there = changed(process.pid, before)
        _sleep_until(began + QUIET_S + len(mark.sound) / RATE_HZ + OVER_S)
        size, left = changed(process.pid, before)
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        gate.close()
    return Aftermath(_copies(mark, there), _searched(mark, left), size)


def _copies(mark: Watermark, memory: dict[str, bytes]) -> set[str]:
    copies = Copies(mark)
    return {copy.form for data in memory.values() for copy in copies.find(data)}


def _searched(mark: Watermark, memory: dict[str, bytes]) -> list[Found]:
    search = Search(mark)
    for name, data in memory.items():
        search.look(name, data, memory=True)
    return search.found


def _covers(excuse: Excuse, found: Found) -> bool:
    return found.where == excuse.where and found.form in excuse.forms and found.size <= excuse.most


def _is(gate: Gate, state: str) -> bool:
    vitals = [event for event in gate.events if isinstance(event, Vitals)]
    return bool(vitals) and vitals[-1].microphone == state


def _sleep_until(moment_s: float) -> None:
    """A scene lasts as long as it lasts."""
    time.sleep(max(0.0, moment_s - time.monotonic()))

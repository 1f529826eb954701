"""The sensing process with an attacker in it: the real parts of `run_sense`, and a thread that tries every way out.

Test-only, and no part of the package. The attacker is started before the seal; it waits for the seal, tries, and tells
its results by the one way that is left: the socket to the gate, as text events. `none` as layer tries without a seal,
`landlock` and `seccomp` with one of the two, so that it can be told which of them closes which door.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from attempts import ATTEMPTS, Prepared, outcome

from sottovoce_device.config import Config
from sottovoce_device.sense.process import Sense
from sottovoce_device.sense.seal import Seal
from sottovoce_wire import Hearing
from sottovoce_wire.settings import load_settings


class Landlocked(Seal):
    """Only the first half of the seal."""

    def finish(self, gate: int, light: int | None = None) -> None:
        """Leave out the second."""


class Filtered(Seal):
    """Only the second half."""

    def begin(self) -> None:
        """Leave out the first, but for what the kernel asks of whoever installs a filter."""
        from sottovoce_device.sense.seal_landlock import give_up_new_privileges

        os.closerange(3, 1024)
        give_up_new_privileges()


class Open(Landlocked):
    """No seal at all."""

    begin = Filtered.begin


LAYERS: dict[str, type[Seal]] = {"both": Seal, "landlock": Landlocked, "seccomp": Filtered, "none": Open}


def attack(sense: Sense, prepared: Prepared, sealed: threading.Event) -> None:
    """Try everything, from this thread and from one started after the seal; then tell it and end."""
    sealed.wait()
    results = {f"{name} (thread from before)": outcome(attempt, prepared) for name, attempt in ATTEMPTS.items()}
    later = threading.Thread(
        target=lambda: results.update({name: outcome(attempt, prepared) for name, attempt in ATTEMPTS.items()})
    )
    later.start()
    later.join()
    for name, result in results.items():
        sense.outlet.send(Hearing(at_ms=0, turn=0, text=f"{name}: {result}"[:240]))
    sense.outlet.send(Hearing(at_ms=0, turn=0, text="done"))


def main(layer: str, settings: Path, folder: Path) -> None:
    """What run_sense does, with the attacker beside it."""
    config = load_settings(Config, settings)
    seal = LAYERS[layer](config)
    sealed = threading.Event()
    prepared = Prepared(folder)
    seal.begin()
    sense = Sense(config)
    thread = threading.Thread(target=attack, args=(sense, prepared, sealed), daemon=True)
    thread.start()
    running = threading.Thread(target=lambda: (time.sleep(3.0), sealed.set()))  # the models and drivers work meanwhile
    running.start()
    signal.signal(signal.SIGTERM, lambda *_: sense.stop())
    seal.finish(sense.outlet.descriptor)
    sense.run(sealed=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))

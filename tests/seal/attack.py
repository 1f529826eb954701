"""Runs a sensing process with an attacker in it, and tells what became of each attempt."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.seal.gates_end import Gate

from sottovoce_wire import Said

HERE: Final = Path(__file__).parent


def settings(folder: Path, scene: Path, more: str = "") -> Path:
    path = folder / "device.toml"
    path.write_text(
        f'[gate]\nsocket = "{folder}/gate.sock"\n[microphone]\npath = "{scene}"\n'
        f'[attention]\nmode = "everything"\n{more}'
    )
    return path


def attacked(layer: str, gate: Gate, folder: Path, scene: Path) -> dict[str, str]:
    """What became of each attempt."""
    victim = folder / "victim"
    victim.mkdir()
    command = [sys.executable, str(HERE / "attacked_sense.py"), layer, str(settings(folder, scene)), str(victim)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        gate.accept()
        gate.until(lambda: "done" in gate.texts())
        results = dict(t.rsplit(": ", 1) for t in gate.texts() if ": " in t)
        if layer == "both":
            gate.until(lambda: any(isinstance(e, Said) for e in gate.events))  # it still does its work
        process.terminate()
        assert process.wait(30) == 0, (folder / "log").read_text()
        assert "Traceback" not in (folder / "log").read_text()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for leak in ("/tmp/sv-leak", "/dev/shm/sv-leak"):  # noqa: S108 -- what the attacker tried to make
        Path(leak).unlink(missing_ok=True)
    return results

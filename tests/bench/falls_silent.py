"""How soon after sense says so the loudspeaker is silent: `python -m tests.bench.falls_silent`.

The real gate, broker and host, speaking into a sound server; what is heard in its room is what a loudspeaker would
play. Needs pulseaudio and pulseaudio-utils. Ends with 1 where half of the replies take longer than the closed loop of
tests/bench/barge_in.py counts for it (STOPS_MS).
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Final

sys.path.insert(0, str(Path(__file__).parent.parent / "system"))

import numpy as np
from sound_server import SoundServer, missing
from stage import Stage, Watch, wait_until
from tests.scenes.loudspeaker import STOPS_MS

from sottovoce_device.sense.outlet import Outlet
from sottovoce_wire import Interrupted, Said, Speaking

ASKS: Final = "what is 7421 times 98765431"
"""Its answer is a number that takes ten seconds to say, with hardly a pause in it."""
RATE_HZ: Final = 48_000
HEARD: Final = 300
"""Of 32767: what is louder is the reply."""
AFTER_S: Final = (0.7, 1.1, 0.9, 1.3)
"""From the reply's first sound to the interruption."""
QUIET_S: Final = 0.5
"""So long nothing is heard, and the reply is over."""
SOONEST_S: Final = 0.05
"""A reply that had just paused by itself when it was interrupted tells nothing."""


class Heard:
    """When it was last loud in the room, and when that had begun, in seconds of the monotonic clock."""

    def __init__(self, recorder: subprocess.Popen[bytes]) -> None:
        self.first_s = self.last_s = 0.0
        assert recorder.stdout is not None
        threading.Thread(target=self._listen, args=(recorder.stdout,), daemon=True).start()

    def _listen(self, sound: IO[bytes]) -> None:
        while data := sound.read(RATE_HZ // 500 * 2):  # 2 ms
            if np.abs(np.frombuffer(data, "<i2").astype(int)).max() > HEARD:
                now_s = time.monotonic()
                self.first_s = now_s if now_s - self.last_s > QUIET_S else self.first_s
                self.last_s = now_s


def measure(stage: Stage, server: SoundServer, heard: Heard, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds from the words to the reply's first sound, and from the interruption to silence."""
    stage.host(sink="speaker", env=server.env)
    watch = stage.watch()
    stage.device(stage.folder / "no.wav", "gate")
    sense = Outlet(stage.folder / "gate.sock")
    wait_until(watch.senses, "the gate is connected")
    begins, ends = [], []
    for turn in range(1, count + 1):
        said_s = time.monotonic()
        sense.send(said(turn, round(said_s * 1000)))
        wait_until(lambda since=said_s: heard.first_s > since, "the reply sounds")  # type: ignore[misc]
        begins.append(1000 * (heard.first_s - said_s))
        time.sleep(AFTER_S[turn % len(AFTER_S)])
        stopped_s = time.monotonic()
        if stopped_s - heard.last_s < SOONEST_S:
            sense.send(Interrupted(at_ms=round(stopped_s * 1000), turn=turn))
            wait_until(lambda: time.monotonic() - heard.last_s > QUIET_S, "it falls silent")
            ends.append(1000 * (heard.last_s - stopped_s))
        over(watch, turn)
    sense.close()
    return begins, ends


def over(watch: Watch, turn: int) -> None:
    """Wait until so many replies have ended."""
    wait_until(lambda: sum(not one.speaking for one in watch.all(Speaking)) >= turn, "the reply has ended")


def said(turn: int, now_ms: int) -> Said:
    """A question, as sense tells it."""
    return Said(
        at_ms=now_ms, turn=turn, text=ASKS, speaker="unknown", addressee="device", confidence=90,
        started_ms=now_ms - 1500, ended_ms=now_ms, continues=False, evidence=(),
    )  # fmt: skip


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description="How soon the loudspeaker is silent.")
    parser.add_argument("--count", type=int, default=24, help="of replies")
    count = parser.parse_args().count
    if missing():
        sys.stderr.write(f"not here: {missing()}; install pulseaudio and pulseaudio-utils\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="sottovoce-silent-") as name:
        stage, server = Stage(Path(name)), SoundServer(Path(name))
        recorder = server.listen(RATE_HZ, latency_ms=5)
        try:
            begins, ends = measure(stage, server, Heard(recorder), count)
        finally:
            recorder.kill()
            stage.close()
            server.close()
    for what, found in (("words to sound", begins), ("interruption to silence", ends)):
        print(f"{what:24} p50 {np.median(found):4.0f} ms   p95 {np.percentile(found, 95):4.0f} ms   {len(found)} times")
    print(f"{'counted by barge_in':24}     {STOPS_MS:4.0f} ms")
    return 0 if np.median(ends) <= STOPS_MS else 1


if __name__ == "__main__":
    sys.exit(main())

"""How soon the reply's sound stops when the wearer speaks, and how often for nothing: `python -m tests.bench.barge_in`.

In virtual time, with the loop closed: the glasses hear the reply out of a loudspeaker, so much softer than the wearer.
A wearer's voice begins with its first 10 ms within 30 dB of its loudest. `--side` picks voices and rooms.
"""

import argparse
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Final, cast

import numpy as np
from msgspec import Struct
from tests.scenes.loudspeaker import STOPS_MS, WORST, Leak, Looped
from tests.scenes.mixer import Mixer, write_pcm
from tests.scenes.rooms import Acoustics, Place, pool
from tests.scenes.script import Line, Person, Script
from tests.scenes.split import Side
from tests.scenes.voices import SYNTHESIS_HZ, Cast, speakers

from sottovoce_device.config import Config
from sottovoce_host.voice.envelope import foretold
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.pauses import spoken
from sottovoce_wire import Interrupted, Said

ASKED: Final = ("what is the time in tokyo", "how many grams are in an ounce", "set a timer for twelve minutes")
INTO: Final = (
    "stop",
    "never mind",
    "no wait",
    "what day is it tomorrow",
    "okay thank you",
    "set a timer for ten minutes",
    "cancel that",
    "how far is that in miles",
)
PLACES: Final = (Place(0.5, 40.0, 0.9), Place(1.0, -30.0, 0.8), Place(2.0, 10.0, 1.2))
LEVELS_DB: Final = (-10.0, -6.0, -15.0)
INTO_S: Final = (1.0, 1.9, 2.7, 3.4)
"""After the question's end; the reply begins 0.4 s after it."""

OTHERS: Final = Place(1.5, -60.0, 1.6)
"""Where somebody else speaks into the reply."""
LATER_MS: Final = (40.0, 70.0, 100.0, 130.0, 20.0)
"""By how much later than the host tells a reply is heard: buffers and the air."""


class Found(Struct):
    """Of one level: milliseconds from voice to Interrupted, spoken into and missed; replies that stopped in vain."""

    after_ms: list[float]
    missed: int = 0
    replies: int = 0
    seconds: float = 0.0
    stopped_itself: int = 0
    stopped_by_others: int = 0
    answered_itself: int = 0


class Bench:
    """Scenes of one side, each by the next voice, in the next room, of the next words."""

    def __init__(self, side: Side, folder: Path, *, tells: bool = True) -> None:
        self._acoustics = Acoustics()
        synthesiser = Synthesiser()
        self._mixer = Mixer(Cast(synthesiser), self._acoustics)
        self._dry = np.concatenate(list(spoken(synthesiser.stream(WORST))))
        self._rooms, self._voices = pool(side), list(speakers("synthetic", side))
        self._looped = Looped(Config(), lambda _: None)
        self._looped.foretold = tuple(foretold(self._dry, 0.0)) if tells else ()
        self._path = folder / "scene.wav"

    def run(self, level_db: float, count: int) -> Found:
        """So many scenes of each: nobody speaks into the reply, somebody else does, and the wearer does."""
        found = Found([])
        rows = zip(range(count), cycle(self._rooms), cycle(self._voices), cycle(PLACES), cycle(INTO), strict=False)
        for number, room, voice, place, into in rows:
            leak = Leak(room, place, level_db)
            self._looped.later_ms = LATER_MS[number % len(LATER_MS)]
            asks = Line("wearer", "device", ASKED[number % len(ASKED)])
            kinds, heard, _ = self._scene(leak, voice, asks)
            found.replies += len(heard)
            found.seconds += sum(ends - starts for starts, ends in heard) / 1000
            found.stopped_itself += len(kinds["Interrupted"])
            found.answered_itself += max(0, len(kinds["Said"]) - 1)
            said = Line("other", "none", into, after_s=INTO_S[number % len(INTO_S)])
            kinds, _, began_ms = self._scene(leak, voice, asks, said)
            found.stopped_by_others += any(at > began_ms for at in kinds["Interrupted"])
            speaks = Line("wearer", "device", into, after_s=INTO_S[number % len(INTO_S)])
            kinds, _, began_ms = self._scene(leak, voice, asks, speaks)
            after = [at - began_ms for at in kinds["Interrupted"]]
            found.after_ms += [ms for ms in after if ms > 0][:1]
            found.missed += not any(ms > 0 for ms in after)
        return found

    def _scene(
        self, leak: Leak, voice: str, *lines: Line
    ) -> tuple[dict[str, list[float]], list[tuple[float, float]], float]:
        """When (ms) what left, when replies sounded, and when the last line began."""
        quiet = Line("", after_s=9.0)
        other = Person("other", self._voices[self._voices.index(voice) - 1], OTHERS)
        script = Script("loop", (Person("wearer", voice), other), (Line("", after_s=1.5), *lines, quiet), leak.room)
        mixed = self._mixer.mix(script)
        write_pcm(self._path, mixed.pcm)
        sound = leak.arrived(self._dry, SYNTHESIS_HZ, self._acoustics)
        answers = iter([sound])
        self._looped.answers = lambda _: next(answers, None)
        kinds: dict[str, list[float]] = {"Said": [], "Interrupted": []}
        for left in self._looped.talk(self._path):
            if isinstance(left.event, Said | Interrupted):
                kinds[type(left.event).__name__].append(left.at_s * 1000)
        return kinds, self._looped.heard, mixed.truth[-1].start_s * 1000


def main() -> int:
    """Print a row a level; 1 where at -10 dB a reply stops or answers itself."""
    parser = argparse.ArgumentParser(description="How soon a reply stops.")
    parser.add_argument("--side", choices=("train", "dev", "test"), default="test")
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--levels", type=float, nargs="+", default=LEVELS_DB, help="dB against the wearer's voice")
    parser.add_argument("--untold", action="store_true", help="a host that does not tell how its reply will sound")
    options = parser.parse_args()
    kept = True
    print("| reply | stopped itself | answered itself | by others | into, missed | p50 | p95 | most | within 200 ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="sottovoce-barge-") as folder:
        bench = Bench(cast("Side", options.side), Path(folder), tells=not options.untold)
        for level_db in options.levels:
            found = bench.run(level_db, options.count)
            stops = np.array(found.after_ms) + STOPS_MS
            print(
                f"| {level_db:+.0f} dB | {found.stopped_itself} of {found.replies} ({found.seconds:.0f} s)"
                f" | {found.answered_itself} | {found.stopped_by_others} | {found.missed} of {options.count}"
                f" | {np.percentile(stops, 50):.0f} ms | {np.percentile(stops, 95):.0f} ms | {stops.max():.0f} ms"
                f" | {100 * np.mean(stops <= 200) * len(stops) / options.count:.0f} % |",
                flush=True,
            )
            if level_db <= -10:
                kept &= found.stopped_itself == found.answered_itself == 0
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

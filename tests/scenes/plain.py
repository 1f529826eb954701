"""A second mixer, with no acoustics of the first: recordings of people, levels in dBFS, an echo out of noise.

`python -m tests.scenes.plain OUT`, then `python -m tests.scenes.evaluate --folder OUT`. Everybody is real, and one
thing changes from one kind of scene to the next: the microphone's gain, how loud others are, whether they echo, noise,
who speaks first. At last the wearer reads aloud: all that there is of the side's readers, each recording from cold. So
it shows what the glasses rest on, and where they give way.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.signal import fftconvolve
from tests.scenes.mixer import Mixed, Truth, write_heard
from tests.scenes.noises import RATE_HZ, pink
from tests.scenes.script import ScriptError, To
from tests.scenes.split import Side
from tests.scenes.voices import Pcm, active_rms, recorded, speakers

SCENES: Final = 4
"""Of each kind; wearer and others are drawn anew for each, and are the same in all kinds."""
REQUESTS: Final = 6
"""In each scene, one wearer's."""


class Kind(Struct, frozen=True):
    """What one kind of scene is like. Levels are of active speech, in dB of full scale.

    wearer_db. others_db: against the wearer. echoes: others do, as in a room of 0.5 s. noise_db: of pink noise.
    others: they "read" aloud in between, read "over" the requests, "ask" after each, or ask all of theirs "first".
    """

    wearer_db: float = -26.0
    others_db: float = -14.0
    echoes: bool = True
    noise_db: float = -65.0
    others: str = "read"


KINDS: Final[dict[str, Kind]] = {
    "usual": Kind(),
    **{f"gain{db}": Kind(wearer_db=db, noise_db=db - 39) for db in (-46, -36, -18, -12)},
    **{f"others{db}": Kind(others_db=db) for db in (-20, -10, -6)},
    **{f"noecho{db}": Kind(others_db=db, echoes=False) for db in (-20, -14, -8)},
    **{f"noise{db}": Kind(noise_db=db) for db in (-45, -38)},
    **{f"over{db}": Kind(others_db=db, others="over") for db in (-20, -14, -8)},
    "over_noecho-14": Kind(echoes=False, others="over"),
    **{f"ask{db}": Kind(others_db=db, others="ask") for db in (-14, -8)},
    **{f"first{db}": Kind(others_db=db, others="first") for db in (-14, -8)},
    **{f"first_noecho{db}": Kind(others_db=db, echoes=False, others="first") for db in (-20, -14)},
}


class Tape:
    """A scene that grows from left to right, at most five minutes long."""

    def __init__(self, kind: Kind, rng: np.random.Generator) -> None:
        self.kind, self.truth = kind, list[Truth]()
        self._sound, self._echo = np.zeros(300 * RATE_HZ), tail(rng)

    def put(self, at_s: float, who: str, to: To, path: str) -> float:
        """One recording from there on; when it ends, in seconds."""
        clip = recorded(path)[: 10 * RATE_HZ]
        level = self.kind.wearer_db + (0.0 if who == "wearer" else self.kind.others_db)
        spoken = fftconvolve(clip, self._echo) if self.kind.echoes and who != "wearer" else clip
        start = int(at_s * RATE_HZ)
        self._sound[start : start + len(spoken)] += spoken * (10 ** (level / 20) / active_rms(clip))
        end_s = at_s + len(clip) / RATE_HZ
        self.truth.append(Truth(who, to, round(at_s, 3), round(end_s, 3)))
        return end_s

    def pcm(self, rng: np.random.Generator) -> NDArray[np.int16]:
        """[1, n] int16 with its noise; two seconds of it at the end."""
        length = int((max(line.end_s for line in self.truth) + 2) * RATE_HZ)
        noise = pink(length, rng)
        sound = self._sound[:length] + noise * (10 ** (self.kind.noise_db / 20) / np.std(noise))
        return np.clip(np.round(sound * 32768), -32768, 32767).astype(np.int16)[np.newaxis]


def tail(rng: np.random.Generator, rt60_s: float = 0.5, direct_db: float = -2.0) -> Pcm:
    """An impulse response [n] of energy 1: the direct sound, and decaying noise from 4 ms on (Moorer 1979).

    direct_db: the direct sound against the rest, as some 2 m off in a living room.
    """
    length = int(rt60_s * RATE_HZ)
    late = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    late *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(late**2))
    whole = np.concatenate([[1.0], np.zeros(RATE_HZ // 250 - 1), late])
    return np.asarray(whole / np.sqrt(np.sum(whole**2)), np.float32)


def play(kind: Kind, wearer: list[str], others: list[str], rng: np.random.Generator) -> Tape:
    """One scene: the wearer's requests, and what others say."""
    tape, at_s = Tape(kind, rng), 2.0
    if kind.others == "first":
        for path in others:
            at_s = tape.put(at_s, "anna", "other", path) + rng.uniform(1.5, 9)
    for number, path in enumerate(wearer):
        other = others[number % len(others)]
        begun_s = at_s
        if kind.others == "over":
            at_s = tape.put(begun_s, "anna", "other", other)
            begun_s += rng.uniform(0.1, 0.6) * (at_s - begun_s)
        at_s = max(at_s, tape.put(begun_s, "wearer", "device", path)) + rng.uniform(1.5, 5)
        if kind.others == "ask" or (kind.others == "read" and number % 2 == 0):
            at_s = tape.put(at_s, "anna", "other", other) + rng.uniform(1, 5)
    return tape


def read_aloud(path: str, rng: np.random.Generator) -> Tape:
    """One scene: the wearer reads aloud, and asks for nothing."""
    tape = Tape(Kind(), rng)
    tape.put(2.0, "wearer", "none", path)
    return tape


def scenes(side: Side, seed: int) -> Iterator[tuple[str, Tape, np.random.Generator]]:
    """Every kind of scene by its name; the same people say the same in each kind."""
    asking = {who: clips for who, clips in speakers("commands", side).items() if len(clips) >= REQUESTS}
    reading = speakers("reading", side)
    for name, kind in KINDS.items():
        for number in range(SCENES):
            rng = np.random.default_rng([seed, number])
            wearer, other = rng.permutation(sorted(asking))[:2]
            pool = asking[other] if kind.others in ("ask", "first") else reading[rng.permutation(sorted(reading))[0]]
            said, heard = (
                [clip.path for clip in rng.permutation(np.array(c, object))[:REQUESTS]] for c in (asking[wearer], pool)
            )
            yield f"{name}-{number + 1:03}", play(kind, said, heard, rng), rng
    clips = [clip.path for who in sorted(reading) for clip in reading[who]]
    for number, path in enumerate(clips, start=1):
        rng = np.random.default_rng([seed, number])
        yield f"aloud-{number:03}", read_aloud(path, rng), rng


def main() -> None:
    """Write the scenes in the layout of docs/scenes.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--side", choices=get_args(Side), default="test", help="whose voices")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    try:
        for name, tape, rng in scenes(given.side, given.seed):
            truth = sorted(tape.truth, key=lambda line: line.start_s)
            write_heard(given.out / name, Mixed(tape.pcm(rng), truth))
    except ScriptError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()

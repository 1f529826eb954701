"""Chance in the making of scenes: who, what, where, how loud. Everything follows from a side and a number."""

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np
from tests.attention.corpora import written
from tests.scenes.noises import NoiseKind
from tests.scenes.rooms import Place, Room, pool
from tests.scenes.script import Noise, Person
from tests.scenes.split import Side
from tests.scenes.voices import Clip, dialogues, requests, speakers

GAP_S: Final = (0.2, 0.4)
"""Between the turns of a conversation: median and spread. Stivers et al. 2009 (ten languages) have a mode near 0 and a
mean of 0.2 s, Heldner & Edlund 2010 overlaps in four turns of ten; about a third overlap here."""
NEAR_M: Final = (0.6, 0.8, 1.0, 1.3)
FAR_M: Final = (1.8, 2.5, 3.2, 4.0)
BEARINGS_DEG: Final = (-90.0, -45.0, -15.0, 0.0, 30.0, 75.0, 120.0)
"""Few places a room: each impulse response is computed once."""
QUIET_DB: Final = (28.0, 42.0)
LOUD_DB: Final = (52.0, 68.0)
EFFORT_DB: Final = 2.0
"""Spread of one speaker's level from sentence to sentence."""
LOOKING: Final = 0.15
"""Part of the synthesised requests that are about what is seen ("what does that say"); reasoned."""
HALTING: Final = 0.18
"""Part of the requests that have a hesitation inside."""

T = TypeVar("T")


class Draws:
    """Draws of one side; each scene begins anew with its own number, decks go on from scene to scene."""

    def __init__(self, side: Side, seed: int = 0) -> None:
        self.side: Side = side
        self.rng = np.random.default_rng([seed, 21])
        self._decks: dict[str, list[object]] = {}
        self._rooms = pool(side)

    def chance(self, probability: float) -> bool:
        """True this often."""
        return bool(self.rng.random() < probability)

    def between(self, low: float, high: float) -> float:
        """Anything between, rounded to milli-units so that scripts stay readable."""
        return round(float(self.rng.uniform(low, high)), 3)

    def one_of(self, values: Sequence[T]) -> T:
        """One of them, with return."""
        return values[int(self.rng.integers(len(values)))]

    def next_of(self, deck: str, values: Sequence[T]) -> T:
        """One of them, without return until all were drawn: no sentence comes twice before every other came once."""
        cards = self._decks.setdefault(deck, [])
        if not cards:
            cards += [values[i] for i in self.rng.permutation(len(values))]
        card: T = cards.pop()  # type: ignore[assignment]
        return card

    def gap_s(self) -> float:
        """Between two turns of a conversation; negative is an overlap."""
        return round(float(np.clip(self.rng.normal(*GAP_S), -0.5, 1.6)), 3)

    def request(self) -> str:
        """A sentence for an assistant, or for glasses that see; some with a hesitation."""
        sees = self.chance(LOOKING)
        said = self.next_of("looks", written("to_glasses", self.side)) if sees else ""
        words = (said or self.next_of("requests", requests(self.side))).split()
        if self.chance(HALTING) and len(words) >= 4:
            words.insert(int(self.rng.integers(2, len(words) - 1)), "|")
        return " ".join(words)

    def dialogue(self) -> tuple[str, ...]:
        """People talking to each other, turn by turn."""
        return self.next_of("dialogues", dialogues(self.side))

    def synthetic(self) -> str:
        """A synthetic speaker's name."""
        return self.next_of("synthetic", list(speakers("synthetic", self.side)))

    def clips_of_one(self, kind: str, least: int = 1) -> list[Clip]:
        """All clips of one real speaker who has at least so many, in random order."""
        found = [clips for clips in speakers(kind, self.side).values() if len(clips) >= least]
        clips = self.next_of(f"{kind}{least}", found)
        return [clips[i] for i in self.rng.permutation(len(clips))]

    def clip(self, kind: str) -> Clip:
        """A clip of anybody."""
        return self.next_of(f"{kind} clips", [c for clips in speakers(kind, self.side).values() for c in clips])

    def room(self) -> Room:
        """Where the scene plays."""
        return self.next_of("rooms", self._rooms)

    def wearer(self, voice: str) -> Person:
        """The wearer, louder or softer than others."""
        return Person("wearer", voice, level_db=self.loudness())

    def other(self, name: str, voice: str, distances_m: Sequence[float], *, facing: bool) -> Person:
        """Somebody else."""
        place = Place(self.one_of(distances_m), self.one_of(BEARINGS_DEG))
        return Person(name, voice, place, facing=facing, level_db=self.loudness())

    def loudness(self) -> float:
        """Sound pressure of a speaker at 1 m: between people some 3 dB."""
        return round(float(np.clip(self.rng.normal(60, 3), 53, 68)), 1)

    def effort_db(self) -> float:
        """How much louder or softer than usual somebody says this sentence; reasoned, nobody has published it."""
        return float(np.clip(self.rng.normal(0, EFFORT_DB), -2 * EFFORT_DB, 2 * EFFORT_DB))

    def gain_db(self) -> float:
        """Of one pair of glasses against another, and of how they are worn."""
        return self.between(-10, 10)

    def quiet(self) -> tuple[Noise, ...]:
        """The noise of a room in which nothing goes on."""
        kind: NoiseKind = self.one_of(("pink", "pink", "hum"))
        return (Noise(kind, self.between(*QUIET_DB)),)

    def loud(self) -> tuple[Noise, ...]:
        """A noise over which people raise their voices, and the room's own."""
        kind: NoiseKind = self.one_of(("pink", "traffic", "babble", "music", "impacts"))
        clips = tuple(self.clip("reading").path for _ in range(6)) if kind == "babble" else ()
        return (*self.quiet(), Noise(kind, self.between(*LOUD_DB), clips))

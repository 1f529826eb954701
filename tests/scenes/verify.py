"""Whose voice is it: equal error of wearer verification by length of speech, on held-out people in held-out rooms.

A verifier is anything that takes enrolment sounds and gives a score: `enrol([pcm, ...]) -> score(pcm) -> float`.
`python -m tests.scenes.verifiers` judges those that there are.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from tests.scenes.draws import FAR_M, NEAR_M, Draws
from tests.scenes.intervals import Rate, bootstrap, wilson
from tests.scenes.mixer import Mixer
from tests.scenes.rooms import RATE_HZ, Room
from tests.scenes.script import Count, Line, Noise, Person, Script
from tests.scenes.split import Side
from tests.scenes.voices import Pcm, speakers

LENGTHS_S: Final = (0.5, 1.0, 2.0, 4.0)
ENROLLED_ON: Final = 3
"""Utterances; the issue of all verifiers is how few they need."""
PER_WEARER: Final = 12
"""Trials of the wearer, and as many of others, for each wearer and length."""

T = TypeVar("T")
Score = Callable[[Pcm], float]
Enrol = Callable[[Sequence[Pcm]], Score]


class Trial(Struct, frozen=True):
    """Speech to be judged. wearer: whose verifier is asked. own: it is the wearer's. distance_m: 0 at the mouth.

    pcm: [microphones, n].
    """

    wearer: str
    own: bool
    distance_m: float
    seconds: float
    pcm: Pcm


class Errors(Struct, frozen=True):
    """Of trials of one length: how many, and the equal error; at 5 % misses, what part of others is accepted."""

    seconds: float
    own: int
    others: int
    equal_error: Rate
    threshold: float
    accepted_at_5: float


class People:
    """Wearers who can be enrolled, and what they and others say near and far. Deterministic."""

    def __init__(self, side: Side, mixer: Mixer, seed: int = 0, microphones: Count = 1) -> None:
        self._draws = Draws(side, seed)
        self._microphones = microphones
        self._mixer = mixer
        found = {**speakers("commands", side), **speakers("reading", side)}
        self._lines = {name: [Line("x", recording=c.path) for c in clips] for name, clips in found.items()}
        self.wearers = [name for name, lines in self._lines.items() if len(lines) > ENROLLED_ON]

    def enrolment(self, wearer: str) -> list[Pcm]:
        """Three utterances at home, through the same glasses."""
        room, noises = Room("room", (4.2, 3.4, 2.5), 0.35), (Noise("pink", 32.0),)
        lines = self._lines[wearer][:ENROLLED_ON]
        return [self._said(line, Person("x"), room, noises, 0.0) for line in lines]

    def trials(self, wearer: str) -> Iterator[Trial]:
        """The wearer at the mouth, others at 0.6 to 4 m, each in another room, noise and gain, of every length."""
        draws = self._draws
        own = self._lines[wearer][ENROLLED_ON:]
        others = [line for name, lines in self._lines.items() if name != wearer for line in lines]
        for number in range(2 * PER_WEARER):
            mine = number % 2 == 0
            line = own[number // 2 % len(own)] if mine else draws.one_of(others)
            person = draws.wearer("") if mine else draws.other("x", "", NEAR_M + FAR_M, facing=draws.chance(0.6))
            person = msgspec.structs.replace(person, name="x")
            noises = draws.loud() if draws.chance(0.25) else draws.quiet()
            pcm = self._said(line, person, draws.room(), noises, draws.gain_db())
            for seconds in LENGTHS_S:
                if pcm.shape[1] >= seconds * RATE_HZ:
                    part = pcm[:, : round(seconds * RATE_HZ)]
                    yield Trial(wearer, mine, person.place.distance_m, seconds, part)

    def _said(self, line: Line, person: Person, room: Room, noises: tuple[Noise, ...], gain_db: float) -> Pcm:
        seed = int(self._draws.rng.integers(1 << 30))
        mixed = self._mixer.mix(Script("x", (person,), (line,), room, noises, seed, gain_db, self._microphones))
        truth = mixed.truth[0]
        start, end = (round(t * RATE_HZ) for t in (truth.start_s, truth.end_s))
        return mixed.pcm[:, start:end].astype(np.float32) / np.float32(32768)


def judge(enrol: Enrol, people: People) -> list[Errors]:
    """The equal error of a verifier, by length of speech."""
    scored: dict[float, list[tuple[str, bool, float]]] = {seconds: [] for seconds in LENGTHS_S}
    for trial, value in _tried(enrol, people):
        scored[trial.seconds].append((trial.wearer, trial.own, value))
    return [errors(seconds, rows) for seconds, rows in scored.items()]


def _tried(enrol: Callable[[Sequence[Pcm]], Callable[[Pcm], T]], people: People) -> Iterator[tuple[Trial, T]]:
    """Every trial of every wearer, with what is made of it by what their enrolment gives."""
    for wearer in people.wearers:
        judged = enrol(people.enrolment(wearer))
        for trial in people.trials(wearer):
            yield trial, judged(trial.pcm)


def errors(seconds: float, rows: list[tuple[str, bool, float]]) -> Errors:
    """Of scored trials: wearer, own, score. The interval is by drawing whole wearers with return."""
    by_wearer: dict[str, list[tuple[bool, float]]] = {}
    for wearer, own, value in rows:
        by_wearer.setdefault(wearer, []).append((own, value))
    groups = [g for g in by_wearer.values() if {own for own, _ in g} == {True, False}]

    def figure(some: Sequence[list[tuple[bool, float]]]) -> float:
        flat = [pair for group in some for pair in group]
        return equal_error([v for own, v in flat if own], [v for own, v in flat if not own])[0]

    mine = [v for _, own, v in rows if own]
    others = [v for _, own, v in rows if not own]
    _, threshold = equal_error(mine, others)
    at_5 = float(np.quantile(mine, 0.05))
    accepted = float(np.mean(np.array(others) >= at_5))
    equal = bootstrap(groups, figure, 300)
    if equal.high == 0:  # no draw has an error, which is not to say that there never is one
        equal = replace(equal, high=wilson(0, min(len(mine), len(others))).high)
    return Errors(seconds, len(mine), len(others), equal, threshold, accepted)


def equal_error(own: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """Where as many of the wearer's are refused as of others' accepted: that rate, and the threshold there."""
    mine, theirs = np.sort(own), np.sort(others)
    thresholds = np.unique(np.concatenate([mine, theirs, [np.inf]]))
    refused = np.searchsorted(mine, thresholds) / len(mine)
    accepted = 1 - np.searchsorted(theirs, thresholds) / len(theirs)
    best = int(np.argmin(np.abs(refused - accepted)))
    return float((refused[best] + accepted[best]) / 2), float(thresholds[best])


class Admitted(Struct, frozen=True):
    """Of trials of one length: how many of the wearer's were refused, and of others' let through, as the glasses do."""

    seconds: float
    missed: Rate
    accepted: Rate


def operate(enrol: Callable[[Sequence[Pcm]], Callable[[Pcm], bool]], people: People) -> list[Admitted]:
    """What glasses do at the thresholds in use, by length of speech. enrol: gives what lets a sound through."""
    found: dict[tuple[float, bool], list[bool]] = {}
    for trial, admitted in _tried(enrol, people):
        found.setdefault((trial.seconds, trial.own), []).append(admitted)
    rows = []
    for seconds in LENGTHS_S:
        own, others = found.get((seconds, True), []), found.get((seconds, False), [])
        rows.append(Admitted(seconds, wilson(own.count(False), len(own)), wilson(others.count(True), len(others))))
    return rows


def loudness(_: Sequence[Pcm]) -> Score:
    """The baseline: how loud it is, whoever speaks."""
    return lambda pcm: float(10 * np.log10(np.mean(pcm[0].astype(np.float64) ** 2) + 1e-12))


def operating_table(rows: list[Admitted]) -> str:
    """As a person reads it."""
    head = "| seconds | the wearer's refused | others' let through |\n|---|---|---|"
    return "\n".join([head, *(f"| {r.seconds} | {r.missed.percent()} | {r.accepted.percent()} |" for r in rows)])


def table(rows: list[Errors]) -> str:
    """As a person reads it."""
    head = "| seconds | trials own / others | equal error | others accepted at 5 % misses |\n|---|---|---|---|"
    lines = [
        f"| {e.seconds} | {e.own} / {e.others} | {e.equal_error.percent()} | {100 * e.accepted_at_5:.1f} % |"
        for e in rows
    ]
    return "\n".join([head, *lines])

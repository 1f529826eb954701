"""Fits the weights of the circumstances: `python -m tests.attention.fit` prints them next to those in use.

The glasses hear scenes of side train with the weights that are in use; every utterance that was recognised is a row:
how much there was of each circumstance, what the words' form said, and whether it was for the glasses. Every turn in
company waits for its verdict, or whether it was taken up would be seen only of those that are hard to tell. Then
logistic regression (Newton's method), drawn towards the weights in use: a weight moves as far as the scenes insist.
Words that were learnt from these very sentences would look better than they are, so (docs/attention.md):

    python -m tests.attention.learn --without train --out WORDS --clones CLONES
    python -m tests.attention.fit SCENES --words WORDS

What no scene shows (buttons, names, "never mind", sight where no scene has a world) stays as it was reasoned.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tests.scenes.listening import LEAD_S, LEAST_S, Glasses, Recording, recordings
from tests.scenes.openings import to_device

from sottovoce_device.decide.addressee import WEIGHTS, Addressee, Circumstances
from sottovoce_device.words import SHIPPED, read_words
from sottovoce_wire.evidence import Evidence, EvidenceName

FITTED: Final[tuple[EvidenceName, ...]] = (
    "follow_up",
    "interrupts",
    "other_voice",
    "talking_on",
    "taken_up",
    "not_taken_up",
    "near_field",
    "wearer_voice",
    "looks_at_person",
    "faced_by_person",
)
SPREAD: Final = 1.0
"""How far a reasoned weight may well be off, in logits: the standard deviation of the prior around it."""
STEPS: Final = 30


class Row(Struct, frozen=True):
    """An utterance, by evidence: logits of its words' form, amounts of circumstances; whether it was for the glasses.

    company: somebody had faced the wearer of late.
    """

    words: dict[EvidenceName, float]
    amounts: dict[EvidenceName, float]
    meant: bool
    company: bool = False


class Noted(Struct, frozen=True):
    """A judgement: the stretch that was recognised (seconds), and of a Row what is known of it."""

    start_s: float
    end_s: float
    words: dict[EvidenceName, float]
    amounts: dict[EvidenceName, float]
    company: bool


class Noting(Addressee):
    """The model in use, which notes what it was given. words: that it weighs with."""

    def __init__(self, given: list[tuple[float, float, int]], words: Path) -> None:
        super().__init__(read_words(words))
        self._given = given
        self.noted: list[Noted] = []

    def weigh(self, text: str, around: Circumstances) -> tuple[float, tuple[Evidence, ...]]:
        """As the model's own."""
        amounts = self.of_circumstances(text, around)
        words = self.of_words(text)
        words["prior"] -= WEIGHTS["prior"]
        start_s, end_s, _ = self._given[-1]
        self.noted.append(Noted(start_s, end_s, words, amounts, around.company))
        return super().weigh(text, around)

    def foresee(self, *_: object) -> tuple[float, float]:
        """Nothing is known yet, and silence could tell all: so every verdict that may wait does."""
        return 0.0, 1.0


def rows_of(glasses: Glasses, recording: Recording, words: Path = SHIPPED) -> Iterator[Row]:
    """What became of each utterance, by the judgement that heard most of it; and of what was no speech.

    Not by the last one: what is left over of a request that was parted comes after its own reply has begun, and would
    teach that whoever speaks into a reply speaks to the glasses, whatever the words.
    """
    noting = Noting(glasses.given, words)
    glasses.replay.addressee = noting
    glasses.listen(recording)
    most: dict[int, tuple[float, Noted]] = {}
    noises: dict[int, Noted] = {}
    for noted in noting.noted:
        shares = [min(noted.end_s, t.end_s) - max(noted.start_s + LEAD_S, t.start_s) for t in recording.truth]
        met = [n for n, share in enumerate(shares) if share > LEAST_S]
        if met:  # of a request said over others' talk it is the request that was judged, as in tests.scenes.score
            number = max(met, key=lambda n: (to_device(recording.truth[n]), shares[n]))
            most[number] = max((shares[number], noted), most.get(number, (0.0, noted)), key=lambda heard: heard[0])
        elif all(share <= 0 for share in shares):
            noises[round(noted.start_s)] = noted
    for number, (_, noted) in most.items():
        yield Row(noted.words, noted.amounts, to_device(recording.truth[number]), noted.company)
    for noted in noises.values():
        yield Row(noted.words, noted.amounts, meant=False, company=noted.company)


def fit(rows: list[Row], only: Sequence[str] = ()) -> dict[str, float]:
    """Weights of prior and FITTED at the maximum of the posterior; only: of these, the others stay as they are."""
    given = np.array([(1.0, *(float(row.amounts.get(name, 0.0)) for name in FITTED)) for row in rows])
    offset = np.array([sum(row.words.values()) + _reasoned(row) for row in rows])
    truth = np.array([row.meant for row in rows], float)
    reasoned: NDArray[np.float64] = np.array([WEIGHTS[name] for name in ("prior", *FITTED)])
    free = np.array([not only or name in only for name in ("prior", *FITTED)])
    fixed = np.where(free, 0.0, reasoned)
    while True:
        weights = np.where(free, reasoned, fixed)
        for _ in range(STEPS):
            chance = 1 / (1 + np.exp(-np.clip(offset + given @ weights, -30, 30)))
            slope = given.T @ (chance - truth) + (weights - reasoned) / SPREAD**2
            curve = (given * (chance * (1 - chance))[:, None]).T @ given + np.eye(len(weights)) / SPREAD**2
            weights[free] -= np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        turned = (np.sign(weights) != np.sign(reasoned)) & free
        turned[0] = False  # the prior may have either sign; evidence that changes sides only corrects its neighbour
        if not turned.any():
            return dict(zip(("prior", *FITTED), map(float, weights), strict=True))
        free &= ~turned


def _reasoned(row: Row) -> float:
    """What the circumstances add that are not fitted."""
    return sum(WEIGHTS[name] * amount for name, amount in row.amounts.items() if name not in FITTED)


def main() -> None:
    """Listen, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="scenes of side train, by `python -m tests.scenes.generate`")
    parser.add_argument("--only", nargs="+", choices=FITTED, default=(), help="leave the other weights as they are")
    parser.add_argument("--enrolled", action="store_true", help="to each scene's wearer")
    parser.add_argument("--words", type=Path, default=SHIPPED, help="learnt without these scenes' sentences")
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    glasses = Glasses(enrolled=given.enrolled)
    rows = [row for recording in recordings(given.folder) for row in rows_of(glasses, recording, given.words)]
    print(f"{len(rows)} utterances recognised, {sum(row.meant for row in rows)} of them for the glasses\n")
    for name, weight in fit(rows, given.only).items():
        print(f"{name:18} in use {WEIGHTS[name]:+.2f}   fitted {weight:+.2f}")  # type: ignore[index]


if __name__ == "__main__":
    main()

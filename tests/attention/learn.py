"""Learns the weights of the words' form: `python -m tests.attention.learn` writes device/sottovoce_device/words.toml.

Ridge logistic regression by Newton's method over the features of sottovoce_device.decide.form, on the development
texts: requests to an assistant (SLURP, CC BY 4.0) against people talking to people (self-dialogue corpus, BSD-3)
and to themselves (self_talk.txt, beside this file: written for it, since nobody has recorded any).
Sentences and dialogues are dealt to sides by hash (tests/scenes/split.py): learnt on train and dev, judged on test.
Each class weighs the same; how seldom the glasses are spoken to is the prior's matter, not the words'.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tests.bench.corpus import data_folder
from tests.scenes.split import Side, on, side_of

from sottovoce_device.decide.form import evidence_of, features

TARGET: Final = Path(__file__).parents[2] / "device" / "sottovoce_device" / "words.toml"
SELF_TALK: Final = Path(__file__).with_name("self_talk.txt")
SELF_TALK_WEIGHS: Final = 5
"""Each sentence of it as much as so many of a dialogue: there are few, and people mutter more than we could write."""
RIDGE: Final = 2.0
LEAST_SEEN: Final = 6
LEAST_WEIGHT: Final = 0.12
STEPS: Final = 15

Rows = list[tuple[set[str], bool]]


def corpus() -> tuple[Rows, Rows]:
    """Features and whether they were said to an assistant: what is learnt from, and what is judged on."""
    text = data_folder() / "text"
    learnt: Rows = []
    judged: Rows = []
    for row in (text / "directed.tsv").read_text().splitlines():
        sentence = row.split("\t")[0]
        (judged if side_of("sentence", sentence) == "test" else learnt).append((features(sentence), True))
    for line in (text / "conversations.jsonl").read_text().splitlines():
        target = judged if side_of("dialogue", line) == "test" else learnt
        target += [(features(turn), False) for turn in json.loads(line)]
    learnt += [(features(line), False) for line in self_talk("train") + self_talk("dev")] * SELF_TALK_WEIGHS
    return [r for r in learnt if r[0]], [r for r in judged if r[0]]


def self_talk(side: Side) -> list[str]:
    """What people say to themselves: the sentences of this side."""
    return on(side, "mutter", SELF_TALK.read_text().splitlines())


def learn(rows: Rows) -> dict[str, float]:
    """Weights in logits; `bias` among them."""
    seen = Counter(f for found, _ in rows for f in found)
    names = sorted(f for f, count in seen.items() if count >= LEAST_SEEN)
    place = {name: i for i, name in enumerate(names)}
    given = np.zeros((len(rows), len(names) + 1), np.float32)
    given[:, -1] = 1
    for row, (found, _) in zip(given, rows, strict=True):
        row[[place[f] for f in found if f in place]] = 1
    truth = np.array([meant for _, meant in rows], float)
    share = np.where(truth == 1, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    weights = newton(given, truth, share)
    kept = {n: float(w) for n, w in zip(names, weights, strict=False) if abs(w) >= LEAST_WEIGHT}
    return kept | {"bias": float(weights[-1])}


def newton(given: NDArray[np.float32], truth: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The maximum of the penalised likelihood."""
    weights = np.zeros(given.shape[1])
    ridge = np.full(given.shape[1], RIDGE)
    ridge[-1] = 1e-6
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(given @ weights, -30, 30)))
        slope = given.T @ (share * (chance - truth)) + ridge * weights
        curve = (given * (share * chance * (1 - chance))[:, None]).T @ given + np.diag(ridge)
        weights -= np.linalg.solve(curve, slope)
    return weights


def written(weights: dict[str, float], note: str) -> str:
    """The file: a table for each named evidence, the strongest first."""
    tables: dict[str, list[tuple[str, float]]] = {}
    for name, weight in weights.items():
        if name != "bias":
            tables.setdefault(evidence_of(name), []).append((name, weight))
    lines = [f"# {line}" for line in note.splitlines()] + [f"bias = {weights['bias']:.2f}"]
    for table in sorted(tables):
        lines += ["", f"[{table}]"]
        lines += [f'"{n}" = {w:.2f}' for n, w in sorted(tables[table], key=lambda e: -abs(e[1]))]
    return "\n".join(lines) + "\n"


def judged_on(weights: dict[str, float], rows: Rows) -> str:
    """Equal error, and false openings at 5 % misses, by the words alone."""
    score = np.array([weights["bias"] + sum(weights.get(f, 0.0) for f in found) for found, _ in rows])
    meant = np.array([m for _, m in rows])
    own, other = np.sort(score[meant]), score[~meant]
    equal = min(max(np.mean(own < t), np.mean(other >= t)) for t in np.unique(score))
    at_five = np.mean(other >= own[int(0.05 * len(own))])
    muttered = np.array([weights["bias"] + sum(weights.get(f, 0.0) for f in features(s)) for s in self_talk("test")])
    alone = np.mean(muttered >= own[int(0.05 * len(own))])
    return (
        f"{equal:.1%} equal error; {at_five:.1%} of talk among people and {alone:.1%} of talk to oneself opens"
        " where 5 % of requests are missed"
    )


def main() -> None:
    """Learn, judge, write."""
    learnt, judged = corpus()
    weights = learn(learnt)
    found = judged_on(weights, judged)
    note = (
        "The form of words said to the glasses (positive) and to people (negative), in logits.\n"
        "Made by `python -m tests.attention.learn`; decide/form.py says what the features are.\n"
        "Learnt from SLURP's development split (CC BY 4.0), the self-dialogue corpus (BSD-3) and self_talk.txt.\n"
        f"On {len(judged)} sentences that were not learnt from, words alone: {found}."
    )
    TARGET.write_text(written(weights, note))
    sys.stdout.write(f"{TARGET}: {len(weights)} weights; {found}\n")


if __name__ == "__main__":
    main()

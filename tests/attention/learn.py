"""Learns the weights of the words' form: `python -m tests.attention.learn` writes device/sottovoce_device/words.toml.

Ridge logistic regression over the features of sottovoce_device.decide.form, on the texts of corpora.py and cloned.py:
what people say to an assistant against what they say to each other and to themselves.

    mkdir CLONES; cd CLONES; git clone https://github.com/clinc/oos-eval     # and the others that cloned.py names
    python -m tests.attention.learn --clones CLONES

Each class weighs the same; how seldom the glasses are spoken to is the prior's matter, not the words'.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit
from tests.attention.cloned import cloned
from tests.attention.corpora import REQUESTS, TALK, WEIGHS, Corpus, Sentence, development
from tests.scenes.split import Side

from sottovoce_device.decide.form import evidence_of, features
from sottovoce_device.words import SHIPPED, read_words

RIDGE: Final = 2.0
WORTH: Final = 20_000
"""Sentences that all of them count for, against the ridge."""
LEAST_SEEN: Final = 15
LEAST_WEIGHT: Final = 0.12
STEPS: Final = 1_000
BELIEVED: Final = 0.8
"""Of a logit of the words. Learnt without side train, and regressed on what the recogniser made of 327 requests and 535
other utterances of scenes of side train, the logits are that much too large."""


def learn(sentences: Iterable[Sentence]) -> dict[str, float]:
    """Weights in logits; `bias` among them."""
    rows = [(found, s) for s in sentences if not s.judged and (found := features(s.text))]
    seen = Counter(f for found, _ in rows for f in found)
    names = sorted(f for f, count in seen.items() if count >= LEAST_SEEN)
    place = {name: i for i, name in enumerate(names)}
    found_at = [(row, place[f]) for row, (found, _) in enumerate(rows) for f in found if f in place]
    given = csr_array((np.ones(len(found_at)), tuple(zip(*found_at, strict=True))), (len(rows), len(names)))
    truth = np.array([s.to_device for _, s in rows], float)
    share = np.array([WEIGHS[s.corpus] for _, s in rows])
    for of_class in (truth == 0, truth == 1):
        share[of_class] *= WORTH / 2 / share[of_class].sum()
    weights = ridge(given, truth, share)
    kept = {n: BELIEVED * float(w) for n, w in zip(names, weights, strict=False) if abs(w) >= LEAST_WEIGHT}
    return kept | {"bias": BELIEVED * float(weights[-1])}


def ridge(given: csr_array, truth: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The maximum of the penalised likelihood: a weight a column, and last the bias, which costs nothing."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = given @ weights[:-1] + weights[-1]
        wrong = share * (expit(logits) - truth)
        cost = share @ np.logaddexp(0, np.where(truth, -logits, logits)) + RIDGE / 2 * weights[:-1] @ weights[:-1]
        return float(cost), np.append(given.T @ wrong + RIDGE * weights[:-1], wrong.sum())

    found = minimize(loss, np.zeros(given.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    if not found.success:
        raise ArithmeticError(f"no maximum found in {STEPS} steps: {found.message}")
    return np.asarray(found.x)


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


def judged_on(weights: dict[str, float], sentences: Iterable[Sentence]) -> list[str]:
    """Equal error by the words alone, of each corpus of requests against each of talk, on what was kept back."""
    logits: dict[Corpus, list[float]] = {}
    for s in sentences:
        if s.judged and (found := features(s.text)):
            logits.setdefault(s.corpus, []).append(weights["bias"] + sum(weights.get(f, 0.0) for f in found))
    talks = [talk for talk in TALK if talk in logits]
    lines = [" | ".join(["said to", *(f"{talk} ({len(logits[talk])})" for talk in talks)])]
    for asked in REQUESTS:
        if asked in logits:
            errors = [f"{_equal_error(np.array(logits[asked]), np.array(logits[talk])):.1%}" for talk in talks]
            lines.append(" | ".join([f"{asked} ({len(logits[asked])})", *errors]))
    return lines


def _equal_error(own: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(min(max(np.mean(own < t), np.mean(other >= t)) for t in np.unique(own)))


def main() -> None:
    """Learn, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clones", type=Path, help="the folder that the other corpora were cloned into")
    parser.add_argument("--judge", action="store_true", help="judge the weights in use, learn nothing")
    parser.add_argument("--without", choices=get_args(Side), help="learn nothing of this side either, to fit on it")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the weights go")
    given = parser.parse_args()
    if given.without and given.out == SHIPPED and not given.judge:
        parser.error("--without wants --out: what is shipped is learnt from all sides but test")
    sentences = list(development(("test", given.without)))
    sentences += cloned(given.clones) if given.clones else ()
    if given.judge:
        sys.stdout.write("\n".join(judged_on(read_words(), sentences)) + "\n")
        return
    used = [corpus for corpus in WEIGHS if any(s.corpus == corpus for s in sentences)]
    weights = learn(sentences)
    found = judged_on(weights, sentences)
    note = (
        "The form of words said to the glasses (positive) and to people (negative), in logits.\n"
        "Made by `python -m tests.attention.learn --clones CLONES`; decide/form.py explains the features.\n"
        f"Learnt from {', '.join(used)}; corpora.py and cloned.py beside it have whose they are, and licences.\n"
        "On sentences that were not learnt from, words alone:\n" + "\n".join(found)
    )
    given.out.write_text(written(weights, note))
    sys.stdout.write(f"{given.out}: {len(weights)} weights\n" + "\n".join(found) + "\n")


if __name__ == "__main__":
    main()

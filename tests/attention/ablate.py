"""What each cue is worth: `python -m tests.attention.ablate FOLDER` takes one away at a time.

The glasses hear the scenes once; then every utterance that was recognised is judged anew without the cue. What the
cue did to the history before is left as it was, so this is what it tells at the moment of the decision.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.attention.fit import FITTED, Row, rows_of
from tests.scenes.intervals import poisson, wilson
from tests.scenes.listening import Glasses, recordings

from sottovoce_device.decide.addressee import IN_COMPANY, WEIGHTS

WORDS: Final = "the form of the words"
NOTHING: Final = "(all cues)"
SIGHT: Final = "sight"
SEEN: Final = frozenset({"looks_at_person", "faced_by_person"})
HISTORY: Final = "talking_on"


def logit(row: Row, without: str) -> float:
    """Log odds that it was for the glasses, when this cue is not known; SIGHT is all that eyes tell."""
    words = 0.0 if without == WORDS else row.words
    gone = SEEN if without == SIGHT else {without}
    unseen = 1 / IN_COMPANY if without == SIGHT and row.company else 1.0
    total = WEIGHTS["prior"] + words
    for name, amount in zip(FITTED, row.amounts, strict=True):
        if name not in gone:
            total += WEIGHTS[name] * amount * (unseen if name == HISTORY else 1.0)
    return total


def line(without: str, rows: Sequence[Row], requests: int, hours: float) -> str:
    """A row of the table. requests: all there were, recognised or not."""
    opened = [row for row in rows if logit(row, without) >= 0]
    hits = sum(row.meant for row in opened)
    false = len(opened) - hits
    misses = wilson(requests - hits, requests)
    f1 = 2 * hits / max(1, 2 * hits + false + requests - hits)
    return f"| {without} | {misses.percent()} | {poisson(false, hours).plain(1)} | {f1:.2f} |"


def main() -> None:
    """Listen once, judge often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="scenes, by `python -m tests.scenes.generate`")
    parser.add_argument("--family", action="append", default=[], help="only scenes of this kind; may be repeated")
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    glasses = Glasses()
    scenes = recordings(given.folder, given.family)
    rows = [row for scene in scenes for row in rows_of(glasses, scene)]
    requests = sum(t.who == "wearer" and t.to == "device" for scene in scenes for t in scene.truth)
    hours = sum(scene.seconds for scene in scenes) / 3600
    print(f"{hours:.2f} h, {requests} requests, {len(rows)} utterances recognised; 95 % intervals\n")
    print("| without | missed | false openings an hour | F1 |\n|---|---|---|---|")
    for without in (NOTHING, WORDS, SIGHT, *FITTED):
        print(line(without, rows, requests, hours))


if __name__ == "__main__":
    main()

"""What each cue is worth: `python -m tests.attention.ablate FOLDER` takes one away at a time.

The glasses hear the scenes once; then every utterance that was recognised is judged anew without the cue. What the
cue did to the history before is left as it was, so this is what it tells at the moment of the decision.
"""

import argparse
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, get_args

from tests.attention.fit import Row, rows_of
from tests.scenes.intervals import poisson, wilson
from tests.scenes.listening import Glasses, recordings
from tests.scenes.script import Count

from sottovoce_device.decide.addressee import IN_COMPANY, WEIGHTS

SEEN: Final = frozenset({"looks_at_person", "faced_by_person"})
HISTORY: Final = frozenset({"follow_up", "interrupts", "other_voice", "talking_on", "taken_up", "not_taken_up"})
"""All that is not of the turn itself: what was before it, and what comes after."""


def logit(row: Row, without: Collection[str] = ()) -> float:
    """Log odds that it was for the glasses, when this evidence is not known."""
    unseen = 1 / IN_COMPANY if set(without) >= SEEN and row.company else 1.0
    total = WEIGHTS["prior"] + sum(logit for name, logit in row.words.items() if name not in without)
    for name, amount in row.amounts.items():
        if name not in without:
            total += WEIGHTS[name] * amount * (unseen if name == "talking_on" else 1.0)
    return total


def cues(rows: Sequence[Row]) -> Iterator[tuple[str, frozenset[str]]]:
    """What can be taken away: a name, and the evidence that goes. Of evidence that none of the rows has, nothing."""
    found = {name for row in rows for name, amount in row.amounts.items() if amount}
    forms = {name for row in rows for name, logit in row.words.items() if logit}
    yield "(all cues)", frozenset()
    yield "the form of the words", frozenset(forms)
    if HISTORY & found:
        yield "history", HISTORY
    if SEEN & found:
        yield "sight", SEEN
    for name in [*(n for n in WEIGHTS if n in found), *sorted(forms - {"prior"})]:
        yield name, frozenset({name})


def line(name: str, without: Collection[str], rows: Sequence[Row], requests: int, hours: float) -> str:
    """A row of the table. requests: all there were, recognised or not."""
    opened = [row for row in rows if logit(row, without) >= 0]
    hits = sum(row.meant for row in opened)
    false = len(opened) - hits
    misses = wilson(requests - hits, requests)
    f1 = 2 * hits / max(1, 2 * hits + false + requests - hits)
    return f"| {name} | {misses.percent()} | {poisson(false, hours).plain(1)} | {f1:.2f} |"


def main() -> None:
    """Listen once, judge often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="scenes, by `python -m tests.scenes.generate`")
    parser.add_argument("--family", action="append", default=[], help="only scenes of this kind; may be repeated")
    parser.add_argument("--enrolled", action="store_true", help="to each scene's wearer")
    parser.add_argument("--microphones", type=int, choices=get_args(Count), default=1, help="that the glasses have")
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    glasses = Glasses(enrolled=given.enrolled, microphones=given.microphones)
    scenes = recordings(given.folder, given.family)
    rows = [row for scene in scenes for row in rows_of(glasses, scene)]
    requests = sum(t.who == "wearer" and t.to == "device" for scene in scenes for t in scene.truth)
    hours = sum(scene.seconds for scene in scenes) / 3600
    print(f"{hours:.2f} h, {requests} requests, {len(rows)} utterances recognised; 95 % intervals\n")
    print("| without | missed | false openings an hour | F1 |\n|---|---|---|---|")
    for name, without in cues(rows):
        print(line(name, without, rows, requests, hours))


if __name__ == "__main__":
    main()

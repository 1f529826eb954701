"""How soon a turn is taken to be over, and how often too soon: `python -m tests.bench.turn_end`, two minutes.

Each spoken request of the development data is heard alone, by glasses that take everything. Delays are in the time of
the sound: from the last speech to the sample that decided; what the models take comes on top.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Final, get_args

import numpy as np
from tests.bench.corpus import data_folder
from tests.scenes.split import Side
from tests.scenes.voices import clips, speakers

from sottovoce_device.config import AttentionConfig, Config
from sottovoce_device.replay import Replay
from sottovoce_wire import Said

PROCESSES: Final = 2


def ends(paths: list[Path]) -> list[list[int]]:
    """For each file, after how many ms of silence each of its turns was over; runs in a process of its own."""
    replay = Replay(Config(attention=AttentionConfig(mode="everything")))
    found = []
    for path in paths:
        said = [left.event for left in replay.run(path) if isinstance(left.event, Said)]
        found.append([event.at_ms - event.ended_ms for event in said if not event.continues])
    return found


def main() -> None:
    """Listen, print."""
    parser = argparse.ArgumentParser(description="How soon a turn is over, and how often too soon.")
    parser.add_argument("--side", choices=get_args(Side), help="only its voices; else all, as the constants were set")
    side = parser.parse_args().side
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not data_folder().is_dir():
        raise SystemExit(f"no development data at {data_folder()}: set SOTTOVOCE_DATA")
    said = chain(*speakers("commands", side).values()) if side else clips("commands")
    paths = sorted(data_folder() / "speech" / clip.path for clip in said)
    with ProcessPoolExecutor(PROCESSES) as pool:
        turns = [turn for part in pool.map(ends, [paths[n::8] for n in range(8)]) for turn in part]
    waits = np.array([wait for turn in turns for wait in turn])
    first = Config().hearing.pause_ms + 64
    soon = np.mean(waits <= first)
    print(f"{len(turns)} requests, {len(waits)} turns; {soon:.1%} are over within {first} ms of silence")
    print(f"p50 {np.percentile(waits, 50):.0f} ms, p95 {np.percentile(waits, 95):.0f} ms")
    print(f"parted: {np.mean([len(turn) > 1 for turn in turns]):.1%}")


if __name__ == "__main__":
    main()

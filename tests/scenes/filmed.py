"""Scenes with pictures: `python -m tests.scenes.filmed FROM TO` writes world/ and gaze.csv where somebody is in view.

The same behaviour as in eyesight.py, but what the glasses see are frames with a real face in them, found and judged by
the real models: portraits out of packages, before a table. Who turns away is not in the frame: nobody's turned head was
at hand.
"""

import argparse
import csv
import shutil
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from tests.scenes.behaviour import STEP_S, Sighted, behave
from tests.scenes.eyesight import Eyes
from tests.scenes.listening import Recording, recordings
from tests.scenes.portraits import PORTRAITS, Look, Portrait, view
from tests.scenes.script import ScriptError, read_script
from tests.scenes.split import number

EACH_S: Final = 2.0
"""How long a picture of a folder is seen in a replay."""
MIDDLE: Final = (0.5, 0.45)


def film(recording: Recording, out: Path, portrait: Portrait) -> Path | None:
    """Copy a scene with pictures and gazes; its folder, or None where nobody is in view or nothing can be seen."""
    script = read_script(recording.path / "script.toml")
    sighted = behave(script, recording.truth, recording.seconds)
    if sighted.other is None or not sighted.world:
        return None
    place = out / recording.path.name
    shutil.copytree(recording.path, place, ignore=shutil.ignore_patterns("cues.csv", "world", "gaze.csv"))
    _write_pictures(place / "world", sighted, portrait)
    if sighted.eye:
        _write_gazes(place / "gaze.csv", sighted, number(script.name) + script.seed)
    return place


def _write_pictures(world: Path, sighted: Sighted, portrait: Portrait) -> None:
    world.mkdir()
    assert sighted.other is not None
    rng, distance_m = np.random.default_rng(7), sighted.other.place.distance_m
    for name, shown in (("turned", portrait), ("away", None)):
        picture = view(shown, distance_m, Look(*MIDDLE, light=0.8), rng)
        cv2.imwrite(str(world.parent / f"{name}.jpg"), picture[..., ::-1])
    each = round(EACH_S / STEP_S)
    for count, moment in enumerate(sighted.moments[each // 2 :: each]):
        name = "turned" if moment.in_view and moment.faces else "away"
        (world / f"{count:04}.jpg").symlink_to(f"../{name}.jpg")


def _write_gazes(path: Path, sighted: Sighted, seed: int) -> None:
    """Where the eye looks, with a calibration's errors, on a face that is where the pictures have it."""
    eyes = Eyes(np.random.default_rng([seed, 5]), 1.0, still=MIDDLE)
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("t", "x", "y"))
        for moment in sighted.moments:
            gaze = eyes.gaze(moment)
            told = (round(gaze.x, 4), round(gaze.y, 4)) if gaze.confidence else ("", "")
            out.writerow((moment.at_s, *told))


def main() -> None:
    """Write them and say how many there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", type=Path, help="scenes, by `python -m tests.scenes.generate`")
    parser.add_argument("out", type=Path)
    parser.add_argument("--family", default="mixed")
    parser.add_argument("--portrait", type=int, choices=range(len(PORTRAITS)), default=1)
    given = parser.parse_args()
    portrait = PORTRAITS[given.portrait]
    try:
        chosen = recordings(given.scenes, [given.family])
        made = [place for r in chosen if (place := film(r, given.out, portrait)) is not None]
    except (ScriptError, FileExistsError) as error:
        parser.error(str(error))
    print(f"{len(made)} of {len(chosen)} scenes have somebody in view, and pictures now")


if __name__ == "__main__":
    main()

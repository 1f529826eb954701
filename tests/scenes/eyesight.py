"""What the glasses see of a scene that nobody filmed: `python -m tests.scenes.eyesight FOLDER` writes cues.csv there.

Behaviour is scripted (behaviour.py). The finder of faces and the gaze are not run: their measured errors are drawn,
and what comes out goes through the glasses' own rules of company and of cues.
"""

import argparse
import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from tests.scenes.behaviour import LASTS_S, STEP_S, Moment, Sighted, behave
from tests.scenes.listening import CUES, recordings
from tests.scenes.script import ScriptError, read_script
from tests.scenes.split import number

from sottovoce_device.config import WorldCameraConfig
from sottovoce_device.decide.company import EYES_M, Company
from sottovoce_device.decide.sight_cues import SightCues, cues_of
from sottovoce_device.observation import Box, FacePose, Gaze
from sottovoce_device.sense.sight import IDLE_MS

FOUND: Final = ((1.8, 1.0), (2.5, 0.93), (3.2, 0.63), (4.0, 0.13))
"""Up to which distance a face is found how often: two portraits at random places, light and noise in frames of
1280 x 720, 60 looks each, by `python -m tests.scenes.portraits`."""
YAW_SPREAD_DEG: Final = 2.0
"""Of the pose of the same face from look to look, at most (the same command)."""
AIM_DEG: Final = 9.0
"""How far a head that is turned to somebody is off: the eyes do the rest (Stiefelhagen 2002 finds most within 25)."""
AWAY_DEG: Final = (30.0, 90.0)
"""How far a head is turned that is not turned to the wearer; beyond 60 degrees the finder finds no face."""
LOST_DEG: Final = 60.0
GAZE_BIAS_DEG: Final = 1.0
"""Of a calibration, in each direction: one is accepted up to 2 degrees (docs/gaze.md)."""
GAZE_JITTER_DEG: Final = 0.5
"""From sample to sample (docs/gaze.md, "all at once")."""
FACE_M: Final = (0.14, 0.19)
"""Width and height of the box that the models draw."""
FACE_MOVES: Final = 0.01
"""From look to look, as a share of the frame: heads are never quite still."""


class Eyes:
    """The errors of one pair of glasses on one wearer. still: where the other's face stays; it moves by default."""

    def __init__(self, rng: np.random.Generator, distance_m: float, still: tuple[float, float] | None = None) -> None:
        self._rng = rng
        camera = WorldCameraConfig()
        self._half_tan = math.tan(math.radians(camera.view_deg) / 2)
        self._tall = camera.width / camera.height
        self._deg = 1 / camera.view_deg
        self._distance_m = distance_m
        self._bias = rng.normal(0, GAZE_BIAS_DEG, 2)
        self._moves = 0.0 if still else FACE_MOVES
        self._middle = np.array(still or (0.5, 0.45))
        self._elsewhere = rng.uniform(0.02, 0.98, 2)

    def poses(self, moment: Moment) -> tuple[FacePose, ...]:
        """The other's face, where it is found."""
        self._middle = np.clip(self._middle + self._rng.normal(0, self._moves, 2), 0.3, 0.7)
        turned = abs(self._rng.normal(0, AIM_DEG)) if moment.faces else self._rng.uniform(*AWAY_DEG)
        found = next((share for most, share in FOUND if self._distance_m <= most), 0.0)
        if not moment.in_view or turned > LOST_DEG or self._rng.random() >= found:
            return ()
        scale = 1 / (self._distance_m * 2 * self._half_tan)
        wide, high = FACE_M[0] * scale / 2, FACE_M[1] * scale * self._tall / 2
        x, y = map(float, self._middle)
        yaw, pitch = self._rng.normal((turned, 0.0), YAW_SPREAD_DEG)
        return (FacePose(Box(x - wide, y - high, x + wide, y + high), yaw, pitch, EYES_M * scale, 0.0),)

    def gaze(self, moment: Moment) -> Gaze:
        """Where the eye camera has the wearer look: at the face's middle, or at a place anywhere."""
        if moment.looks or self._rng.random() < STEP_S / LASTS_S["look"]:
            self._elsewhere = self._rng.uniform(0.02, 0.98, 2)
        aim = self._middle if moment.looks else self._elsewhere
        error = (self._bias + self._rng.normal(0, GAZE_JITTER_DEG, 2)) * self._deg * (1, self._tall)
        x, y = map(float, aim + error)
        return Gaze(x, y, 0.0 if moment.blinks else 1.0, "eye", moment.at_s * 1000)


def cues(sighted: Sighted, seed: int) -> list[SightCues]:
    """What sight tells of the scene, look by look; nothing where the world camera sees nothing."""
    if not sighted.world:
        return []
    eyes = Eyes(np.random.default_rng([seed, 5]), sighted.other.place.distance_m if sighted.other else 1.0)
    company = Company(WorldCameraConfig().view_deg)
    told = []
    for moment in sighted.moments[:: 1 if sighted.other else round(IDLE_MS / 1000 / STEP_S)]:
        at_ms = moment.at_s * 1000
        faces, _ = company.step(eyes.poses(moment), at_ms)
        told.append(cues_of(faces, eyes.gaze(moment) if sighted.eye else None, at_ms))
    return told


def write_cues(path: Path, told: Iterable[SightCues]) -> None:
    """Write cues.csv: seconds, then 1, 0, or nothing for what could not be seen."""
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(CUES)
        for one in told:
            out.writerow([round(one.at_ms / 1000, 3), *map(_word, (one.looks_at_person, one.faced_by_person))])


def write_all(folder: Path) -> Sequence[Path]:
    """Give every scene of the generator eyes; the files."""
    written = []
    for recording in recordings(folder):
        script = read_script(recording.path / "script.toml")
        path = recording.path / "cues.csv"
        write_cues(path, cues(behave(script, recording.truth, recording.seconds), number(script.name) + script.seed))
        written.append(path)
    return written


def _word(seen: bool | None) -> str:
    return "" if seen is None else str(int(seen))


def main() -> None:
    """Write the cues and say how many scenes have them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="scenes, by `python -m tests.scenes.generate`")
    try:
        print(f"{len(write_all(parser.parse_args().folder))} scenes have cues.csv now")
    except ScriptError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()

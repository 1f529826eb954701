"""What is read and named in photographs, from the host's Look to the event: `python -m tests.bench.sight`.

Photographs are seen as the glasses see them: made to fit 1280 x 720, with the gaze where the case says. CPU time, of
one core: wall time says nothing on a shared machine.
"""

import argparse
import sys
import time
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from corpus import data_folder
from msgspec import Struct
from pictures import OPENCV_DOC, Case, cases, folders

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.simulated_camera import SimulatedCamera
from sottovoce_device.config import Config, SeeingConfig, WorldCameraConfig, models_folder
from sottovoce_device.decide.looking import SightAsk
from sottovoce_device.observation import Gaze
from sottovoce_device.opencv import read_picture
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.sight import Sight
from sottovoce_device.sense.sight_models import SightModels
from sottovoce_wire import AnyEvent, Look, LookedAt, Read

TASKS = {"read": "read", "object": "recognise"}
ALSO = {"truck": {"car"}}
"""What the development data's own notes accept."""


SPLITS = {
    "read": {
        "set": "the rules were set on these",
        "revised": "the rules were revised after a first run of these",
        "learnt": "new places, whose misses told what to improve",
        "unseen": "new places on pictures that no rule has seen",
    },
    "object": {"set": "development data", "after": "pictures out of packages"},
}
"""How honest each part of a table is."""


class Answer(Struct, frozen=True):
    """What came back for a case, "" for nothing, and the CPU time from the command to the event."""

    case: Case
    told: str
    right: bool
    cpu_ms: float


def answer(case: Case, models: SightModels, task: str = "") -> Answer:
    """Ask the glasses about a case: to read or to recognise, by its kind, if not something else."""
    events: list[AnyEvent] = []

    def submit(ask: SightAsk, frame: Frame) -> None:
        found = models.infer(ask, frame)
        frame.wipe()
        sight.learn(ask, found)

    sight = Sight(Config(), submit, lambda kind: kind != "faces" and models.able(kind), events.append)
    picture = read_picture(case.path)
    gaze = Gaze(case.x / picture.shape[1], case.y / picture.shape[0], 1.0, "eye", 0.0)
    sight.see(next(SimulatedCamera(WorldCameraConfig(path=str(case.path)), real_time=False).frames()))
    sight.gaze(gaze)
    start = time.process_time()
    sight.look(Look(seq=1, task=task or TASKS[case.kind]), 100.0)
    cpu_ms = 1000 * (time.process_time() - start)
    sight.blind()
    told = next((e.text if isinstance(e, Read) else e.label for e in events if isinstance(e, Read | LookedAt)), "")
    accepted = set(case.truth).union(*(ALSO.get(t, set()) for t in case.truth))
    return Answer(case, told, plain(told) in {plain(t) for t in accepted}, cpu_ms)


def plain(text: str) -> str:
    """One spelling of what looks the same: composed letters, a straight apostrophe."""
    return unicodedata.normalize("NFC", text).replace("\u2019", "'")


def show(title: str, answers: list[Answer], *, wrong: bool = True) -> None:
    """Print one line of the table, and what was wrong under it."""
    if not answers:
        return
    right = sum(a.right for a in answers)
    cost = [a.cpu_ms for a in answers]
    print(
        f"{title:52} {right:3} of {len(answers):3} exact ({right / len(answers):4.0%})   "
        f"CPU p50 {np.median(cost):4.0f}  p95 {np.percentile(cost, 95):4.0f}  most {max(cost):4.0f} ms"
    )
    for a in answers:
        if wrong and not a.right:
            print(f"    {a.case.path.name}: {' | '.join(a.case.truth)!r} came as {a.told!r}  {a.case.note}")


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opencv-doc", type=Path, default=OPENCV_DOC, help="where opencv-doc's examples are")
    parser.add_argument("--only", choices=("read", "object"), help="one table")
    parser.add_argument("--split", help="of reading only these places: set, revised, learnt, unseen")
    options = parser.parse_args()
    where = folders(data_folder(), options.opencv_doc)
    weights = Weights(models_folder(Config()))
    for kind in ("read", "object") if options.only is None else (options.only,):
        models = SightModels(SeeingConfig(faces=False, text=kind == "read", things=kind == "object"), weights)
        models.warm_up()
        looks = [c for c in cases(kind, where) if options.split in {None, c.split}]
        answers = [answer(case, models) for case in looks]
        print({"read": "\nreading, from command to Read", "object": "\nthings under the gaze"}[kind])
        legible = [a for a in answers if a.case.legible]
        for split, title in SPLITS[kind].items():
            show(title, [a for a in legible if a.case.split == split])
        show("all legible", legible, wrong=False)
        show("not legible for certain", [a for a in answers if not a.case.legible])
        if kind == "read" and not options.split:
            things = [answer(case, models, "read") for case in cases("object", where)]
            told = [f"{a.case.path.name}: {a.told!r}" for a in things if a.told]
            print(f"at {len(things)} things without a word: read {len(told)} times {', '.join(told)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

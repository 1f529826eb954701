import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.scenes.behaviour import Moment, Phase, Sighted, behave
from tests.scenes.eyesight import Eyes, cues, write_cues
from tests.scenes.listening import recordings
from tests.scenes.mixer import Truth, write_pcm
from tests.scenes.rooms import Place
from tests.scenes.script import Line, Person, Script, ScriptError

from sottovoce_device.decide.sight_cues import SightCues

TRUTH = (
    Truth("anna", "other", 2.0, 12.0),
    Truth("wearer", "other", 14.0, 24.0),
    Truth("wearer", "device", 30.0, 34.0),
)
PAIR = (Person("wearer"), Person("anna", place=Place(1.0)))


def talk(seed: int) -> Sighted:
    return behave(Script(f"mixed-{seed:03}", PAIR, (Line("wearer", "other", "well"),), seed=seed), TRUTH, 40.0)


def shares(which: str) -> dict[Phase, float]:
    """How much of each phase of many conversations it was so."""
    seen: dict[Phase, list[bool]] = {"telling": [], "listening": [], "asking": [], "idle": []}
    for sighted in map(talk, range(60)):
        for moment in sighted.moments if sighted.other else ():
            seen[moment.phase].append(getattr(moment, which))
    return {phase: float(np.mean(values)) for phase, values in seen.items()}


def test_people_look_at_whom_they_talk_to_and_are_faced_by_them_more_than_when_they_ask_the_glasses() -> None:
    looks, faces = shares("looks"), shares("faces")
    assert 0.75 < looks["listening"] < 0.88
    assert 0.41 < looks["telling"] < 0.77
    assert 0.05 < looks["asking"] < 0.5
    assert faces["asking"] < faces["listening"] < 0.9
    assert talk(3) == talk(3)
    assert len({talk(seed).moments for seed in range(9)}) > 1


def moments(*, looks: bool, faces: bool) -> tuple[Moment, ...]:
    return tuple(Moment(0.19 * n, "telling", looks, faces, True, False) for n in range(200))


def told(sighted: Sighted) -> tuple[float, float, float, float]:
    """Shares of the looks: at a person; not known whether; faced by one; not known whether."""
    found = cues(sighted, 4)
    looks, faced = [c.looks_at_person for c in found], [c.faced_by_person for c in found]
    return tuple(float(np.mean([v is want for v in values])) for values in (looks, faced) for want in (True, None))  # type: ignore[return-value]


def test_what_is_so_is_mostly_seen_and_what_cannot_be_seen_is_not_called_no() -> None:
    near, far = Person("anna", place=Place(1.0)), Person("anna", place=Place(4.0))
    looks, unsure, faced, unknown = told(Sighted(near, True, True, moments(looks=True, faces=True)))
    assert (looks, faced) > (0.8, 0.9)
    assert max(unsure, unknown) < 0.1
    looks, _, faced, _ = told(Sighted(near, True, True, moments(looks=False, faces=False)))
    assert looks < 0.2
    assert faced < 0.1
    assert told(Sighted(far, True, True, moments(looks=True, faces=True)))[2] < 0.3, "a face so small is rarely found"
    assert told(Sighted(near, False, True, moments(looks=True, faces=True)))[:2] == (0.0, 1.0), "no eye camera"
    assert cues(Sighted(near, True, False, moments(looks=True, faces=True)), 4) == [], "no world camera"


def test_a_blink_is_no_gaze() -> None:
    eyes = Eyes(np.random.default_rng(0), 1.0)
    assert eyes.gaze(Moment(0.0, "idle", True, True, True, blinks=True)).confidence == 0
    assert eyes.gaze(Moment(0.0, "idle", True, True, True, blinks=False)).confidence == 1


def scene(tmp_path: Path) -> Path:
    place = tmp_path / "mixed-001"
    place.mkdir()
    write_pcm(place / "sound.wav", np.zeros((1, 1600), np.int16))
    (place / "truth.jsonl").write_text("")
    return place


def test_cues_of_a_scene_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    given = [SightCues(True, False, 190.0), SightCues(None, True, 380.0), SightCues(None, None, 570.0)]
    write_cues(scene(tmp_path) / "cues.csv", given)
    (found,) = recordings(tmp_path)
    assert list(found.cues) == given


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("t,x,y\n", "first line"),
        ("t,looks_at_person,faced_by_person\n1,yes,0\n", "something else"),
        ("t,looks_at_person,faced_by_person\n\nnan,1,0\n", "a time that is none"),
        ("", "first line"),
    ],
)
def test_cues_that_cannot_be_read_are_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    (scene(tmp_path) / "cues.csv").write_text(text)
    with pytest.raises(ScriptError, match=rf"mixed-001/cues\.csv: .*{says}"):
        recordings(tmp_path)


def test_a_scene_is_not_seen_in_two_ways_at_once(tmp_path: Path) -> None:
    place = scene(tmp_path)
    write_cues(place / "cues.csv", [])
    (place / "world").mkdir()
    (place / "world" / "1.png").touch()
    with pytest.raises(ScriptError, match=r"cues\.csv: .*world"):
        recordings(tmp_path)


@pytest.mark.parametrize("command", [["eyesight"], ["filmed", "--family=mixed", "out"]])
def test_scenes_that_no_script_has_made_are_given_no_eyes_and_that_is_said(tmp_path: Path, command: list[str]) -> None:
    place = scene(tmp_path)
    module, *options = command
    done = subprocess.run(
        [sys.executable, "-m", f"tests.scenes.{module}", str(tmp_path), *options],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    told = f"error: {place}/script.toml: No such file or directory; only a scene that was made by a script has one\n"
    assert done.stderr.endswith(told)

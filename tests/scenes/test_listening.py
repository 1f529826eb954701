import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import skimage
import soundfile
from tests.attention.ablate import SEEN
from tests.attention.fit import rows_of
from tests.scenes.evaluate import ENROLLED, OURS, VOICE_ACTIVITY, WAKE_WORD, about_peers, scenes_of, ways_of
from tests.scenes.eyesight import write_cues
from tests.scenes.listening import Glasses, host, recordings
from tests.scenes.mixer import Mixer, write_scene
from tests.scenes.noises import RATE_HZ
from tests.scenes.peers import wake_word
from tests.scenes.rooms import Place, Room
from tests.scenes.score import Result, score
from tests.scenes.script import Line, Person, Script, ScriptError
from tests.scenes.voices import Cast

from sottovoce_device.config import Config
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.replay import Replay
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_wire import Attended

ROOT = Path(__file__).parents[2]
PEOPLE = (Person("wearer", "synthetic:1"), Person("ben", "synthetic:9", Place(2.5)))
LINES = (
    Line("", after_s=1.5),
    Line("wearer", "device", "what time is it in tokyo"),
    Line("ben", "other", "i was thinking of you because we went there", after_s=12.0),
)


def test_a_scene_goes_through_the_glasses_and_every_utterance_has_its_verdict(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    script = Script("kitchen-001", PEOPLE, LINES, Room("room", (4.0, 3.2, 2.5), 0.3))
    write_scene(tmp_path, script, Mixer(Cast(synthesiser)).mix(script))
    scenes = recordings(tmp_path)
    result = Glasses("everything").listen(scenes[0])
    assert result.family == "kitchen"
    assert [j.opened for j in result.judged] == [True, True]
    found = score([result])
    assert found.misses.value == 0
    assert found.false_per_hour.value == pytest.approx(1 / found.hours)
    assert found.word_errors < 0.4
    assert found.recognised > 0
    assert 0 < found.delays_s[0] < 1.5


def test_only_scenes_of_the_kinds_that_are_asked_for_are_read(synthesiser: Synthesiser, tmp_path: Path) -> None:
    mixed = Mixer(Cast(synthesiser)).mix(Script("kitchen-001", PEOPLE, LINES[:2]))
    for name in ("kitchen-001", "kitchen_sink-001", "street-001"):
        write_scene(tmp_path, Script(name, PEOPLE, LINES[:2]), mixed)
    assert [scene.path.name for scene in recordings(tmp_path, ["kitchen", "street"])] == ["kitchen-001", "street-001"]
    with pytest.raises(ScriptError, match="no scene of kind garden there"):
        recordings(tmp_path, ["garden"])


def test_only_ways_to_open_that_tell_something_about_these_scenes_are_judged(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    write_scene(tmp_path, (script := Script("kitchen-001", PEOPLE, LINES[:2])), Mixer(Cast(synthesiser)).mix(script))
    (tmp_path / "kitchen-001" / "script.toml").unlink()
    voice = tmp_path / "kitchen-001" / "wearer.wav"
    shutil.copy(tmp_path / "kitchen-001" / "sound.wav", voice)
    assert ways_of(recordings(tmp_path), peers=True) == [OURS, ENROLLED, VOICE_ACTIVITY, WAKE_WORD]
    voice.unlink()
    assert ways_of(recordings(tmp_path), peers=True) == [OURS, VOICE_ACTIVITY, WAKE_WORD]
    assert ways_of(recordings(tmp_path), peers=False) == [OURS]
    nothing = score([Result("kitchen", 0.1, ())])
    told = about_peers(recordings(tmp_path), {OURS: nothing, WAKE_WORD: nothing})
    assert "in 0 of 1 scenes, those with a script.toml" in told


def test_a_host_that_answers_in_a_replay_opens_the_window_for_what_follows(scene: Callable[..., Path]) -> None:
    path = scene(1.0, "What time is it in Tokyo?", 4.0, "And in San Francisco?", 1.0)
    replay = Replay(Config())

    def weighed(left: list) -> list[set[str]]:  # type: ignore[type-arg]
        return [{e.name for e in x.event.evidence} for x in left if isinstance(x.event, Attended)]

    alone, answered = weighed(list(replay.run(path))), weighed(list(replay.run(path, host)))
    assert not any("follow_up" in names for names in alone)
    assert "follow_up" in answered[-1]


@pytest.mark.parametrize(
    ("truth", "says"),
    [
        (None, "No such file or directory; write there who says what"),
        ('{"who":"wearer"}', "line 1: Object missing required field `to`"),
        ('{"who":"x","to":"dog"}', "dog"),
        ('{"who":"x","to":"other","start_s":2,"end_s":1}', "line 1: from 2 to 1 s is no part of a sound of"),
        ('{"who":"x","to":"other","start_s":-1,"end_s":1}', "line 1: from -1 to 1 s is no part of a sound of"),
        ('\n{"who":"x","to":"other","start_s":99,"end_s":100}', "line 2: from 99 to 100 s is no part of a sound of"),
    ],
)
def test_a_folder_that_is_no_scene_is_refused_by_name(
    synthesiser: Synthesiser, tmp_path: Path, truth: str | None, says: str
) -> None:
    script = Script("kitchen-001", PEOPLE, LINES[:2])
    place = write_scene(tmp_path, script, Mixer(Cast(synthesiser)).mix(script))
    if truth is None:
        (place / "truth.jsonl").unlink()
    else:
        (place / "truth.jsonl").write_text(truth)
    with pytest.raises(ScriptError) as error:
        recordings(tmp_path)
    assert "kitchen-001" in str(error.value)
    assert says in str(error.value)


def test_a_scene_of_another_rate_and_format_and_a_truth_as_spreadsheets_and_editors_save_it_are_taken(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    script = Script("kitchen-001", PEOPLE, LINES[:2])
    place = write_scene(tmp_path, script, Mixer(Cast(synthesiser)).mix(script))
    (place / "script.toml").unlink()
    truth = (place / "truth.jsonl").read_text()
    (place / "truth.jsonl").write_text("\ufeff" + truth + " \n")
    (before,) = recordings(tmp_path)
    sound, rate_hz = soundfile.read(place / "sound.wav")
    soundfile.write(place / "sound.wav", np.stack(2 * [np.repeat(sound, 3)], axis=1), 3 * rate_hz, subtype="FLOAT")
    (recording,) = recordings(tmp_path)
    assert recording == before
    (heard,) = wake_word([recording], "test")
    assert heard.hours * 3600 == pytest.approx(recording.seconds, abs=0.1)


def seen(tmp_path: Path, synthesiser: Synthesiser, picture: str, gazes: str = "") -> Path:
    """A scene whose wearer speaks once, long after the world's last picture came, which is one of scikit-image's."""
    script = Script("kitchen-001", PEOPLE, (Line("", after_s=5.0), LINES[1]))
    place = write_scene(tmp_path / picture, script, Mixer(Cast(synthesiser)).mix(script))
    (place / "world").mkdir()
    (place / "world" / "1.png").symlink_to(Path(skimage.__file__).parent / "data" / f"{picture}.png")
    if gazes:
        (place / "gaze.csv").write_text(gazes)
    return place.parent


def test_who_is_in_view_and_looked_at_in_a_scene_is_weighed_and_nobody_in_view_weighs_nothing(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    seeing, blind = Glasses(), Glasses(sees=False)

    def sight(picture: str, gazes: str = "", glasses: Glasses = seeing) -> dict[str, float]:
        place = tmp_path / str(len(list(tmp_path.iterdir())))
        (recording,) = recordings(seen(place, synthesiser, picture, gazes))
        (row,) = rows_of(glasses, recording)
        return {name: row.amounts.get(name, 0.0) for name in SEEN}

    assert sight("coffee") == {"looks_at_person": 0, "faced_by_person": 0}
    on_her_face, beside_it = "t,x,y\n0,0.43,0.25\n", "t,x,y\n0,0.1,0.9\n"
    assert sight("astronaut") == {"looks_at_person": 0, "faced_by_person": 1}
    assert sight("astronaut", on_her_face) == {"looks_at_person": 1, "faced_by_person": 1}
    assert sight("astronaut", beside_it) == {"looks_at_person": 0, "faced_by_person": 1}
    assert sight("astronaut", on_her_face, blind) == {"looks_at_person": 0, "faced_by_person": 0}


def test_cues_that_are_told_without_a_world_are_weighed_too(synthesiser: Synthesiser, tmp_path: Path) -> None:
    script = Script("kitchen-001", PEOPLE, (Line("", after_s=5.0), LINES[1]))
    place = write_scene(tmp_path, script, Mixer(Cast(synthesiser)).mix(script))
    write_cues(place / "cues.csv", [SightCues(bool(n % 2), True, 200.0 * n) for n in range(40)])
    (recording,) = recordings(tmp_path)
    (row,) = rows_of(Glasses(), recording)
    found = row.amounts
    assert found["looks_at_person"] == pytest.approx(0.5, abs=0.1)
    assert found["faced_by_person"] == 1


def test_gazes_on_no_picture_and_a_world_without_pictures_are_refused_by_name(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    folder = seen(tmp_path, synthesiser, "coffee", "t,x,y\n0,0.5,0.5\n")
    world = folder / "kitchen-001" / "world"
    (world / "1.png").unlink()
    with pytest.raises(ScriptError, match=r"kitchen-001/world: there is no picture"):
        recordings(folder)
    world.rmdir()
    with pytest.raises(ScriptError, match=r"kitchen-001/gaze\.csv: gazes on what"):
        recordings(folder)


def evaluated(folder: Path, *options: str) -> tuple[int, str]:
    """The exit code of evaluating this folder, and what was said of it."""
    command = [sys.executable, "-m", "tests.scenes.evaluate", "--folder", str(folder), *options]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def test_scenes_that_cannot_be_evaluated_are_one_line_that_names_the_place(
    synthesiser: Synthesiser, tmp_path: Path
) -> None:
    absent = tmp_path / "nofolder"
    assert evaluated(absent) == (
        2,
        f"evaluate: {absent}: No such file or directory; give a folder of scenes, see docs/scenes.md\n",
    )
    script = Script("kitchen-001", PEOPLE, LINES[:2])
    place = write_scene(tmp_path, script, Mixer(Cast(synthesiser)).mix(script))
    truth = place / "truth.jsonl"
    good = truth.read_text().splitlines()[0]
    truth.write_text(f"{good}\n\n{good[:-1]}\n")
    assert evaluated(tmp_path) == (2, f"evaluate: {truth}, line 3: Input data was truncated\n")
    truth.write_text(good)
    (place / "sound.wav").write_bytes(b"")
    assert evaluated(tmp_path) == (
        2,
        f"evaluate: {place}/sound.wav: not a readable sound file (Format not recognised.) Use WAV or FLAC.\n",
    )
    (place / "sound.wav").unlink()
    assert evaluated(tmp_path)[0] == 2
    soundfile.write(place / "sound.wav", np.zeros(99_999), RATE_HZ)
    code, told = evaluated(tmp_path, "--microphones=2", "--no-peers", f"--out={tmp_path / 'out'}")
    assert code == 2
    assert told.startswith(f"evaluate: {place}/sound.wav: 1 channel, and [microphone] channels = 2")
    assert evaluated(tmp_path, f"--out={place / 'sound.wav'}") == (
        2,
        f"evaluate: {place}/sound.wav: cannot be made (File exists); give another --out\n",
    )
    (place / "wearer.wav").touch()
    assert evaluated(tmp_path)[1].startswith(f"evaluate: {place}/wearer.wav: not a readable sound file")


def test_recordings_that_were_not_made_here_are_not_lost_to_the_making_of_scenes(tmp_path: Path) -> None:
    mine = tmp_path / "scenes" / "kitchen-001"
    mine.mkdir(parents=True)
    (mine / "sound.wav").touch()
    given = Namespace(folder=None, out=tmp_path)
    with pytest.raises(ScriptError, match=r"kitchen-001/sound\.wav: not made here, and would be lost"):
        scenes_of(given)
    assert (mine / "sound.wav").exists()

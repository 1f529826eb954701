"""Files and folders that their modes forbid are each one line that names them and the cure."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stage import ORDINARY

COMMAND = (*ORDINARY, sys.executable, "-m", "sottovoce_device")


@contextmanager
def forbidden(path: Path, mode: int) -> Iterator[None]:
    path.chmod(mode)
    yield
    path.chmod(0o700)


def refused(*arguments: str, state: Path) -> str:
    """What the command says that ends with 2. state: where nobody is enrolled yet."""
    env = os.environ | {"XDG_STATE_HOME": str(state)}
    done = subprocess.run([*COMMAND, *arguments], env=env, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stderr
    return done.stderr.removeprefix("INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")


def test_a_voice_that_cannot_be_erased_is_named(tmp_path: Path) -> None:
    folder, settings = tmp_path / "wearer", tmp_path / "settings.toml"
    folder.mkdir()
    (folder / "voice.json").write_text("{}")
    settings.write_text(f'[device]\nwearer = "{folder}"\n')
    with forbidden(folder, 0o500):
        said = refused("enrol", "--erase", f"--config={settings}", state=tmp_path)
    assert said == (
        f"sottovoce-device: {folder}/voice.json: cannot be erased (Permission denied); "
        "make its folder writable, or erase it by hand\n"
    )


def test_a_sound_file_in_a_folder_that_may_not_be_entered_is_named(tmp_path: Path) -> None:
    path = tmp_path / "closed" / "scene.wav"
    path.parent.mkdir()
    path.touch()
    with forbidden(path.parent, 0o600):
        said = refused("replay", str(path), state=tmp_path)
    assert said == f"sottovoce-device: {path}: cannot be read (Permission denied); see who may enter its folder\n"


@pytest.mark.parametrize(
    ("given", "closed", "mode"),
    [("place/1.png", "place", 0o600), ("place", "place/1.png", 0o200)],
    ids=["in a closed folder", "unreadable itself"],
)
def test_a_picture_that_may_not_be_read_is_named(tmp_path: Path, given: str, closed: str, mode: int) -> None:
    path = tmp_path / "place" / "1.png"
    path.parent.mkdir()
    path.touch()
    with forbidden(tmp_path / closed, mode):
        said = refused("replay", f"--world={tmp_path / given}", state=tmp_path)
    assert said == (
        f"sottovoce-device: {path}: cannot be read (Permission denied); see who may read it and its folder\n"
    )


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("unpair", "glasses-specs/.pairing.gone: cannot be read (Permission denied)"),
        ("gate", "glasses-specs/pairing: cannot be read (Permission denied)"),
        ("sense", "wearer-specs: cannot be opened (Permission denied)"),
    ],
)
def test_a_state_folder_that_may_not_be_entered_is_named(tmp_path: Path, command: str, what: str) -> None:
    place = tmp_path / "sottovoce"
    place.mkdir()
    with forbidden(place, 0o000):
        said = refused(command, state=tmp_path)
    assert said.startswith(f"sottovoce-device: {place}/{what}; "), said
    assert said.count("\n") == 1


def test_glasses_that_could_not_keep_a_pairing_say_so_before_they_show_a_code(tmp_path: Path) -> None:
    state = tmp_path / "sottovoce" / "glasses-specs"
    state.mkdir(parents=True)
    with forbidden(state, 0o500):
        said = refused("pair", state=tmp_path)
    assert re.fullmatch(
        rf"sottovoce-device: {state}/\.trial\.\d+: cannot be written \(Permission denied\); "
        r"free the disk, or choose another folder\n",
        said,
    )


@pytest.mark.parametrize("asked", ["read@-5", "read@99999999", "read@nan", "sing@3"])
def test_a_question_that_cannot_be_asked_is_named(tmp_path: Path, asked: str) -> None:
    said = refused("replay", f"--world={tmp_path}", f"--look={asked}", state=tmp_path)
    assert said.startswith(f"sottovoce-device: '{asked}' is no question: write one of ")
    assert said.count("\n") == 1

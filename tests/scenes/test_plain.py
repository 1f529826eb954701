import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.scenes.noises import RATE_HZ
from tests.scenes.plain import KINDS, Kind, play, read_aloud


@pytest.fixture
def hiss(tmp_path: Path) -> str:
    """Two seconds of white noise in place of somebody who speaks."""
    path = tmp_path / "hiss.wav"
    soundfile.write(path, np.random.default_rng(2).normal(0, 0.1, 2 * RATE_HZ), RATE_HZ)
    return str(path)


def level_db(sound: np.ndarray, start_s: float, end_s: float) -> float:
    part = sound[int(start_s * RATE_HZ) : int(end_s * RATE_HZ)] / 32768
    return float(10 * np.log10(np.mean(part**2)))


def test_the_wearer_and_others_are_as_loud_as_the_kind_says(hiss: str) -> None:
    rng = np.random.default_rng(1)
    tape = play(Kind(wearer_db=-30.0, others_db=-10.0, echoes=False, noise_db=-80.0), [hiss], [hiss], rng)
    mine, theirs = tape.truth
    assert (mine.who, mine.to, theirs.who, theirs.to) == ("wearer", "device", "anna", "other")
    sound = tape.pcm(rng)[0]
    assert level_db(sound, mine.start_s, mine.end_s) == pytest.approx(-30.0, abs=0.2)
    assert level_db(sound, theirs.start_s, theirs.end_s) == pytest.approx(-40.0, abs=0.2)
    assert level_db(sound, 0, mine.start_s) == pytest.approx(-80.0, abs=1.0)


def test_an_echo_outlasts_who_speaks_and_adds_no_energy(hiss: str) -> None:
    rng = np.random.default_rng(1)
    tape = play(Kind(others="first", noise_db=-90.0), [hiss], [hiss], rng)
    theirs = tape.truth[0]
    sound = tape.pcm(rng)[0]
    assert level_db(sound, theirs.end_s, theirs.end_s + 0.1) > level_db(sound, 0, theirs.start_s) + 20
    assert level_db(sound, theirs.start_s + 0.6, theirs.end_s) == pytest.approx(-40.0, abs=1.0)


def test_who_talks_over_the_wearer_begins_before_and_goes_on(hiss: str) -> None:
    tape = play(KINDS["over-14"], [hiss, hiss], [hiss], np.random.default_rng(1))
    for theirs, mine in zip(tape.truth[::2], tape.truth[1::2], strict=True):
        assert (theirs.who, mine.who) == ("anna", "wearer")
        assert theirs.start_s < mine.start_s < theirs.end_s


def test_who_reads_aloud_asks_for_nothing(hiss: str) -> None:
    tape = read_aloud(hiss, np.random.default_rng(1))
    assert [(line.who, line.to) for line in tape.truth] == [("wearer", "none")]


@pytest.mark.parametrize("command", [["plain", "{}"], ["generate", "--out={}"], ["evaluate", "--out={}"]])
def test_without_the_development_data_the_cure_is_named(tmp_path: Path, command: list[str]) -> None:
    module, out = command
    done = subprocess.run(
        [sys.executable, "-m", f"tests.scenes.{module}", out.format(tmp_path / "out")],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "SOTTOVOCE_DATA": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.endswith(f"{tmp_path}/speech/commands.tsv: no development data there; set SOTTOVOCE_DATA\n")

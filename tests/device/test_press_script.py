import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sottovoce_device.cli import main
from sottovoce_device.errors import SensorError
from sottovoce_device.sense.press_script import read_presses

Scene = Callable[..., Path]
TAP, HOLD, DOUBLE_TAP = "0.9,1\n1.0,0\n", "0.9,1\n6.8,0\n", "0.5,1\n0.6,0\n0.8,1\n0.9,0\n"


def replayed(scene: Path, script: Path | None) -> tuple[list[str], set[bool]]:
    """On the command line: what the button was told to be used for, and what became of the turns."""
    options = [] if script is None else [f"--presses={script}"]
    done = CliRunner().invoke(main, ["replay", str(scene), "--json", *options])
    assert done.exit_code == 0, done.output
    events = [json.loads(line) for line in done.output.splitlines()]
    actions = [e["action"] for e in events if e["type"] == "Pressed"]
    return actions, {e["opened"] for e in events if e["type"] == "Attended"}


@pytest.mark.parametrize(
    ("presses", "actions", "opens"),
    [
        ("", [], False),
        (HOLD, ["held", "released"], True),
        (TAP, ["tapped"], True),
        (DOUBLE_TAP, ["tapped", "double_tapped"], True),
    ],
    ids=["none", "hold", "tap", "double tap"],
)
def test_a_reading_opens_the_gate_where_the_script_presses_the_button_and_not_without(
    scene: Scene, tmp_path: Path, presses: str, actions: list[str], opens: bool
) -> None:
    script = tmp_path / "presses.csv"
    script.write_text("t,down\n" + presses)
    sound = scene(1.5, ("two_cities.wav", 1.0, 5.0), 1.0)
    assert replayed(sound, script) == (actions, {opens})
    if not presses:
        assert replayed(sound, None) == ([], {False})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: the first line has to be t,down"),
        ("\n2.5,1\n", "line 2: the first line has to be t,down"),
        ("t,down\n1,1\n\n2,up\n", "line 4: '2,up' is no press; write seconds, then 1 or 0"),
        ("t,down\n1,1\nsoon,0\n", "line 3: 'soon,0' is no press"),
        ("t,down\n1\n", "line 2: '1' is no press"),
        ("t,down\n1,1,0\n", "line 2: '1,1,0' is no press"),
        ("t,down\n-1,1\n", "line 2: '-1,1' is no press"),
        ("t,down\nnan,1\n", "line 2: 'nan,1' is no press"),
        ("t,down\ninf,1\n", "line 2: 'inf,1' is no press"),
        ("t,down\n2,1\n1,0\n", "line 3: earlier than the line before; put the lines in order"),
    ],
)
def test_a_line_that_is_no_press_is_refused_by_its_number_with_the_cure(
    scene: Scene, tmp_path: Path, text: str, says: str
) -> None:
    script = tmp_path / "presses.csv"
    script.write_text(text)
    done = CliRunner().invoke(main, ["replay", str(scene(0.5)), f"--presses={script}"])
    assert done.exit_code == 2
    assert f"{script}, {says}" in done.output
    assert len(done.output.splitlines()) == 1


def test_a_script_that_cannot_be_read_or_has_no_scene_is_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(SensorError, match=r"No such file or directory.*check the path"):
        read_presses(tmp_path / "nowhere.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SensorError, match="write text"):
        read_presses(tmp_path / "binary.csv")
    done = CliRunner().invoke(main, ["replay", "--world=x.png", "--presses=y.csv"])
    assert done.exit_code == 2
    assert "give the sound" in done.output


def test_the_button_stands_as_its_newest_line_says_and_blanks_and_spaces_do_not_matter(tmp_path: Path) -> None:
    script = tmp_path / "presses.csv"
    script.write_text("\ufeff\n t , down \n 1.0, 1\n\n1.5 ,0\n")
    presses = read_presses(script)
    assert [presses.pressed(ms) for ms in (0, 999, 1_000, 1_499, 1_500, 9_000)] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]

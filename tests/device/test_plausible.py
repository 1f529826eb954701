from pathlib import Path

import pytest
from click.testing import CliRunner

from sottovoce_device.cli import main


@pytest.mark.parametrize("command", ["explain", "replay"])
@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            '[attention]\nname = "!!!"',
            '[attention] name = "!!!": nobody can say that; give it a letter or a digit, or leave it empty',
        ),
        (
            "[hearing]\nvoice_on = 0.3",
            "[hearing] voice_on = 0.3 is below voice_off = 0.35; raise voice_on, or lower voice_off",
        ),
        (
            "[microphone]\nmouth_m = [nan, 0, 0]",
            "[microphone] mouth_m: nan is no length; say ahead, left, up, in metres",
        ),
        (
            "[microphone]\nsecond_m = [0, -inf, 0]",
            "[microphone] second_m: -inf is no length; say ahead, left, up, in metres",
        ),
        (
            '[eye_camera]\ndriver = "simulated"',
            "[eye_camera] is on, and a gaze is a point of what [world_camera] sees: turn that on, too",
        ),
    ],
    ids=["name", "voice", "mouth", "second", "eye"],
)
def test_settings_that_make_no_sense_are_refused_with_the_cure(
    tmp_path: Path, settings: str, says: str, command: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(settings)
    refused = CliRunner().invoke(main, [command, f"--config={path}", *(["x.wav"] if command == "replay" else [])])
    assert (refused.exit_code, refused.stderr) == (2, f"sottovoce-device: {says}\n")


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--look=read@1", "A --look and a --gaze are of a --world"),
        ("--gaze=g.csv", "A --look and a --gaze are of a --world"),
        ("--calibrate=9", "To --calibrate takes an --eye."),
    ],
)
def test_an_option_that_would_do_nothing_is_refused_and_not_passed_over(option: str, told: str) -> None:
    done = CliRunner().invoke(main, ["replay", "absent.wav", option])
    assert done.exit_code == 2
    assert told in done.output

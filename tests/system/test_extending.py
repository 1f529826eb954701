"""The examples of docs/extending.md, as they stand there, and what is said of drivers that are none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sottovoce_device.capture.microphone import open_microphone
from sottovoce_device.check import check
from sottovoce_device.config import Config, LightConfig, MicrophoneConfig, MuteConfig
from sottovoce_device.errors import ConfigError

SKILL, DRIVER = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs/extending.md").read_text(), re.DOTALL
)
FAULTY = DRIVER.replace("np.arange(begin, begin + BLOCK)", "np.arange(begin, begin + 480)")


def driver(folder: Path, text: str) -> MicrophoneConfig:
    (folder / "mine.py").write_text(text)
    return MicrophoneConfig(driver=str(folder / "mine.py"))


def test_the_skill_answers(tmp_path: Path) -> None:
    skills = tmp_path / "sottovoce" / "skills"
    skills.mkdir(parents=True)
    (skills / "dice.py").write_text(SKILL)
    command = [sys.executable, "-m", "sottovoce_host", "ask", "Roll the dice."]
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"A (one|two|three|four|five|six)\.  \(dice\)\n", done.stdout)


def test_the_microphone_is_heard_by_the_command_that_checks_it(tmp_path: Path) -> None:
    config = driver(tmp_path, DRIVER)
    (tmp_path / "glasses.toml").write_text(f'[microphone]\ndriver = "{config.driver}"\n')
    command = [sys.executable, "-m", "sottovoce_device", "check", f"--config={tmp_path / 'glasses.toml'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert re.fullmatch(
        r"ok    \[microphone\] \S+mine\.py: \d+ blocks of 512 samples in 2 s, \d\.\d s of sound, "
        r"at most -20 dB of full scale\n",
        done.stdout,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FAULTY, "blocks() gave a Sample of shape (480,), and not a Sample of 512 float32 at 16 kHz"),
        (DRIVER.replace("yield Sample(", "raise OSError('no ADC') or ("), "OSError: no ADC"),
        (DRIVER.replace("while not self._closed", "while False"), "it ended before anything came"),
    ],
)
def test_what_is_wrong_with_a_driver_is_said(tmp_path: Path, text: str, told: str) -> None:
    ((works, line),) = check(Config(microphone=driver(tmp_path, text)))
    assert not works
    assert line.startswith(f"[microphone] {tmp_path}/mine.py: ")
    assert line.endswith(told)


def test_muted_glasses_are_not_checked_and_the_light_is_on_while_they_are(tmp_path: Path) -> None:
    switch, light = tmp_path / "switch", tmp_path / "light"
    switch.write_text("1")
    light.write_text("0")
    shining = DRIVER.replace("yield Sample(", f"open({str(light)!r}).read() == '1' or 1 / 0; yield Sample(")
    config = Config(
        microphone=driver(tmp_path, shining),
        mute=MuteConfig(driver="simulated", path=str(switch)),
        light=LightConfig(driver="simulated", path=str(light)),
    )
    told = "[mute] the glasses are muted, no sensor was opened: open the switch"
    assert list(check(config)) == [(False, told)]
    switch.write_text("0")
    ((works, line),) = check(config)
    assert works, line
    assert light.read_text() == "0"
    switch.unlink()
    ((works, line),) = check(config)
    assert not works
    assert "no sensor was opened" in line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def open_microphone(:\n", r"mine\.py, line 1: SyntaxError: invalid syntax"),
        ("import nothing_such\n", r"mine\.py, line 1: ModuleNotFoundError: No module named 'nothing_such'"),
        ("", r"mine\.py: there is no open_microphone in it"),
        (DRIVER.replace("def close", "def shut"), "what it opens, a Tone, has no close"),
    ],
)
def test_a_file_that_is_no_driver_is_refused_before_the_seal(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=rf"^\[microphone\] driver: .*{told}$"):
        open_microphone(driver(tmp_path, text))

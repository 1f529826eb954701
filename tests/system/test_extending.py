"""The examples of docs/extending.md, as they stand there, and what is said of drivers that are none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from stage import told_with, wait_until

from sottovoce_device.capture.microphone import open_microphone
from sottovoce_device.check import check
from sottovoce_device.config import Config, LightConfig, MicrophoneConfig, MuteConfig, WorldCameraConfig
from sottovoce_device.errors import ConfigError
from sottovoce_host.demo.process import free_port

SKILL, DRIVER = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs/extending.md").read_text(), re.DOTALL
)
FAULTY = DRIVER.replace("np.arange(begin, begin + BLOCK)", "np.arange(begin, begin + 480)")


def driver(folder: Path, text: str) -> MicrophoneConfig:
    (folder / "mine.py").write_text(text)
    return MicrophoneConfig(driver=str(folder / "mine.py"))


def test_the_skill_answers(tmp_path: Path) -> None:
    told = told_with(SKILL, tmp_path, "Roll the dice.")
    assert re.fullmatch(r"A (one|two|three|four|five|six)\.  \(dice\)\n", told)


def test_the_microphone_is_heard_by_the_command_that_checks_it(tmp_path: Path) -> None:
    config = driver(tmp_path, DRIVER)
    (tmp_path / "glasses.toml").write_text(f'[microphone]\ndriver = "{config.driver}"\n')
    command = [sys.executable, "-m", "sottovoce_device", "check", f"--config={tmp_path / 'glasses.toml'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert re.fullmatch(
        r"ok    \[microphone\] \S+mine\.py: \d+ blocks of 512 samples in 2 s, "
        r"at most -20 dB of full scale\n",
        done.stdout,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FAULTY, "blocks() gave a Sample of shape (480,), and not a Sample of 512 float32 from -1 to 1"),
        (DRIVER.replace("yield Sample(", "raise OSError('no ADC') or ("), "OSError: no ADC"),
        (DRIVER.replace("while not self._closed", "while False"), "it ended before anything came"),
        (DRIVER.replace("0.1 * np.sin", "9.1 * np.sin"), "and not a Sample of 512 float32 from -1 to 1"),
        (DRIVER.replace("time.sleep(BLOCK / RATE_HZ)", "time.sleep(0.01)"), "; blocks are of 512 samples at 16 kHz"),
        (DRIVER.replace("time.monotonic() * 1000", "0.0 + 7"), r"at_ms is 7, and time.monotonic() * 1000 is {}"),
    ],
)
def test_what_is_wrong_with_a_driver_is_said(tmp_path: Path, text: str, told: str) -> None:
    ((works, line),) = check(Config(microphone=driver(tmp_path, text)))
    assert not works
    assert line.startswith(f"[microphone] {tmp_path}/mine.py: ")
    assert told.partition("{}")[0] in line


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


def test_glasses_that_are_muted_while_they_are_checked_sense_no_more(tmp_path: Path) -> None:
    switch = tmp_path / "switch"
    switch.write_text("0")
    muting = DRIVER.replace("yield Sample(", f"begin < 4096 or open({str(switch)!r}, 'w').write('1'); yield Sample(")
    config = Config(
        microphone=driver(tmp_path, muting),
        mute=MuteConfig(driver="simulated", path=str(switch)),
        world_camera=WorldCameraConfig(driver="simulated", path=str(tmp_path / "nothing.png")),
    )
    heard, seen = check(config)
    assert heard == (False, f"[microphone] {tmp_path}/mine.py: the glasses were muted meanwhile")
    assert seen == (False, "[mute] the glasses are muted, no sensor was opened: open the switch")


def test_sealed_glasses_hear_by_the_driver(tmp_path: Path) -> None:
    config = driver(tmp_path, DRIVER)
    settings = tmp_path / "glasses.toml"
    settings.write_text(
        f'[microphone]\ndriver = "{config.driver}"\n[device]\nstate = "{tmp_path / "state"}"\n'
        f'[gate]\nsecurity = "plain"\nbroker = "127.0.0.1"\nport = {free_port()}\nsocket = "{tmp_path / "s"}"\n'
    )
    command = [sys.executable, "-m", "sottovoce_device", "run", f"--config={settings}"]
    log = tmp_path / "log"
    with log.open("w") as file, subprocess.Popen(command, cwd="/var", stdout=file, stderr=file) as glasses:
        try:
            wait_until(lambda: "sealed (" in log.read_text() or "sense ended" in log.read_text(), "sense is sealed")
        finally:
            glasses.terminate()
    assert "sealed (" in log.read_text(), log.read_text()
    assert "driver:" not in log.read_text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def open_microphone(:\n", r"mine\.py, line 1: SyntaxError: invalid syntax"),
        ("import nothing_such\n", r"mine\.py, line 1: ModuleNotFoundError: No module named 'nothing_such'"),
        ("", r"mine\.py: there is no open_microphone in it"),
        (DRIVER.replace("def close", "def shut"), "what it opens, a Tone, has no close"),
    ],
)
def test_a_file_that_is_no_driver_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=rf"^\[microphone\] driver: .*{told}$"):
        open_microphone(driver(tmp_path, text))

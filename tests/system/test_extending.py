"""The examples of docs/extending.md, as they stand there, and what is said of files that are none."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from stage import told_with, wait_until

from sottovoce_device.capture.microphone import open_microphone
from sottovoce_device.check import check
from sottovoce_device.config import (
    Config,
    LightConfig,
    MicrophoneConfig,
    MuteConfig,
    WorldCameraConfig,
)
from sottovoce_device.errors import ConfigError
from sottovoce_host.demo.process import free_port

SKILL, DRIVER, *_ = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs/extending.md").read_text(), re.DOTALL
)


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


def told_by_glasses(folder: Path, text: str, until: str) -> str:
    """What glasses with this microphone print, until they print this or end for good."""
    return told_with_settings(folder, f'[microphone]\ndriver = "{driver(folder, text).driver}"\n', until)


def told_with_settings(folder: Path, text: str, until: str) -> str:
    """What glasses with these settings print, until they print this or end for good."""
    settings = folder / "glasses.toml"
    settings.write_text(
        f'{text}[device]\nstate = "{folder / "state"}"\n'
        f'[gate]\nsecurity = "plain"\nbroker = "127.0.0.1"\nport = {free_port()}\nsocket = "{folder / "s"}"\n'
    )
    command = [sys.executable, "-m", "sottovoce_device", "run", f"--config={settings}"]
    log = folder / "log"
    with log.open("w") as file, subprocess.Popen(command, cwd="/var", stdout=file, stderr=file) as glasses:
        try:
            wait_until(lambda: until in log.read_text() or glasses.poll() is not None, f"they say {until!r}")
        finally:
            glasses.terminate()
    return log.read_text()


def test_sealed_glasses_hear_by_the_driver(tmp_path: Path) -> None:
    told = told_by_glasses(tmp_path, DRIVER, "sealed (")
    assert "sealed (" in told, told
    assert "driver:" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            DRIVER.replace("yield Sample(", "raise OSError('no ADC') or ("),
            "sense ended (exit code 6: a file of yours failed; `sottovoce-device check` says how); starting it again",
        ),
        (DRIVER.replace("yield Sample(", "time.sleep(100) or ("), "sense ended (exit code 4: a sensor has gone)"),
    ],
)
def test_of_a_driver_that_fails_or_hangs_under_the_seal_the_exit_code_tells(
    tmp_path: Path, text: str, told: str
) -> None:
    assert told in told_by_glasses(tmp_path, text, "sense ended")


def test_a_driver_that_cannot_open_its_device_is_one_line(tmp_path: Path) -> None:
    told = told_by_glasses(tmp_path, DRIVER.replace("return Tone()", "raise OSError('no ADC')"), "for good")
    assert re.search(r"\[microphone\] driver: \S+mine\.py, line \d+: OSError: no ADC\n", told), told
    assert "sense ended (exit code 2" in told
    assert "Traceback" not in told


def test_a_driver_that_does_not_come_back_from_opening_is_said_and_ends_the_process_that_senses(
    tmp_path: Path,
) -> None:
    config = driver(tmp_path, DRIVER.replace("return Tone()", "time.sleep(100)"))
    assert list(check(Config(microphone=config))) == [
        (False, f"[microphone] {config.driver}: it was not open after 10 s")
    ]
    hanging = (
        "import time; from sottovoce_device.sense.patience import opened; "
        "opened(lambda: time.sleep(100), patient=False, hung_s=0.1)"
    )
    assert subprocess.run([sys.executable, "-c", hanging], check=False).returncode == -signal.SIGALRM


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def open_microphone(:\n", r"mine\.py, line 1: SyntaxError: invalid syntax"),
        ("import nothing_such\n", r"mine\.py, line 1: ModuleNotFoundError: No module named 'nothing_such'"),
        ("", r"mine\.py: there is no open_microphone in it"),
        ("raise BaseException('panic')\n", r"mine\.py, line 1: BaseException: panic"),
        (DRIVER.replace("def close", "def shut"), "what it opens, a Tone, has no close"),
    ],
)
def test_a_file_that_is_no_driver_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=rf"^\[microphone\] driver: .*{told}$"):
        open_microphone(driver(tmp_path, text))

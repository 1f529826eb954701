"""The microphone of docs/extending.md, broken at each place where one of the builder's own may be."""

import re
from pathlib import Path

import pytest

from sottovoce_device.check import check
from sottovoce_device.config import Config, MicrophoneConfig, WorldCameraConfig

_, DRIVER, *_ = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs/extending.md").read_text(), re.DOTALL
)
FAULTY = DRIVER.replace("np.arange(begin, begin + BLOCK)", "np.arange(begin, begin + 480)")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FAULTY, "blocks() gave a Sample of float32, shape (480,), and not a Sample of 512 float32 from -1 to 1"),
        (DRIVER.replace("yield Sample(", "raise OSError('no ADC') or ("), "OSError: no ADC"),
        (DRIVER.replace("return Tone()", "raise SystemExit(0)"), "SystemExit: 0"),
        (DRIVER.replace('state = "on"', 'state = "fine"'), "its state is 'fine', and not one of 'on', 'lost'"),
        (DRIVER.replace("return Tone()", "raise OSError('no I2S')"), ", in open_microphone\n    raise OSError"),
        (DRIVER.replace(".astype(np.float32)", ""), "blocks() gave a Sample of float64, shape (512,), and not"),
        (DRIVER.replace("while not self._closed", "while False"), "it ended before anything came"),
        (DRIVER.replace("0.1 * np.sin", "9.1 * np.sin"), "and not a Sample of 512 float32 from -1 to 1"),
        (DRIVER.replace("time.sleep(BLOCK / RATE_HZ)", "time.sleep(0.01)"), "; blocks are of 512 samples at 16 kHz"),
        (DRIVER.replace("time.monotonic() * 1000", "0.0 + 7"), r"at_ms is 7.0, and time.monotonic() * 1000 is {}"),
        (DRIVER.replace("time.monotonic() * 1000", "float('nan')"), "at_ms is nan, and time.monotonic() * 1000 is {}"),
        (DRIVER.replace("time.monotonic() * 1000", "'now'"), "at_ms is now, and time.monotonic() * 1000 is {}"),
        (DRIVER.replace("yield Sample(", "raise SystemExit(3) or ("), "SystemExit: 3"),
        (DRIVER.replace("return Tone()", "raise BaseException('panic')"), "BaseException: panic"),
        (DRIVER.replace("begin += BLOCK", "self.state = 'fine'"), "its state is 'fine', and not one of 'on', 'lost'"),
        (
            DRIVER.replace("0.1 * np.sin(2 * np.pi * 440 * at).astype(np.float32)", "np.frombuffer(bytes(2048), 'f')"),
            "a sample in memory that cannot be overwritten; give it a copy: data.copy()",
        ),
    ],
)
def test_what_is_wrong_with_a_driver_is_said_by_the_command_that_checks_it(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "mine.py").write_text(text)
    ((works, line),) = check(Config(microphone=MicrophoneConfig(driver=str(tmp_path / "mine.py"))))
    assert not works
    assert line.startswith(f"[microphone] {tmp_path}/mine.py: ")
    assert told.partition("{}")[0] in line


CAMERA = """
import time
import numpy as np
from sottovoce_device.capture.frame import Frame

class Camera:
    state = "on"
    closed = False

    def frames(self):
        while not self.closed:
            time.sleep(0.1)
            yield Frame(np.zeros((36, 64, 3), np.uint8), time.monotonic() * 1000)

    def close(self):
        self.closed = True

def open_camera(config):
    return Camera()
"""
NO_PICTURE = "and not a Frame of uint8, height x width x 3"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CAMERA, "frames in 2 s, 64 x 36"),
        (CAMERA.replace("(36, 64, 3)", "(36, 64)"), f"frames() gave a Frame of uint8, shape (36, 64), {NO_PICTURE}"),
        (CAMERA.replace("(36,", "(0,"), f"frames() gave a Frame of uint8, shape (0, 64, 3), {NO_PICTURE}"),
        (CAMERA.replace("time.sleep(0.1)", "self.state = 'dim'"), "its state is 'dim', and not one of"),
    ],
)
def test_so_is_what_is_wrong_with_a_driver_of_a_camera(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.py").write_text(text)
    mute = MicrophoneConfig(path=str(tmp_path / "none.wav"))
    _, (works, line) = check(Config(microphone=mute, world_camera=WorldCameraConfig(driver=str(tmp_path / "mine.py"))))
    assert works == (text == CAMERA)
    assert line.startswith(f"[world_camera] {tmp_path}/mine.py: ")
    assert told in line

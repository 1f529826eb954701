"""The finder of things of docs/extending.md, as it stands there, and what is said of one that is none."""

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.sample import RATE_HZ
from sottovoce_device.check import check
from sottovoce_device.config import Config, MicrophoneConfig, ModelsConfig, WorldCameraConfig, models_folder
from sottovoce_device.errors import ConfigError, DriverError
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.finder import Finder, open_finder
from sottovoce_device.sense.seal import readable
from sottovoce_wire import Mute, encode

EXTENDING = (Path(__file__).parents[2] / "docs/extending.md").read_text()
FINDER = re.findall(r"```python\n(.*?)```", EXTENDING, re.DOTALL)[3]
FOUND = 'return Things((Thing("red thing", 0.9, Box(left, top, right, bottom)),), frame.at_ms)'


def finder(folder: Path, text: str) -> str:
    (folder / "mine.py").write_text(text)
    return str(folder / "mine.py")


def opened(path: str) -> Finder:
    return open_finder(path, Weights(models_folder(Config())))


def scene() -> NDArray[np.uint8]:
    """Something red on the left of a grey wall: RGB."""
    picture = np.full((360, 640, 3), 128, np.uint8)
    picture[100:260, 60:220] = (220, 20, 20)
    return picture


def test_what_it_finds_under_the_gaze_is_named_and_where_nothing_is_nothing_is(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "wall.png"), scene()[..., ::-1])
    (tmp_path / "gazes.csv").write_text(f"t,x,y\n0.5,{140 / 640},0.5\n2.5,0.9,0.5\n")
    (tmp_path / "glasses.toml").write_text(f'[models]\nfinder = "{finder(tmp_path, FINDER)}"\n')
    command = [sys.executable, "-m", "sottovoce_device", "replay", f"--config={tmp_path / 'glasses.toml'}", "--things"]
    command += [f"--world={tmp_path / 'wall.png'}", f"--gaze={tmp_path / 'gazes.csv'}", "--json"]
    command += ["--look=recognise@1", "--look=recognise@3"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    seen = {(e["command"], e["label"], e["confidence"]) for e in events if e["type"] == "LookedAt"}
    assert seen == {(0, "red thing", 90), (1, "red thing", 90)}, "rested on, and asked for"


def test_the_surest_thing_is_first_in_whatever_order_and_kind_of_number_it_is_given(tmp_path: Path) -> None:
    box = "Box(0, np.float32(0.25), np.float64(1), 1)"
    two = f"return Things((Thing('cup', np.float32(0.5), {box}), Thing('pot', 1, {box})), 0.0)"
    found = opened(finder(tmp_path, FINDER.replace(FOUND, two))).infer(Frame(scene(), 7.0))
    assert [(thing.label, thing.confidence) for thing in found.things] == [("pot", 1.0), ("cup", 0.5)]
    assert found.at_ms == 7.0
    assert {type(thing.confidence) for thing in found.things} == {float}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("None", "a NoneType, and not Things"),
        ("Things([], 0.0)", "no tuple of at most 1000 things"),
        ("Things(('cup',), 0.0)", "something that is no Thing with a Box"),
        ("Things((Thing('', 0.5, BOX),), 0.0)", "a label that is no text of 1 to 40 characters"),
        ("Things((Thing('a' * 41, 0.5, BOX),), 0.0)", "a label that is no text of 1 to 40 characters"),
        ("Things((Thing('a\\nb', 0.5, BOX),), 0.0)", "a label that is no text of 1 to 40 characters"),
        ("Things((Thing('cup', 90, BOX),), 0.0)", "a confidence or a place that is no number from 0 to 1"),
        ("Things((Thing('cup', float('nan'), BOX),), 0.0)", "a confidence or a place that is no number from 0 to 1"),
        ("Things((Thing('cup', 0.5, Box(0, 0, 640, 360)),), 0.0)", "a confidence or a place that is no number"),
    ],
)
def test_an_answer_that_is_none_is_an_error_of_the_file_that_gave_it(tmp_path: Path, answer: str, told: str) -> None:
    path = finder(tmp_path, FINDER.replace(FOUND, f"return {answer.replace('BOX', 'Box(0, 0, 1, 1)')}"))
    with pytest.raises(DriverError, match=rf"^{path}: infer\(\) gave {told}"):
        opened(path).infer(Frame(scene(), 0.0))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "mine.py: there is no open_finder in it"),
        (FINDER.replace("def infer", "def find"), "what it opens, a Red, has no infer"),
        (FINDER.replace("return Things((), frame.at_ms)", "return []"), r"infer\(\) gave a list, and not Things"),
        (FINDER.replace("if len(rows)", "if rows[0]"), r"mine.py, line \d+: IndexError: "),
    ],
)
def test_a_file_that_is_no_finder_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=rf"^\[models\] finder: .*{told}"):
        opened(finder(tmp_path, text))


def test_a_finder_that_there_is_not_is_named() -> None:
    with pytest.raises(
        ConfigError, match=r"^\[models\] finder = 'yolo': there is none; choose nanodet, or give a file"
    ):
        opened("yolo")


def test_it_is_tried_on_noise_of_the_camera_s_size_by_the_command_that_checks_it(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "wall.png"), scene()[..., ::-1])
    camera = WorldCameraConfig(driver="simulated", path=str(tmp_path / "wall.png"), width=320, height=240)
    silence = MicrophoneConfig(path=str(tmp_path / "none.wav"))
    models = ModelsConfig(finder=finder(tmp_path, FINDER))
    (works, line), (hears, _), (sees, _) = check(Config(models=models, world_camera=camera, microphone=silence))
    assert (works, hears, sees) == (True, False, True)
    assert re.fullmatch(r"\[models\] \S+mine\.py: it looks at 320 x 240 in \d+ ms", line)


def test_the_seal_lets_sense_read_it(tmp_path: Path) -> None:
    path = finder(tmp_path, FINDER)
    assert Path(path) in readable(Config(models=ModelsConfig(finder=path)))
    assert Path(path) not in readable(Config())


def test_a_finder_that_hangs_ends_the_process_that_senses(tmp_path: Path) -> None:
    hanging = finder(
        tmp_path, FINDER.replace("if len(rows)", "while len(rows) >= self._least: pass\n        if len(rows)")
    )
    cv2.imwrite(str(tmp_path / "wall.png"), scene()[..., ::-1])
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE_HZ), RATE_HZ)
    config = tmp_path / "glasses.toml"
    config.write_text(
        f'[microphone]\npath = "{tmp_path / "silence.wav"}"\nat_end = "loop"\n[gate]\nsocket = "{tmp_path / "s"}"\n'
        f'[world_camera]\ndriver = "simulated"\npath = "{tmp_path / "wall.png"}"\n[seeing]\nthings = true\n'
        f'[models]\nfinder = "{hanging}"\n'
    )
    senses = (
        "import sys; from pathlib import Path; from sottovoce_device.config import Config; "
        "from sottovoce_device.sense.process import Sense; from sottovoce_wire.settings import load_settings; "
        "Sense(load_settings(Config, Path(sys.argv[1]))).run(sealed=False, hung_s=2)"
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as gate:
        gate.bind(str(tmp_path / "s"))
        gate.listen()
        with subprocess.Popen([sys.executable, "-c", senses, str(config)]) as glasses:
            peer, _ = gate.accept()
            peer.send(encode(Mute(muted=False)))
            assert glasses.wait(60) == -signal.SIGALRM

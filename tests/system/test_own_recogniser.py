"""The recogniser of docs/extending.md, as it stands there, and what is said of one that is none."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from test_extending import DRIVER, driver, told_with_settings

from sottovoce_device.capture.sample import RATE_HZ
from sottovoce_device.check import check
from sottovoce_device.config import Config, ModelsConfig, models_folder
from sottovoce_device.errors import ConfigError
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.replay import Replay
from sottovoce_device.sense.recogniser import open_recogniser
from sottovoce_wire import Mute, Said, encode

Pcm = NDArray[np.float32]

RECOGNISER = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs/extending.md").read_text(), re.DOTALL
)[2]


def recogniser(folder: Path, text: str) -> ModelsConfig:
    (folder / "words.py").write_text(text)
    return ModelsConfig(recogniser=str(folder / "words.py"))


def scene(folder: Path, speech: Pcm) -> Path:
    """Somebody speaks, after and before a second of silence."""
    quiet = np.zeros(RATE_HZ, np.float32)
    soundfile.write(folder / "scene.wav", np.concatenate([quiet, speech, quiet]), RATE_HZ)
    return folder / "scene.wav"


def test_the_recogniser_hears_the_words_that_leave(tmp_path: Path, ask: Callable[[str], Pcm]) -> None:
    replay = Replay(Config(models=recogniser(tmp_path, RECOGNISER)))
    left = list(replay.run(scene(tmp_path, ask("Set a timer for ten minutes."))))
    assert [each.event.text for each in left if isinstance(each.event, Said)] == ["What time is it?"]


def test_the_recogniser_is_tried_on_noise_by_the_command_that_checks_it(tmp_path: Path) -> None:
    config = Config(microphone=driver(tmp_path, DRIVER), models=recogniser(tmp_path, RECOGNISER))
    (works, line), (hears, _) = check(config)
    assert works
    assert hears
    assert re.fullmatch(r"\[models\] \S+words\.py: it hears 2 s of sound in \d+ ms", line)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"words\.py: there is no open_recogniser in it"),
        (RECOGNISER.replace("def infer", "def hear"), "what it opens, a Always, has no infer"),
        (
            RECOGNISER.replace("return Always", "open('/no/such')\n    return Always"),
            r"line \d+: FileNotFoundError: .*",
        ),
        (RECOGNISER.replace("return Transcript(", "return str("), r"line \d+: TypeError: .*"),
        (RECOGNISER.replace("return Transcript(", "raise SystemExit(3) or ("), r"line \d+: SystemExit: 3"),
        (RECOGNISER.replace("return Transcript(", "return tuple, ("), r"infer\(\) gave a tuple, and not a Transcript"),
        (RECOGNISER.replace("1.0)", "7.0)"), r"infer\(\) gave a confidence that is not from 0 to 1"),
        (RECOGNISER.replace("1.0)", '"1")'), "gave a Transcript of str and str, and not of a text and a number"),
        (
            RECOGNISER.replace("time is it?", "time\\nis it?"),
            "gave characters that are none: control characters, or .*",
        ),
        (RECOGNISER.replace('"What time is it?"', '"x" * 3000'), "gave 3000 characters, and 2000 are the most"),
    ],
)
def test_a_file_that_is_no_recogniser_is_refused(tmp_path: Path, text: str, told: str) -> None:
    config = recogniser(tmp_path, text)
    with pytest.raises(ConfigError, match=rf"^\[models\] recogniser: .*{told}$"):
        open_recogniser(config.recogniser, Weights(models_folder(Config())))


def test_a_recogniser_that_there_is_not_is_named(tmp_path: Path) -> None:
    told = "[models] recogniser = 'bset': there is none; choose one of best, "
    with pytest.raises(ConfigError, match=rf"^{re.escape(told)}"):
        open_recogniser("bset", Weights(models_folder(Config())))
    config = Config(microphone=driver(tmp_path, DRIVER), models=ModelsConfig(recogniser="bset", finder="nanodte"))
    heard, seen, (works, _) = check(config)
    assert (heard[0], seen[0], works) == (False, False, True)
    assert told in heard[1]
    assert "[models] finder = 'nanodte': there is none; choose nanodet, or give a file, mine.py" in seen[1]


@pytest.mark.parametrize("fails", ["raise KeyError(1)", "raise SystemExit(1)"])
def test_of_a_recogniser_that_fails_on_a_recording_one_line_tells(
    tmp_path: Path, ask: Callable[[str], Pcm], fails: str
) -> None:
    text = RECOGNISER.replace(
        "return Transcript(", f"if len(speech.data) != RATE_HZ:\n            {fails}\n        return Transcript("
    )
    (tmp_path / "glasses.toml").write_text(f'[models]\nrecogniser = "{recogniser(tmp_path, text).recogniser}"\n')
    command = [
        sys.executable,
        "-m",
        "sottovoce_device",
        "replay",
        str(scene(tmp_path, ask("Set a timer for ten minutes."))),
    ]
    done = subprocess.run(
        [*command, f"--config={tmp_path / 'glasses.toml'}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 6
    assert re.fullmatch(r"sottovoce-device: \S+, line \d+: (KeyError|SystemExit)\n", done.stderr)


def test_a_recogniser_that_hangs_ends_the_process_that_senses(tmp_path: Path, ask: Callable[[str], Pcm]) -> None:
    hanging = RECOGNISER.replace(
        "return Transcript(", "while len(speech.data) != RATE_HZ: pass\n        return Transcript("
    )
    config = tmp_path / "glasses.toml"
    config.write_text(
        f'[microphone]\npath = "{scene(tmp_path, ask("Set a timer for ten minutes."))}"\nat_end = "loop"\n'
        f'[models]\nrecogniser = "{recogniser(tmp_path, hanging).recogniser}"\n[gate]\nsocket = "{tmp_path / "s"}"\n'
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
            peer.close()


def test_of_a_recogniser_that_fails_under_the_seal_the_exit_code_tells(
    tmp_path: Path, ask: Callable[[str], Pcm]
) -> None:
    failing = RECOGNISER.replace("return Transcript(", "len(speech.data) == RATE_HZ or 1 / 0; return Transcript(")
    path = scene(tmp_path, ask("Set a timer for ten minutes."))
    settings = (
        f'[microphone]\npath = "{path}"\nat_end = "loop"\n'
        f'[models]\nrecogniser = "{recogniser(tmp_path, failing).recogniser}"\n'
    )
    told = told_with_settings(tmp_path, settings, "sense ended")
    assert "sealed (" in told
    assert "sense ended (exit code 6: a file of yours failed" in told
    assert "ZeroDivisionError" not in told, "a sealed sense has no log"

"""Sealed glasses with a real microphone driver, on a sound server of the user's as distributions set it up."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stage import NAME, Stage, wait_until

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("pyaudio") is None, reason="PyAudio is not installed"),
    pytest.mark.skipif(not all(map(shutil.which, ("pulseaudio", "pactl", "paplay"))), reason="no pulseaudio here"),
]

CARD = 'pcm.lapel { type pulse hint { show on description "a microphone" } }\npcm.!default { type pulse }\n'
SERVER = ("pulseaudio", "-n", "--daemonize=no", "--system=false", "--exit-idle-time=-1", "--use-pid-file=no")
ROOM = ("-L", "module-native-protocol-unix", "-L", "module-null-sink sink_name=room")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a user whose microphone hears what is played into the room."""
    tmp_path.chmod(0o700)
    (tmp_path / ".asoundrc").write_text(CARD)
    ours = {name: str(tmp_path) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with (tmp_path / "server.log").open("ab") as log:
        server = subprocess.Popen([*SERVER, *ROOM], env=os.environ | ours, stdout=log, stderr=log)
    try:
        asked = [str(shutil.which("pactl")), "set-default-source", "room.monitor"]
        wait_until(lambda: subprocess.run(asked, env=os.environ | ours, check=False).returncode == 0, "it answers")
        yield ours
    finally:
        server.kill()
        server.wait()


def test_sealed_glasses_hear_a_question_through_the_sound_server_of_their_user(
    stage: Stage, home: dict[str, str], scene: Callable[..., Path]
) -> None:
    question = scene(1.0, "What is seventeen times three?", 2.0)
    stage.host()
    watch = stage.watch()
    settings = stage.folder / "device.toml"
    settings.write_text(
        f'[gate]\nsecurity = "plain"\nsocket = "{stage.folder / "gate.sock"}"\n'
        '[microphone]\ndriver = "pyaudio"\ndevice = "lapel"\n'
    )
    options = [f"--config={settings}", f"--name={NAME}", f"--broker=127.0.0.1:{stage.port}"]
    device = stage.start("device", "sottovoce_device", "run", *options, env=home)
    wait_until(watch.senses, "the glasses sense")
    wait_until(lambda: "sealed (Landlock" in device.said, "they are sealed")
    play = [str(shutil.which("paplay")), "--device=room", str(question)]
    subprocess.run(play, env=os.environ | home, check=True)
    wait_until(lambda: watch.said, "the question was heard")
    assert "seventeen" in watch.said[0].lower() or "17" in watch.said[0]

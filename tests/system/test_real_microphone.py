"""Sealed glasses with a real microphone driver, on a sound server of the user's as distributions set it up."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sound_server import SoundServer, missing
from stage import NAME, Stage, wait_until

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("pyaudio") is None, reason="PyAudio is not installed"),
    pytest.mark.skipif(bool(missing()), reason=f"not here: {missing()}"),
]

CARD = 'pcm.lapel { type pulse hint { show on description "a microphone" } }\npcm.!default { type pulse }\n'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SoundServer]:
    """Of a user whose microphone hears what is played into the room."""
    (tmp_path / ".asoundrc").write_text(CARD)
    made = SoundServer(tmp_path)
    yield made
    made.close()


def test_sealed_glasses_hear_a_question_through_the_sound_server_of_their_user(
    stage: Stage, server: SoundServer, scene: Callable[..., Path]
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
    device = stage.start("device", "sottovoce_device", "run", *options, env=server.env)
    wait_until(watch.senses, "the glasses sense")
    wait_until(lambda: "sealed (Landlock" in device.said, "they are sealed")
    server.play(question)
    wait_until(lambda: watch.said, "the question was heard")
    assert "seventeen" in watch.said[0].lower() or "17" in watch.said[0]

"""The real microphone's driver, hearing a real (virtual) source of a PulseAudio server of our own."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from stage import wait_until

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("pyaudio") is None, reason="PyAudio is not installed"),
    pytest.mark.skipif(not all(map(shutil.which, ("pulseaudio", "pactl", "paplay"))), reason="no pulseaudio here"),
]

TONE_HZ, SECOND_HZ = 440, 660
ROOM = "module-null-sink sink_name=room rate=16000 channels={}"
# PortAudio aborts where there is no "default".
CARDS = """
pcm.lapel { type pulse device "room.monitor" hint { show on description "a microphone" } }
pcm.!default { type pulse device "room.monitor" }
"""
# It tells of every eight blocks and of every change of state; it closes the driver when its stdin ends.
LISTENER = """
import json, sys, threading
import numpy as np
from sottovoce_device.capture.portaudio import open_microphone
from sottovoce_device.config import MicrophoneConfig
from sottovoce_device.errors import SensorError

def tell(**news):
    print(json.dumps(news), flush=True)

def watch(state=None):
    while not threading.Event().wait(0.02):
        if microphone.state != state:
            state = microphone.state
            tell(state=state)

try:
    config = MicrophoneConfig(driver="pyaudio", device=sys.argv[1], channels=int(sys.argv[2]))
    microphone = open_microphone(config)
except SensorError as error:
    sys.exit(tell(error=str(error)))
threading.Thread(target=watch, daemon=True).start()
threading.Thread(target=lambda: (sys.stdin.read(), microphone.close()), daemon=True).start()
def pitch(sound):
    return float(np.abs(np.fft.rfft(sound * np.hanning(len(sound)))).argmax() * 16000 / len(sound))

heard, second, times = [], [], []
try:
    for block in microphone.blocks():
        heard.append(block.data)
        second.append(block.data if block.second is None else block.second)
        times.append(block.at_ms)
        if len(heard) == 8:
            sound = np.concatenate(heard)
            tell(
                hz=pitch(sound), second_hz=pitch(np.concatenate(second)), peak=float(np.abs(sound).max()),
                kind=str(sound.dtype), lengths=[len(h) for h in heard], ms=(times[-1] - times[0]) / 7,
            )
            heard, second, times = [], [], []
except SensorError as error:
    sys.exit(tell(error=str(error)))
tell(ended=True)
"""


class SoundServer:
    """A PulseAudio server that nobody else uses, with a room in which a tone sounds; two, of two channels."""

    def __init__(self, folder: Path, channels: int = 1) -> None:
        self._folder = folder
        self._room = ROOM.format(channels)
        self._started: list[subprocess.Popen[bytes]] = []
        self._server: subprocess.Popen[bytes] | None = None
        folder.chmod(0o700)
        (folder / "asound.conf").write_text(CARDS)
        waves = np.outer(np.arange(16_000 * 120) / 16_000, (TONE_HZ, SECOND_HZ)[:channels])
        soundfile.write(folder / "tone.wav", 0.4 * np.sin(2 * np.pi * waves), 16_000)
        ours = {name: str(folder) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_RUNTIME_PATH")}
        self.env = os.environ | ours | {
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_LATENCY_MSEC": "30",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }  # fmt: skip

    def start(self) -> None:
        flags = "-n --daemonize=no --system=false --exit-idle-time=-1 --use-pid-file=no --disable-shm=yes"
        flags += " --realtime=no --high-priority=no --log-target=stderr"
        socket = f"module-native-protocol-unix auth-anonymous=1 socket={self._folder}/native"
        self._server = self._run("pulseaudio", *flags.split(), "-L", socket, "-L", self._room)
        wait_until(lambda: self._control("info").returncode == 0, "the sound server answers", 20)
        self.play()

    def play(self) -> None:
        self._run("paplay", "--device=room", str(self._folder / "tone.wav"))

    def signal(self, number: int) -> None:
        assert self._server is not None
        self._server.send_signal(number)
        if number == signal.SIGKILL:
            self._server.wait()

    def unplug(self) -> None:
        assert self._control("unload-module", "module-null-sink").returncode == 0

    def plug_in(self) -> None:
        assert self._control("load-module", *self._room.split()).returncode == 0
        self.play()

    def close(self) -> None:
        for process in reversed(self._started):
            process.kill()
            process.wait()

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        with (self._folder / "server.log").open("ab") as log:
            process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log)
        self._started.append(process)
        return process

    def _control(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(["/usr/bin/env", "pactl", *words], env=self.env, capture_output=True, check=False)


class Listener:
    """A process with the driver in it, and what it told."""

    def __init__(self, env: dict[str, str], device: str = "lapel", channels: int = 1) -> None:
        self.told: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-c", LISTENER, device, str(channels)],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self.told.extend(json.loads(line) for line in self._process.stdout)

    @property
    def state(self) -> str | None:
        states = [news["state"] for news in list(self.told) if "state" in news]
        return states[-1] if states else None

    @property
    def heard(self) -> list[dict[str, Any]]:
        return [news for news in list(self.told) if "hz" in news]

    def hears_on(self) -> None:
        """Wait until more comes than has come so far."""
        before = len(self.heard)
        wait_until(lambda: len(self.heard) >= before + 3, "blocks flow", 20)

    def end(self) -> str:
        """Close the driver; what the process has said on stderr. It ends by itself, soon."""
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._process.stdin.close()
        code = self._process.wait(10)
        self._reader.join()
        stderr = self._process.stderr.read()
        assert code == 0, stderr
        return stderr

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SoundServer]:
    made = SoundServer(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture
def listener(server: SoundServer) -> Iterator[Listener]:
    made = Listener(server.env)
    yield made
    made.kill()


def test_blocks_of_512_at_16_khz_come_from_the_named_microphone_with_what_sounds_in_the_room(
    listener: Listener,
) -> None:
    wait_until(lambda: len(listener.heard) >= 8, "two seconds are heard", 20)
    listener.end()
    for news in listener.heard[2:]:
        assert news["kind"] == "float32"
        assert set(news["lengths"]) == {512}
        assert news["hz"] == pytest.approx(TONE_HZ, abs=4)
        assert news["peak"] == pytest.approx(0.4, abs=0.02)
    assert np.mean([news["ms"] for news in listener.heard[2:]]) == pytest.approx(32, abs=3)
    assert listener.state == "on"
    assert listener.told[-1] == {"ended": True}


def test_two_microphones_are_heard_each_by_itself_where_the_device_has_two(tmp_path: Path) -> None:
    server = SoundServer(tmp_path, channels=2)
    try:
        server.start()
        listener = Listener(server.env, channels=2)
        wait_until(lambda: len(listener.heard) >= 4, "a second is heard", 20)
        listener.end()
    finally:
        server.close()
    assert {len(news["lengths"]) for news in listener.heard} == {8}
    assert listener.heard[-1]["hz"] == pytest.approx(TONE_HZ, abs=4)
    assert listener.heard[-1]["second_hz"] == pytest.approx(SECOND_HZ, abs=4)


def test_a_device_of_one_microphone_is_told_from_two_though_the_sound_system_makes_two_channels_of_it(
    server: SoundServer,
) -> None:
    single = Listener(server.env, channels=2)
    wait_until(lambda: any("error" in news for news in single.told), "the sameness is noticed", 20)
    assert single.end() == ""
    assert single.told[-1]["error"].startswith("[microphone] device = 'lapel': both channels are the same sound")
    assert single.told[-1]["error"].endswith("set [microphone] channels = 1, or choose another input")


def test_a_microphone_that_is_not_there_is_refused_in_one_line_with_the_inputs_there_are(
    server: SoundServer,
) -> None:
    absent = Listener(server.env, "headset")
    assert absent.end() == ""
    assert absent.told == [{"error": "[microphone] device = 'headset': no such input; there is: lapel, default"}]


def test_opening_is_silent_on_the_terminal_whatever_the_libraries_of_sound_complain_of(server: SoundServer) -> None:
    of_the_system = {name: value for name, value in server.env.items() if name != "ALSA_CONFIG_PATH"}
    absent = Listener(of_the_system, "headset")
    assert absent.end() == ""
    assert "no such input; there is: " in absent.told[0]["error"]


@pytest.mark.parametrize("how", ["the server dies", "the source goes"])
def test_an_unplugged_microphone_is_lost_and_heard_again_when_it_is_back(
    server: SoundServer, listener: Listener, how: str
) -> None:
    listener.hears_on()
    if how == "the server dies":
        server.signal(signal.SIGKILL)
    else:
        server.unplug()
    wait_until(lambda: listener.state == "lost", "the microphone is lost", 10)
    if how == "the server dies":
        server.start()
    else:
        server.plug_in()
    wait_until(lambda: listener.state == "on", "the microphone is found again", 20)
    listener.hears_on()
    assert listener.heard[-1]["hz"] == pytest.approx(TONE_HZ, abs=4)
    listener.end()


def test_a_sound_server_that_hangs_is_a_lost_microphone_and_heard_again_when_it_goes_on(
    server: SoundServer, listener: Listener
) -> None:
    listener.hears_on()
    server.signal(signal.SIGSTOP)
    wait_until(lambda: listener.state == "lost", "the microphone is lost", 10)
    server.signal(signal.SIGCONT)
    wait_until(lambda: listener.state == "on", "the microphone is heard again", 20)
    listener.hears_on()


def test_the_driver_can_be_closed_while_the_sound_server_hangs(server: SoundServer, listener: Listener) -> None:
    listener.hears_on()
    server.signal(signal.SIGSTOP)
    wait_until(lambda: listener.state == "lost", "the microphone is lost", 10)
    listener.end()
    assert listener.told[-1] == {"ended": True}

import os
import re
import signal
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from stage import NAME, ORDINARY, Stage, wait_until

from sottovoce_wire import AwaitReply, Hearing, Speaking, Vitals, decode_event
from sottovoce_wire.topics import parse_topic

Scene = Callable[..., Path]
ROOT = Path(__file__).parents[2]

NETWORK = {
    "asyncio", "ssl", "_ssl", "http", "urllib.request", "socketserver", "ftplib", "smtplib", "aiomqtt", "paho", "amqtt",
    "websockets", "zeroconf", "cryptography", "spake2", "sottovoce_trust", "sottovoce_device.gate", "sottovoce_host",
}  # fmt: skip
SENSORS = {
    "numpy", "onnxruntime", "soundfile", "soxr", "pyaudio", "cv2", "sottovoce_device.capture",
    "sottovoce_device.perceive", "sottovoce_device.decide", "sottovoce_device.sense", "sottovoce_host",
}  # fmt: skip


def test_a_spoken_question_goes_in_only_text_leaves_and_a_spoken_answer_comes_out(stage: Stage, scene: Scene) -> None:
    host = stage.host()
    watch = stage.watch()
    device = stage.device(scene(4.0, "What is seventeen times three?", 5.0, ("two_cities.wav", 1.0, 5.0), 2.0))
    wait_until(watch.senses, "the glasses sense")
    wait_until(lambda: [c.speaking for c in watch.all(Speaking)] == [True, False], "the reply has sounded")
    assert "times" in watch.said[0]
    assert watch.all(Hearing), "nothing was told while the wearer was speaking"
    wait_until(lambda: watch.all(AwaitReply), "the glasses are told to wait for more")
    with wave.open(str(stage.wav)) as replies:
        assert replies.getnframes() / replies.getframerate() > 1
    wait_until(lambda: len(watch.messages) and watch.all(Vitals), "the glasses tell how they are")
    explained = stage.start("explain", "sottovoce_device", "explain", f"--config={stage.folder / 'device.toml'}")
    explained.popen.wait(30)
    assert re.search(r"turn 1 +opened .*it is a question ", explained.said)
    assert "seventeen" not in explained.said
    for topic, payload, _ in watch.messages:
        where = parse_topic(topic)
        if where.direction != "command":
            assert where.device == NAME
            assert where.tag in ("", type(decode_event(payload)).__name__)
    assert device.end() == 0
    wait_until(lambda: watch.status and not watch.status.alive, "the glasses said that they are gone")
    assert host.end() == 0
    assert "Traceback" not in device.said + host.said
    assert "a fault in the program" not in device.said + host.said


def test_sequence_numbers_have_no_gap_when_nothing_was_lost(stage: Stage, scene: Scene) -> None:
    stage.host()
    watch = stage.watch()
    stage.device(scene(2.0, "What is seventeen times three?", 1.0))
    wait_until(lambda: watch.said, "the question was heard")
    events = [decode_event(p) for t, p, kept in watch.messages if not kept and "/event/" in t]
    assert len({e.session for e in events}) == 1
    numbers = [e.seq for e in events]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def modules_of(log: str) -> set[str]:
    """What `python -X importtime` says a live process has imported."""
    return set(re.findall(r"^import time:[^|]+\|[^|]+\|\s+([\w.]+)\s*$", log, re.MULTILINE))


def test_no_network_library_is_loaded_in_sense_and_no_sensor_or_model_library_in_gate(
    stage: Stage, scene: Scene
) -> None:
    stage.host()
    watch = stage.watch()
    importing = {"PYTHONPROFILEIMPORTTIME": "1"}
    path = scene(1.0, "What is seventeen times three?", 1.0)
    gate, sense = (stage.device(path, part, env=importing) for part in ("gate", "sense"))
    wait_until(lambda: watch.said, "the question was heard")
    for running, banned, own in ((sense, NETWORK, "onnxruntime"), (gate, SENSORS, "aiomqtt")):
        loaded = modules_of(running.said)
        assert own in loaded, "the list of modules is not what it should be"
        found = {m for m in loaded if any(m == b or m.startswith(f"{b}.") for b in banned)}
        assert found == set()


def test_the_sensing_process_has_no_internet_socket_and_no_file_open_for_writing(stage: Stage, scene: Scene) -> None:
    stage.host()
    watch = stage.watch()
    path = scene(1.0, "What is seventeen times three?", 1.0)
    stage.device(path, "gate")
    sense = stage.device(path, "sense")
    wait_until(lambda: watch.said, "the question was heard")
    process = psutil.Process(sense.popen.pid)
    assert process.net_connections("inet") == []
    writable = {f.path for f in process.open_files() if f.mode not in ("r", "rb")}
    assert writable == set(), "not even the log that this test gave it"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_the_demo_ends_clean_when_it_is_interrupted_and_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-m", "sottovoce_host", "demo", "--wav"]
    demo = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    started: list[psutil.Process] = []

    def runs() -> bool:
        started[:] = psutil.Process(demo.pid).children(recursive=True)
        return len(started) >= len(("run", "gate", "sense"))

    wait_until(runs, "the glasses run")
    demo.send_signal(number)
    out, _ = demo.communicate(timeout=30)
    assert demo.returncode == 130
    assert "Traceback" not in out
    assert "nothing is left running" in out
    assert psutil.wait_procs(started, timeout=10)[1] == []


def refusals(shown: str, caption: str) -> list[str]:
    """The ledger's lines from this caption to where the wearer asks the glasses again."""
    part = shown.partition(f"▶ {caption}")[2].partition("▶ The wearer asks the glasses")[0]
    return [line for line in part.splitlines() if "no words left the glasses" in line]


def test_the_demo_goes_as_scripted_and_shows_every_stage_to_any_user_without_a_session(tmp_path: Path) -> None:
    command = [*ORDINARY, sys.executable, "-m", "sottovoce_host", "demo", "--wav"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | {"HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("  reply  ") == 5
    assert done.stdout.count("first sound") >= 5
    assert "“It says: Region-based segmentation”  (eyes)" in done.stdout, "what was looked at when it was asked"
    read, talked = (refusals(done.stdout, of) for of in ("A man reads aloud", "The wearer talks to somebody else"))
    assert read, "what somebody reads is not for the glasses, and the ledger says why"
    assert any("the voice is not near" in line for line in talked), "two people across the room"
    assert any("the voice is not near" not in line for line in talked), "the wearer, to one of them"
    assert "rings" in done.stdout
    assert "best of times" not in done.stdout
    assert (tmp_path / "out" / "replies.wav").stat().st_size > 100_000
    assert str(tmp_path / "out" / "replies.wav") in done.stdout
    assert "Traceback" not in done.stderr

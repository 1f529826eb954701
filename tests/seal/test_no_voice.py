"""A voice is learnt at the glasses alone: nobody gets one out of sense, and no host has it learnt."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from stage import NAME, Stage, wait_until
from tests.seal.attack import settings
from tests.seal.gates_end import Gate

from sottovoce_device.enrolment import keep_voice
from sottovoce_device.learnt import KnownVoice
from sottovoce_wire import Attended, Done, EnrolVoice, encode
from sottovoce_wire.topics import command_topic

Scene = Callable[..., Path]
ACTIONS: tuple[Literal["begin", "end"], ...] = ("begin", "end")


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    made = Gate(tmp_path / "gate.sock")
    yield made
    made.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def test_a_gate_that_asks_sense_for_a_voice_gets_none(gate: Gate, tmp_path: Path, scene: Scene) -> None:
    wearer = tmp_path / "wearer"
    keep_voice(wearer, KnownVoice([1 / 16] * 256))
    speech = scene(1.0, ("two_cities.wav", 1.0, 9.0), 1.5)
    config = settings(tmp_path, speech, f'[device]\nwearer = "{wearer}"\n')
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sottovoce_device", "sense", f"--config={config}"], stderr=log
        )
    try:
        gate.accept()
        gate.peer.send(encode(EnrolVoice(seq=1, action="begin")))
        gate.until(lambda: any(isinstance(e, Attended) for e in gate.events))
        gate.peer.send(encode(EnrolVoice(seq=2, action="end")))
        gate.until(lambda: any(isinstance(e, Done) and e.command == 2 for e in gate.events))
    finally:
        process.terminate()
        process.wait(30)
    answers = {e.command: e.outcome for e in gate.events if isinstance(e, Done) and e.command}
    assert answers == {1: "unsupported", 2: "unsupported"}
    assert max(len(encode(e)) for e in gate.events) < 1_000  # type: ignore[arg-type]
    assert [path.name for path in wearer.iterdir()] == ["voice.json"]


def test_a_voice_is_compared_under_the_seal(gate: Gate, tmp_path: Path, scene: Scene) -> None:
    wearer = tmp_path / "wearer"
    keep_voice(wearer, KnownVoice([1 / 16] * 256))
    config = tmp_path / "device.toml"
    speech = scene(1.0, ("two_cities.wav", 1.0, 9.0), 1.5)
    config.write_text(
        f'[gate]\nsocket = "{tmp_path}/gate.sock"\n[microphone]\npath = "{speech}"\n[device]\nwearer = "{wearer}"\n'
    )
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sottovoce_device", "sense", f"--config={config}"], stderr=log
        )
    try:
        gate.accept()
        gate.until(lambda: "wearer_voice" in told(gate))
        threads = Path(f"/proc/{process.pid}/task").iterdir()
        states = [(thread / "status").read_text() for thread in threads]
    finally:
        process.terminate()
        process.wait(30)
    assert all("Seccomp:\t2\n" in state for state in states)


def told(gate: Gate) -> list[str]:
    """The names of all evidence so far."""
    return [evidence.name for e in gate.events if isinstance(e, Attended) for evidence in e.evidence]


def test_a_host_that_asks_for_a_voice_is_told_unsupported_and_the_log_names_the_cure(
    stage: Stage, scene: Scene
) -> None:
    stage.broker()
    watch = stage.watch()
    device = stage.device(scene(1.0, ("two_cities.wav", 1.0, 9.0), 1.5))
    wait_until(watch.senses, "the glasses sense")
    for seq, action in enumerate(ACTIONS, start=1):
        asked = EnrolVoice(session=5, seq=seq, sent_ms=round(time.monotonic() * 1000), action=action)
        watch.publish(command_topic(NAME, asked), encode(asked))
    wait_until(lambda: len(watch.all(Done)) == len(ACTIONS), "both were answered")
    assert {d.outcome for d in watch.all(Done)} == {"unsupported"}
    assert "run `sottovoce-device enrol`" in device.said
    assert not (stage.folder / f"wearer-{NAME}" / "voice.json").exists()

"""Real processes of ours, and a real datagram socket that they take for systemd's (sd_notify(3), sd_listen_fds(3))."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stage import Running, Stage, wait_until

from sottovoce_host.demo.process import free_port
from sottovoce_wire import Mute, decode_command
from sottovoce_wire.readiness import notify, watchdog_s

Scene = Callable[..., Path]
LIMIT_S = 0.5
WATCHED = {"WATCHDOG_USEC": "500000"}


class Listener:
    """What a process tells whoever started it. address: as in $NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1))
        self.told: list[str] = []

    def next(self, patience_s: float = 60.0) -> str:
        """The next thing it tells; empty where it tells nothing for so long."""
        self._socket.settimeout(patience_s)
        try:
            self.told.append(self._socket.recv(4096).decode())
        except TimeoutError:
            return ""
        return self.told[-1]

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Listener]:
    made = Listener(str(tmp_path / "notify"))
    yield made
    made.close()


@pytest.fixture
def start(stage: Stage, systemd: Listener, scene: Scene) -> Callable[[str], Running]:
    """Starts one part of ours, watched."""

    def started(part: str, **env: str) -> Running:
        told = {"NOTIFY_SOCKET": systemd.address} | env
        return stage.device(scene(1.0), part, env=told)

    return started


def test_a_process_says_that_it_is_ready_and_then_that_it_lives_until_it_hangs(
    systemd: Listener, start: Callable[..., Running]
) -> None:
    running = start("gate", **WATCHED)
    assert systemd.next() == "READY=1"
    assert [systemd.next() for _ in range(3)] == ["WATCHDOG=1"] * 3
    running.popen.send_signal(signal.SIGSTOP)
    while systemd.next(LIMIT_S):  # what was under way
        assert len(systemd.told) < 8
    running.popen.send_signal(signal.SIGCONT)
    assert systemd.next() == "WATCHDOG=1"
    assert running.end() == 0


def test_a_process_that_nobody_watches_says_that_it_is_ready_and_no_more(
    systemd: Listener, start: Callable[..., Running]
) -> None:
    start("gate")
    assert systemd.next() == "READY=1"
    assert systemd.next(1.0) == ""


def test_sense_says_that_it_is_ready_and_keeps_no_socket_for_more(
    systemd: Listener, stage: Stage, start: Callable[..., Running]
) -> None:
    stage.broker()
    gate = start("gate", NOTIFY_SOCKET="")
    sense = start("sense", **WATCHED)
    assert systemd.next() == "READY=1"
    wait_until(lambda: "sealed (Landlock" in sense.said, "it is sealed")
    wait_until(lambda: "sense is here" in gate.said, "it is at work")
    links = [os.readlink(f"/proc/{sense.popen.pid}/fd/{n}") for n in os.listdir(f"/proc/{sense.popen.pid}/fd")]  # noqa: PTH115, PTH208
    assert len([link for link in links if link.startswith("socket:")]) == 1
    assert systemd.next(1.0) == ""
    assert sense.popen.poll() is None


def test_a_sense_that_waits_for_its_sensor_asks_for_more_time_and_is_not_ready(
    systemd: Listener, stage: Stage, start: Callable[..., Running], tmp_path: Path
) -> None:
    start("gate", NOTIFY_SOCKET="")
    options = stage.device_options(tmp_path / "not-there-yet.wav")
    sense = stage.start(
        "sense", "sottovoce_device", "sense", "--await-sensors", *options, env={"NOTIFY_SOCKET": systemd.address}
    )
    assert [systemd.next(), systemd.next()] == ["EXTEND_TIMEOUT_USEC=10000000"] * 2
    assert sense.said.count("waiting for it") == 1


def test_an_abstract_address_is_understood_and_one_that_is_gone_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listener = Listener(f"@sottovoce-{os.getpid()}")
    monkeypatch.setenv("NOTIFY_SOCKET", listener.address)
    notify("READY=1")
    assert listener.next() == "READY=1"
    listener.close()
    notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    notify("READY=1")


@pytest.mark.parametrize(
    ("allowed", "watched", "every_s"),
    [("3000000", str(os.getpid()), 1.5), ("3000000", "", 1.5), ("3000000", "1", None), ("", "", None), ("x", "", None)],
    ids=["of us", "of anybody", "of another", "not at all", "nonsense"],
)
def test_signs_of_life_come_twice_as_often_as_they_must_from_whom_they_are_asked(
    monkeypatch: pytest.MonkeyPatch, allowed: str, watched: str, every_s: float | None
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", allowed)
    monkeypatch.setenv("WATCHDOG_PID", watched)
    assert watchdog_s() == every_s


HANDING = 'export LISTEN_PID={pid} LISTEN_FDS={count}; exec 3<&0 < /dev/null; exec "$0" "$@"'


def handed(
    stage: Stage, given: socket.socket, scene: Path, *, count: str = "1", pid: str = "$$"
) -> subprocess.Popen[str]:
    """A gate that is started with this as descriptor 3, by a shell that tells it so as systemd would."""
    shell = ["/bin/sh", "-c", HANDING.format(pid=pid, count=count)]
    gate = [sys.executable, "-m", "sottovoce_device", "gate", *stage.device_options(scene)]
    return subprocess.Popen([*shell, *gate], stdin=given, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as made:
        made.bind(str(tmp_path / "gate.sock"))
        made.listen(1)
        yield made


def test_a_gate_takes_the_socket_that_is_handed_to_it_and_leaves_it_for_its_successor(
    stage: Stage, scene: Scene, listening: socket.socket, tmp_path: Path
) -> None:
    for _ in range(2):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sense:
            sense.connect(str(tmp_path / "gate.sock"))  # before there is a gate: it waits, and is not refused
            gate = handed(stage, listening, scene(1.0))
            sense.settimeout(60)
            assert isinstance(decode_command(sense.recv(4096)), Mute)
            gate.terminate()
            gate.communicate(timeout=30)
            assert gate.returncode == 0
        assert (tmp_path / "gate.sock").exists()


def test_what_is_handed_over_and_is_not_the_gate_s_socket_ends_it_with_one_clear_line(
    stage: Stage, scene: Scene, listening: socket.socket
) -> None:
    path = scene(1.0)
    with socket.create_server(("127.0.0.1", free_port())) as network, socket.socket(socket.AF_UNIX) as idle:
        for given, count, says in (
            (network, "1", "another kind of socket"),
            (idle, "1", "another kind of socket"),
            (listening, "2", "systemd hands over 2 sockets"),
        ):
            gate = handed(stage, given, path, count=count)
            _, said = gate.communicate(timeout=30)
            assert gate.returncode == 2
            assert says in said
            assert len(said.splitlines()) == 1


def test_a_socket_that_was_handed_to_another_process_is_not_taken(
    stage: Stage, scene: Scene, listening: socket.socket
) -> None:
    gate = handed(stage, listening, scene(1.0), pid="1")
    _, said = gate.communicate(timeout=30)
    assert gate.returncode == 2
    assert "another gate is running there" in said, "it tries to make its own, where somebody listens"

"""The installed units under a real systemd: they start, pair, answer; are shut in; and come back when they hang."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from machine import Machine, lacking
from stage import wait_until

from sottovoce_host.demo.process import free_port

LACKING = lacking()
pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"no machine can be booted here: {LACKING}")

SENSE, GATE, HOST = "sottovoce-sense", "sottovoce-gate", "sottovoce-host"
PYTHON = ("env", "LD_LIBRARY_PATH=/opt/python/lib", "/opt/sottovoce/.venv/bin/python")
SIMULATED = 'driver = "simulated"\npath = "/etc/sottovoce/scene.wav"\nat_end = "loop"'


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, scene: Callable[..., Path]) -> Iterator[Machine]:
    """Everything installed, started and paired, by the commands that systemd/README.md gives."""
    made = Machine(tmp_path_factory.mktemp("machine"))
    port = free_port()
    shipped = (made.etc / "glasses.toml").read_text().replace('driver = "pyaudio"', SIMULATED)
    made.settings("glasses.toml", shipped.replace("[gate]", f"[gate]\npairing_port = {port}"))
    shipped = (made.etc / "host.toml").read_text()
    silent = shipped.replace('"speaker"', '"wav"\npath = "/var/lib/sottovoce-host/replies.wav"')
    made.settings("host.toml", f"{silent}\n[broker]\nport = {free_port()}\n")
    shutil.copy(scene(1.0, "What is seventeen times three?", 8.0), made.etc / "scene.wav")
    made.start()
    try:
        made.ctl("start", "--no-block", "sottovoce.target", f"{HOST}.service")
        for unit in (GATE, SENSE, HOST):
            wait_until(lambda unit=unit: made.shown(unit, "ActiveState") == "active", f"{unit} is active")  # type: ignore[misc]
        code = wait_until(lambda: re.search(r"the code is (\d{3} \d{3})", made.log(GATE)), "the journal has a code")
        told = made.inside(
            "setpriv", "--reuid=sottovoce-host", "--regid=sottovoce-host", "--clear-groups", *PYTHON,
            "-m", "sottovoce_host", "pair", f"127.0.0.1:{port}", f"--code={code[1]}",
            "--config=/etc/sottovoce/host.toml",
        )  # fmt: skip
        assert told.stdout == "paired with specs\n", told.stderr
        yield made
    finally:
        made.close()


def status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def test_installed_glasses_pair_with_an_installed_host_and_a_spoken_question_is_answered(machine: Machine) -> None:
    replies = machine.files / "var/lib/sottovoce-host/replies.wav"
    wait_until(lambda: "gate: connected to the broker" in machine.log(GATE), "the gate is connected")
    wait_until(lambda: replies.exists() and replies.stat().st_size > 20_000, "a reply was spoken")
    assert "sealed (Landlock" in machine.log(SENSE)
    assert "cannot be announced" not in machine.log(GATE)
    assert "Traceback" not in machine.log(SENSE) + machine.log(GATE) + machine.log(HOST)
    assert "a fault in the program" not in machine.log(SENSE) + machine.log(GATE) + machine.log(HOST)


@pytest.mark.parametrize("unit", [SENSE, GATE, HOST])
def test_a_unit_runs_as_its_own_user_without_capabilities_behind_a_filter(machine: Machine, unit: str) -> None:
    found = status(machine.pid(unit))
    passwd = (machine.files / "etc/passwd").read_text()
    uid = next(line.split(":")[2] for line in passwd.splitlines() if line.startswith(f"{unit}:"))
    assert found["Uid"].split() == [uid] * 4
    assert uid != "0"
    assert {int(found[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb")} == {0}
    assert (found["NoNewPrivs"], found["Seccomp"]) == ("1", "2")


WRITABLE = """
import os
for line in open("/proc/self/mounts"):
    _, point, kind, options, *_ = line.split()
    if "ro" not in options.split(",") and kind not in {"proc", "sysfs", "cgroup2"}:
        for folder in {point, *(folder for folder, _, _ in os.walk(point))}:
            if os.access(folder, os.W_OK):
                print(folder)
"""


def seen_by(machine: Machine, unit: str, program: str) -> list[str]:
    """What this program prints as the unit's user, in the unit's view of the files."""
    ids = (f"--reuid={unit}", f"--regid={unit}", "--clear-groups")
    told = machine.inside("setpriv", *ids, *PYTHON, "-c", program, target=machine.pid(unit))
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


def test_sense_finds_no_folder_that_it_could_write_and_the_others_only_their_own(machine: Machine) -> None:
    assert seen_by(machine, SENSE, WRITABLE) == []
    own = {"/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue"}  # noqa: S108 -- of its own name space
    states = {"/var/lib/sottovoce-gate", "/var/lib/sottovoce-gate/pairing", "/var/lib/sottovoce-wearer"}
    assert set(seen_by(machine, GATE, WRITABLE)) - own == states | {"/run/sottovoce-gate"}
    found = set(seen_by(machine, HOST, WRITABLE)) - own
    assert all(folder.startswith("/var/lib/sottovoce-host") for folder in found)


SOCKETS = """
import os, stat
for folder, _, files in os.walk("/run"):
    for path in (os.path.join(folder, name) for name in files):
        if stat.S_ISSOCK(os.lstat(path).st_mode):
            print(path)
"""


def test_sense_sees_no_socket_but_the_gate_s_and_systemd_s_and_no_network(machine: Machine) -> None:
    assert sorted(seen_by(machine, SENSE, SOCKETS)) == ["/run/sottovoce/gate.sock", "/run/systemd/notify"]
    interfaces = Path(f"/proc/{machine.pid(SENSE)}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
    assert Path(f"/proc/{machine.pid(SENSE)}/net/route").read_text().splitlines()[1:] == []


CONNECT = "import socket; socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect('/run/sottovoce/gate.sock')"


@pytest.mark.parametrize("unit", [GATE, HOST])
def test_nobody_but_sense_may_connect_to_the_gate(machine: Machine, unit: str) -> None:
    ids = (f"--reuid={unit}", f"--regid={unit}", "--clear-groups")
    told = machine.inside("setpriv", *ids, *PYTHON, "-c", CONNECT)
    assert "PermissionError" in told.stderr


def among(machine: Machine, unit: str, script: str) -> str:
    """What a shell of root's says that runs this in the control group of the unit, with nothing else of it."""
    group = machine.group / "system.slice" / f"{unit}.service" / "cgroup.procs"
    told = subprocess.run(
        ["/bin/bash", "-c", f"echo $$ > {group}; {script}"], capture_output=True, text=True, check=False
    )
    return told.stderr


@pytest.mark.parametrize("unit", [SENSE, GATE, HOST])
def test_a_device_that_is_not_listed_is_refused_even_to_root(machine: Machine, unit: str) -> None:
    """/dev/kmsg stands for all of them: root may read it, and only the unit's device list forbids it."""
    assert os.access("/dev/kmsg", os.R_OK)
    assert "/dev/kmsg: Operation not permitted" in among(machine, unit, ": < /dev/null && : < /dev/kmsg")


def test_no_packet_of_sense_would_pass_even_in_a_network(machine: Machine) -> None:
    send = "echo > /dev/udp/127.0.0.1/9"
    assert "Operation not permitted" in among(machine, SENSE, send)
    assert among(machine, GATE, send) == ""


LEARN = """
from sottovoce_device.enrolment import keep_voice
from sottovoce_device.learnt import KnownVoice
from pathlib import Path
keep_voice(Path("/var/lib/sottovoce-wearer"), KnownVoice([1 / 16] * 256))
"""
READ = "open('/var/lib/sottovoce-wearer/voice.json').read()"
FORGET = """
from sottovoce_device.learnt import forget
from pathlib import Path
print(forget(Path("/var/lib/sottovoce-wearer"), "everything"))
"""


def test_sense_takes_up_an_enrolled_voice_and_the_gate_can_forget_it_but_not_read_it(machine: Machine) -> None:
    kept = machine.files / "var/lib/sottovoce-wearer/voice.json"
    ended = machine.log("ends").count(SENSE)
    as_sense = ("setpriv", "--reuid=sottovoce-sense", "--regid=sottovoce-sense", "--clear-groups")
    assert machine.inside(*as_sense, *PYTHON, "-c", LEARN).stderr == ""
    wait_until(lambda: machine.log("ends").count(SENSE) == ended + 1, "sense has seen it")
    wait_until(lambda: machine.shown(SENSE, "ActiveState") == "active", "its successor has read it")
    as_gate = ("setpriv", "--reuid=sottovoce-gate", "--regid=sottovoce-gate", "--clear-groups")
    refused = machine.inside(*as_gate, *PYTHON, "-c", READ, target=machine.pid(GATE))
    assert "PermissionError" in refused.stderr
    assert kept.exists()
    assert seen_by(machine, GATE, FORGET) == ["True"]
    assert not kept.exists()
    wait_until(lambda: machine.log("ends").count(SENSE) == ended + 2, "sense has seen that, too")
    wait_until(lambda: machine.shown(SENSE, "ActiveState") == "active", "its successor knows nobody")


def test_the_ledger_of_installed_glasses_is_told_to_the_gate_s_user(machine: Machine) -> None:
    ids = ("--reuid=sottovoce-gate", "--regid=sottovoce-gate", "--clear-groups")
    command = (*PYTHON, "-m", "sottovoce_device", "explain", "--config=/etc/sottovoce/glasses.toml")
    told = machine.inside("setpriv", *ids, *command)
    assert told.returncode == 0, told.stderr
    assert told.stdout


def test_a_gate_and_a_host_that_hang_are_started_again_and_sense_comes_back(machine: Machine) -> None:
    parts = (GATE, HOST)
    for unit in parts:
        machine.alter(unit, "WatchdogSec=2\n")
    came = machine.log(GATE).count("sense is here")
    machine.ctl("restart", *parts)
    wait_until(lambda: machine.log(GATE).count("sense is here") > came, "sense is with the gate")
    came = machine.log(GATE).count("sense is here")
    before = {unit: machine.pid(unit) for unit in parts}
    for pid in before.values():
        os.kill(pid, signal.SIGSTOP)
    for unit in parts:
        wait_until(
            lambda unit=unit: (
                machine.pid(unit) not in {0, before[unit]}  # type: ignore[misc]
                and machine.shown(unit, "ActiveState") == "active"
            ),
            f"{unit} is back",
        )
        assert f"{unit} watchdog KILL" in machine.log("ends")
        machine.alter(unit, "")
    wait_until(lambda: machine.log(GATE).count("sense is here") > came, "sense is with the new gate")


def test_a_gate_that_is_killed_finds_the_budget_as_it_left_it(machine: Machine) -> None:
    kept = machine.files / "run/sottovoce-gate/ledger.budget"
    before, pid = kept.stat(), machine.pid(GATE)
    came = machine.log(GATE).count("sense is here")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: machine.pid(GATE) not in {0, pid}, "the gate is back")
    wait_until(lambda: machine.log(GATE).count("sense is here") > came, "and sense with it")
    assert kept.stat().st_ino == before.st_ino
    assert before.st_mode & 0o777 == 0o600


def test_a_sealed_sense_that_hangs_is_ended_by_the_kernel_and_started_again(machine: Machine) -> None:
    hung = "/opt/sottovoce/tests/units/hung_sense.py /etc/sottovoce/glasses.toml 1"
    machine.alter(SENSE, f"ExecStart=\nExecStart=/opt/sottovoce/.venv/bin/python {hung}\n")
    machine.ctl("restart", SENSE)
    wait_until(lambda: f"{SENSE} signal ALRM" in machine.log("ends"), "the kernel has ended it")
    wait_until(lambda: machine.shown(SENSE, "NRestarts") != "0", "it was started again")
    machine.alter(SENSE, "")
    machine.ctl("restart", SENSE)
    assert machine.shown(SENSE, "ActiveState") == "active"


def test_sense_runs_on_the_unit_s_doors_alone_where_the_settings_say_so(machine: Machine) -> None:
    settings = machine.files / "etc/sottovoce/glasses.toml"
    before = settings.read_text()
    settings.write_text(f'{before}[sense]\nseal = "systemd-only"\n')
    sealed = machine.log(SENSE).count("sealed (Landlock")
    machine.ctl("restart", SENSE)
    settings.write_text(before)
    assert machine.shown(SENSE, "ActiveState") == "active"
    assert machine.log(SENSE).count("sealed (Landlock") == sealed


def test_a_sense_that_needs_its_user_is_not_started_again_and_the_gate_stays(machine: Machine) -> None:
    settings = machine.files / "etc/sottovoce/glasses.toml"
    before = settings.read_text()
    settings.write_text(before.replace("[microphone]", "[mircophone]"))
    machine.ctl("restart", SENSE)
    settings.write_text(before)
    assert machine.shown(SENSE, "ActiveState") == "failed"
    assert machine.shown(GATE, "ActiveState") == "active"
    assert "there is no table [mircophone]" in machine.log(SENSE)


def test_a_gate_that_needs_its_user_brings_all_to_rest_until_they_are_started_anew(machine: Machine) -> None:
    kept = machine.files / "var/lib/sottovoce-gate/pairing/host.json"
    before = kept.read_bytes()
    machine.ctl("restart", SENSE)  # it will look for the gate, and must not start it for ever
    kept.write_bytes(b"{")
    machine.ctl("restart", GATE)
    wait_until(lambda: machine.shown("sottovoce-rest.target", "ActiveState") == "active", "they rest")
    wait_until(lambda: machine.ctl("list-jobs") == "No jobs running.", "nothing is under way")
    assert "pairing: damaged; run `sottovoce-device unpair` and pair again" in machine.log(GATE)
    assert machine.pid(GATE) == machine.pid(SENSE) == 0
    kept.write_bytes(before)
    machine.ctl("restart", "sottovoce.target")
    for unit in (GATE, SENSE):
        wait_until(lambda unit=unit: machine.shown(unit, "ActiveState") == "active", f"{unit} is back")  # type: ignore[misc]


def test_glasses_that_are_stopped_leave_no_process_and_no_socket(machine: Machine) -> None:
    assert (machine.files / "run/sottovoce/gate.sock").exists()
    machine.ctl("stop", "sottovoce.target")
    wait_until(lambda: machine.pid(SENSE) == machine.pid(GATE) == 0, "both have ended")
    wait_until(lambda: not (machine.files / "run/sottovoce/gate.sock").exists(), "the socket is gone")
    assert {machine.shown(unit, "Result") for unit in (SENSE, GATE)} == {"success"}

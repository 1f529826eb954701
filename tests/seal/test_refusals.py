"""Sense on kernels that cannot seal it: an outer filter, put on before it starts, answers as such a kernel would."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

LACKING = """
import os, platform, sys
from sottovoce_device.sense.seal_landlock import give_up_new_privileges
from sottovoce_device.sense.seal_seccomp import ALLOWED, EQUAL, ERRNO, LOAD, RETURN, Insn, install
from sottovoce_device.sense.seal_syscalls import ARCHES
arch = ARCHES[platform.machine()]
number, error = int(sys.argv[1]), int(sys.argv[2])
number = {0: (317, 277)[arch.column]}.get(number, number)
give_up_new_privileges()
install(arch, [Insn(LOAD, 0, 0, 0), Insn(EQUAL, 0, 1, number), Insn(RETURN, 0, 0, ERRNO | error), ALLOWED])
os.execv(sys.executable, [sys.executable, "-m", "sottovoce_device", "sense", *sys.argv[3:]])
"""
LANDLOCK, SECCOMP = 444, 0


def refused(tmp_path: Path, scene: Path, *lacking: int, more: str = "") -> str:
    """What sense says there; it must end with 2 before it senses."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as gate:
        gate.bind(str(tmp_path / "gate.sock"))
        gate.listen(1)
        settings = tmp_path / "device.toml"
        settings.write_text(f'[gate]\nsocket = "{tmp_path}/gate.sock"\n[microphone]\npath = "{scene}"\n{more}')
        if lacking:
            command = [sys.executable, "-c", LACKING, *map(str, lacking), f"--config={settings}"]
        else:
            command = [sys.executable, "-m", "sottovoce_device", "sense", f"--config={settings}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (LANDLOCK, errno.ENOSYS, "lacks Landlock: it needs Linux 5.13 and CONFIG_SECURITY_LANDLOCK"),
        (LANDLOCK, errno.EOPNOTSUPP, "switched off: boot with landlock in the parameter lsm="),
        (SECCOMP, errno.ENOSYS, "lacks seccomp filters"),
        (SECCOMP, errno.EINVAL, "it needs CONFIG_SECCOMP_FILTER"),
    ],
)
def test_a_kernel_that_cannot_seal_is_named_and_sense_does_not_start(
    tmp_path: Path, scene: object, call: int, error: int, says: str
) -> None:
    assert says in refused(tmp_path, scene(1.0), call, error)  # type: ignore[operator]


def test_leaving_the_seal_to_systemd_is_refused_where_systemd_has_not_done_it(tmp_path: Path, scene: object) -> None:
    said = refused(tmp_path, scene(1.0), more='[sense]\nseal = "systemd-only"\n')  # type: ignore[operator]
    assert "nothing has shut this process in" in said


def test_a_mute_switch_that_is_not_there_keeps_sense_from_starting(tmp_path: Path, scene: object) -> None:
    said = refused(tmp_path, scene(1.0), more='[mute]\ndriver = "simulated"\npath = "/nowhere"\n')  # type: ignore[operator]
    assert "the sensors stay off" in said

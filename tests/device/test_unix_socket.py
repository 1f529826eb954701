"""Sockets of the gate: for one user, and made without leaving a trace in how everything else is made."""

import asyncio
import contextlib
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sottovoce_device.errors import GateError
from sottovoce_device.gate.inlet import Inlet
from sottovoce_device.gate.ledger import Ledger
from sottovoce_device.gate.unix_socket import bound

LONG = "n" * 120
"""A path of more than 107 bytes is none for a socket."""


def test_a_socket_is_for_its_own_user(tmp_path: Path) -> None:
    with bound(tmp_path / "one", socket.SOCK_STREAM):
        assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o600


def test_folders_that_are_made_while_the_ledger_s_socket_is_can_be_entered(tmp_path: Path) -> None:
    async def beside(rounds: int) -> None:
        serving = asyncio.create_task(Ledger(tmp_path / "ledger").serve())
        for number in range(rounds):
            await asyncio.sleep(0)
            (tmp_path / f"{number}").mkdir(0o700)
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    asyncio.run(beside(20))
    assert {stat.S_IMODE((tmp_path / f"{n}").stat().st_mode) for n in range(20)} == {0o700}
    umask = os.umask(0o022)
    os.umask(umask)
    assert umask != 0o177


def test_a_path_that_is_too_long_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"n: cannot be made \(AF_UNIX path too long\); set \[gate\] ledger"):
        asyncio.run(Ledger(tmp_path / LONG).serve())
    with pytest.raises(GateError, match=r"cannot be made \(AF_UNIX path too long\); set \[gate\] socket"):
        Inlet(tmp_path / LONG)


def test_where_the_socket_is_is_known_without_trying_anything_out() -> None:
    environment = {"TMPDIR": "/nonexistent", "PATH": os.defpath}
    asking = "from sottovoce_device.config import Config, socket_path; print(socket_path(Config()))"
    told = subprocess.run([sys.executable, "-c", asking], env=environment, capture_output=True, text=True, check=True)
    assert Path(told.stdout).parent == Path("/nonexistent"), "sense asks when it is sealed and may write nowhere"

"""A sense that was taken over, against the real gate and a real broker."""

import math
import random
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self, get_args

import pytest
from stage import Stage, Watch, wait_until

from sottovoce_device.gate.budget import BURST_BITS, RATE_BITS_PER_S
from sottovoce_wire import Attended, Evidence, Mute, encode
from sottovoce_wire.evidence import EvidenceName
from sottovoce_wire.topics import command_topic

NAMES = get_args(EvidenceName)
REASONS = 16
BITS_OF_ONE = REASONS * math.log2(len(NAMES) * 201)
"""What one line of the ledger can hide in its evidence alone."""


def hiding(chance: random.Random) -> Iterator[bytes]:
    """Lines of the ledger that are full of something else, with nonsense in between, without an end."""
    while True:
        reasons = tuple(
            Evidence(name=chance.choice(NAMES), weight=10 * chance.randrange(-100, 101)) for _ in range(REASONS)
        )
        yield encode(
            Attended(at_ms=now_ms(), turn=chance.randrange(2**32), opened=True, confidence=1, evidence=reasons)
        )
        yield chance.randbytes(100)


def now_ms() -> int:
    return round(time.monotonic() * 1000)


class Rogue:
    """Connected to the gate's socket, writing as fast as the gate takes it."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        wait_until(lambda: self._connected(path), "the gate listens")
        self.sent, self.since = 0, time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._flood)

    def _connected(self, path: Path) -> bool:
        return self.socket.connect_ex(str(path)) == 0

    def _flood(self) -> None:
        self.socket.settimeout(0.2)
        for message in hiding(random.Random(7)):  # noqa: S311 -- to be repeated, not to be secret
            if self._stopped.is_set():
                return
            try:
                self.socket.send(message)
                self.sent += 1
            except TimeoutError:
                continue

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self.socket.close()


@pytest.fixture
def flooded(stage: Stage) -> Iterator[tuple[Watch, Rogue]]:
    stage.broker()
    gate = stage.device(stage.folder / "no.wav", "gate")
    watch = stage.watch()
    wait_until(lambda: watch.status, "the gate is connected")
    with Rogue(stage.folder / "gate.sock") as rogue:
        wait_until(lambda: watch.all(Attended), "the flood comes through")
        yield watch, rogue
    assert gate.popen.poll() is None
    assert "Traceback" not in gate.said
    assert "a fault in the program" not in gate.said


def test_a_sense_that_floods_gets_no_more_out_than_the_stated_total(flooded: tuple[Watch, Rogue]) -> None:
    watch, rogue = flooded
    wait_until(lambda: len(watch.all(Attended)) * BITS_OF_ONE > 0.8 * BURST_BITS, "it has got most of the burst out")
    burst = len(watch.all(Attended))
    wait_until(lambda: len(watch.all(Attended)) >= burst + 5, "and goes on at the sustained rate")
    seconds = time.monotonic() - rogue.since
    assert len(watch.all(Attended)) * BITS_OF_ONE <= BURST_BITS + seconds * RATE_BITS_PER_S
    assert rogue.sent > 200, "it did not flood"
    turns = [event.turn for event in watch.all(Attended)]
    assert max(turns) <= len(turns), "the gate numbers turns, not sense"


def test_a_sense_that_floods_keeps_neither_mute_nor_its_confirmation_waiting(flooded: tuple[Watch, Rogue]) -> None:
    watch, rogue = flooded
    wait_until(lambda: len(watch.all(Attended)) * BITS_OF_ONE > 0.8 * BURST_BITS, "the bucket is empty")
    mute = Mute(session=5, seq=1, sent_ms=now_ms(), muted=True)
    watch.publish(command_topic("specs", mute), encode(mute))
    wait_until(lambda: watch.status and watch.status.muted, "the status says so", 5)
    assert rogue.socket.recv(4096), "sense is told"


def test_a_gate_that_is_killed_again_and_again_lets_no_more_out(stage: Stage) -> None:
    stage.broker()
    watch = stage.watch()
    since = time.monotonic()
    for life in range(3):
        gate = stage.device(stage.folder / "no.wav", "gate")
        wait_until(lambda gate=gate: "connected" in gate.said, "the gate is connected")  # type: ignore[misc]
        with Rogue(stage.folder / "gate.sock") as rogue:
            wait_until(lambda rogue=rogue: rogue.sent > 500, f"life {life} was flooded")  # type: ignore[misc]
        gate.kill()
    out = len(watch.all(Attended)) * BITS_OF_ONE
    assert 0.6 * BURST_BITS < out <= BURST_BITS + (time.monotonic() - since) * RATE_BITS_PER_S

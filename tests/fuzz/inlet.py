"""Mutated packets through the real socket of sense into the gate's inlet and judge."""

import asyncio
import random
import socket
import tempfile
import threading
from pathlib import Path

from tests.fuzz.mutation import mutated
from tests.fuzz.wire import RENEWED, FuzzedJudge

from sottovoce_device.gate.inlet import Inlet

PACKETS_PER_SENSE = 50_000
"""Then this sense goes, and the next one comes."""


def fuzz_inlet(count: int, chance: random.Random) -> dict[str, int]:
    """Tried and let out: mutated packets, some far too long, from one rogue sense after the other."""
    fuzzed = FuzzedJudge()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gate.sock"
        asyncio.run(_serve(path, fuzzed, count, chance))
    return {"tried": fuzzed.tried, "taken": fuzzed.taken}


async def _serve(path: Path, fuzzed: FuzzedJudge, count: int, chance: random.Random) -> None:
    inlet, came, went = Inlet(path), 0, 0
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    failed: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _, context: failed.append(context))
    senses = -(-count // PACKETS_PER_SENSE)

    async def receive(data: bytes) -> None:
        fuzzed.take(data)

    async def changed(connected: bool) -> None:
        nonlocal came, went
        came, went = came + connected, went + (not connected)
        if went == senses:
            over.set()

    serving = asyncio.create_task(inlet.serve(receive, changed))
    rogue = threading.Thread(target=_flood, args=(path, fuzzed, count, chance))
    rogue.start()
    ended = asyncio.create_task(over.wait())
    await asyncio.wait([serving, ended], return_when=asyncio.FIRST_COMPLETED)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    inlet.close()
    await asyncio.to_thread(rogue.join)
    assert over.is_set(), "the inlet ended while sense was there"
    assert came == senses
    assert not failed


def _flood(path: Path, fuzzed: FuzzedJudge, count: int, chance: random.Random) -> None:
    left = count
    while left:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sense:
            sense.connect(str(path))
            for number in range(min(left, PACKETS_PER_SENSE)):
                if number % RENEWED == 0:
                    good = fuzzed.seeds()
                data = mutated(chance.choice(good), chance)
                sense.send(data * 20 if number % 1000 == 0 else data or b"\0")
                left -= 1

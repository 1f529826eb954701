"""The gate's end of the socket to sense, when it is asked to end at a bad moment."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sottovoce_device.gate.inlet import Inlet


@pytest.fixture
def inlet(tmp_path: Path) -> Iterator[Inlet]:
    made = Inlet(tmp_path / "gate.sock")
    yield made
    made.close()


def test_a_cancellation_that_is_swallowed_ends_the_inlet_even_while_sense_goes_on_sending(
    inlet: Inlet, tmp_path: Path
) -> None:
    """asyncio.wait_for() of Python 3.11, in what is called for each packet, loses the error when both come at once."""

    async def scenario() -> int:
        taken, third = 0, asyncio.Event()
        sense = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        sense.connect(str(tmp_path / "gate.sock"))

        async def take(data: bytes) -> None:
            nonlocal taken
            taken += 1
            sense.send(data)
            if taken < 3:
                return
            third.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                return

        async def changed(connected: bool) -> None:
            if connected:
                sense.send(b"x")

        serving = asyncio.create_task(inlet.serve(take, changed))
        await third.wait()
        serving.cancel()
        await asyncio.wait([serving], timeout=5)
        sense.close()
        assert serving.cancelled()
        return taken

    assert asyncio.run(scenario()) == 3


def test_a_cancellation_that_comes_in_the_midst_of_a_change_of_sense_ends_the_inlet(
    inlet: Inlet, tmp_path: Path
) -> None:
    async def scenario() -> None:
        entered = asyncio.Event()

        async def changed(_: bool) -> None:
            entered.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                return

        async def take(_: bytes) -> None:
            return

        serving = asyncio.create_task(inlet.serve(take, changed))
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sense:
            sense.connect(str(tmp_path / "gate.sock"))
            await entered.wait()
            serving.cancel()
            await asyncio.wait([serving], timeout=5)
            assert serving.cancelled()

    asyncio.run(scenario())

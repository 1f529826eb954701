"""Glasses that know several addresses of their host."""

import asyncio

from sottovoce_device.gate.uplink import Route, Uplink
from sottovoce_host.demo.process import free_port
from sottovoce_wire import Status

PATIENCE_S = 20.0
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
ENOUGH = 10
"""Attempts: three rounds and one more. With a wait after each they take longer than anybody's patience."""


async def ignored(*_: object) -> None:
    """What comes is let go."""


def test_all_addresses_are_tried_before_the_first_one_is_waited_for_again() -> None:
    said: list[str] = []

    async def scenario() -> None:
        tried, enough = 0, asyncio.Event()

        def status(alive: bool) -> Status:
            nonlocal tried
            tried += 1
            if tried == ENOUGH:
                enough.set()
            return Status(at_ms=1, alive=alive, sensing=False, muted=False, device_version="1")

        glasses = Uplink("specs", said.append)
        running = asyncio.create_task(glasses.run(Route(ADDRESSES, free_port()), status, ignored))
        async with asyncio.timeout(PATIENCE_S):
            await enough.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(scenario())
    assert len(said) == 1, "nobody answers: that is told once"

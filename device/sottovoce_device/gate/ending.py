"""Ends tasks for sure."""

import asyncio
from collections.abc import Collection

from sottovoce_device.gate.uplink import FAREWELL_S


async def end(tasks: Collection[asyncio.Task[None]], again_s: float = FAREWELL_S + 0.5) -> None:
    """Cancel these, and again those that go on, until all have ended. What they end with is not raised.

    On Python 3.11 wait_for(), on which aiomqtt is built, loses a cancellation that meets a result (bpo-42130); once is
    not enough. again_s: after this long; a farewell needs FAREWELL_S.
    """
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        await asyncio.wait(going, timeout=again_s)
    await asyncio.gather(*tasks, return_exceptions=True)

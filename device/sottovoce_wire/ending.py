"""Ends tasks for sure."""

import asyncio
from collections.abc import Collection
from typing import Any, Final

AGAIN_S: Final = 2.5


async def end(tasks: Collection[asyncio.Task[Any]], again_s: float = AGAIN_S) -> None:
    """Cancel these, and again those that go on, until all have ended. What they end with is not raised.

    On Python 3.11 wait_for(), on which aiomqtt is built, loses a cancellation that meets a result (bpo-42130); once is
    not enough. again_s: after this long; what they do to end in order takes less.
    """
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        await asyncio.wait(going, timeout=again_s)
    await asyncio.gather(*tasks, return_exceptions=True)

"""Says that an event loop is alive, for as long as it is."""

import asyncio

from sottovoce_wire.readiness import notify, watchdog_s


async def keep_watchdog() -> None:
    """Ready now; then a sign of life as often as it was asked for, until cancelled. A loop that hangs gives none."""
    notify("READY=1")
    every_s = watchdog_s()
    while every_s is not None:
        await asyncio.sleep(every_s)
        notify("WATCHDOG=1")
    await asyncio.Event().wait()

"""The host with a leak in it: an observer that stores what arrives, compressed, in a database beside the memory.

Test-only. usage: python -m tests.prove.leaks.host --config=FILE
"""

import asyncio
import signal
import sqlite3
import sys
import zlib
from pathlib import Path

from sottovoce_host.config import Config
from sottovoce_host.conversation import Observer
from sottovoce_host.link.link import Arrived
from sottovoce_host.process import running_host
from sottovoce_wire import Hearing
from sottovoce_wire.settings import load_settings


class Storing(Observer):
    def __init__(self) -> None:
        self._database = sqlite3.connect("kept.sqlite")
        self._database.execute("create table kept (data blob)")

    def arrived(self, arrived: Arrived) -> None:
        if isinstance(arrived.event, Hearing):
            self._database.execute("insert into kept values (?)", (zlib.compress(arrived.event.text.encode()),))
            self._database.commit()


async def main(config: Config) -> None:
    """What run_host does."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with running_host(config) as host:
        host.observer = Storing()
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(main(load_settings(Config, Path(sys.argv[1].removeprefix("--config=")))))

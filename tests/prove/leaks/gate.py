"""The gate with a leak in it: it keeps or logs what sense sent, also what the judge refused, or lets it all through.

Test-only. usage: python -m tests.prove.leaks.gate keep|log|wide --config=FILE
"""

import asyncio
import sys
from pathlib import Path

from sottovoce_device.config import Config
from sottovoce_device.gate.process import Gate, say
from sottovoce_wire import decode_event
from sottovoce_wire.settings import load_settings


class Keeping(Gate):
    """Keeps everything."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._kept: list[bytes] = []

    async def _from_sense(self, data: bytes) -> None:
        self._kept.append(data)
        await super()._from_sense(data)


class Logging(Gate):
    """Logs everything."""

    async def _from_sense(self, data: bytes) -> None:
        say(data.hex())
        await super()._from_sense(data)


class Wide(Gate):
    """Passes on what sense says as it is: no budget, no slots, no rounding."""

    async def _from_sense(self, data: bytes) -> None:
        await self._uplink.publish(decode_event(data))


if __name__ == "__main__":
    kind = {"keep": Keeping, "log": Logging, "wide": Wide}[sys.argv[1]]
    asyncio.run(kind(load_settings(Config, Path(sys.argv[2].removeprefix("--config=")))).run())

"""Pairs the demo's two fresh sides: reads the code off the glasses' console, as a person would."""

import asyncio
import re
from pathlib import Path
from typing import Final

from sottovoce_host.config import Config
from sottovoce_host.demo.screen import Screen
from sottovoce_host.errors import BrokerError
from sottovoce_host.link.pairing_command import pair

PATIENCE_S: Final = 30.0
_ADDRESS: Final = re.compile(r"sottovoce-host pair \S+:(\d+)")
_CODE: Final = re.compile(r"the code is (\d{3} \d{3})")


async def acquaint(config: Config, console: Path, screen: Screen, glasses: asyncio.subprocess.Process) -> None:
    """Pair this host with the glasses that print to this file; say so in two lines."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE_S
    while (code := _CODE.search(_read(console))) is None:
        if glasses.returncode is not None or loop.time() > until:
            raise BrokerError("the glasses did not show a code; see the lines above")
        await asyncio.sleep(0.05)
    address = _ADDRESS.search(_read(console))
    port = address[1] if address is not None else ""
    screen.line("pair", f"the glasses show the code {code[1]} (and a QR): it is typed into `sottovoce-host pair`")
    name = await asyncio.to_thread(pair, config, f"127.0.0.1:{port}", code[1], str)
    screen.line("", f"paired with {name}: both sides have keys of their own; from here on mutual TLS 1.3")


def _read(console: Path) -> str:
    return console.read_text()

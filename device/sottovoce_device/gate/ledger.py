"""The last lines of the attention ledger, in RAM, for whoever sits at the glasses: `sottovoce-device explain`."""

import asyncio
import socket
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sottovoce_device.config import Config, socket_path
from sottovoce_device.errors import GateError
from sottovoce_device.gate.unix_socket import bound
from sottovoce_wire import Attended, decode_event, encode

KEPT: Final = 100
_READ_BYTES: Final = 1 << 20


def ledger_path(config: Config) -> Path:
    """Where the gate can be asked: a Unix socket for the same user."""
    return Path(config.gate.ledger) if config.gate.ledger else socket_path(config).with_suffix(".ledger")


class Ledger:
    """Keeps the newest verdicts, names and weights only, and tells them to one who connects."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: deque[Attended] = deque(maxlen=KEPT)

    def note(self, line: Attended) -> None:
        """A verdict."""
        self._lines.append(line)

    async def serve(self) -> None:
        """Answer until cancelled. Raises GateError where the socket cannot be made."""
        try:
            self._path.unlink(missing_ok=True)
            listener = bound(self._path, socket.SOCK_STREAM)
        except OSError as error:
            raise GateError(f"{self._path}: cannot be made ({error.strerror or error}); set [gate] ledger") from None
        async with await asyncio.start_unix_server(self._tell, sock=listener) as server:
            try:
                await server.serve_forever()
            finally:
                self._path.unlink(missing_ok=True)

    async def _tell(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(encode(line) + b"\n" for line in self._lines))
        writer.close()


def read_ledger(config: Config) -> Iterator[Attended]:
    """What the running glasses remember, the oldest first. Raises GateError where none are running."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(str(ledger_path(config)))
            with asking.makefile("rb") as answer:
                lines = answer.read(_READ_BYTES).splitlines()
        except OSError as error:
            raise GateError(
                f"no glasses {config.device.name!r} are running here ({error.strerror}); start them, or give their"
                " --name and --config"
            ) from None
    for line in lines:
        event = decode_event(line)
        if isinstance(event, Attended):
            yield event

"""Where a host finds unpaired glasses: a port that is open until they are paired, and shuts for good then."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sottovoce_device.errors import GateError
from sottovoce_device.gate.identity import keep_pairing
from sottovoce_device.gate.lockout import Lockout
from sottovoce_device.gate.pairing import GlassesSide, Pairing, new_code
from sottovoce_trust.errors import LockedError, PairingError, WrongCodeError
from sottovoce_trust.private_files import private_folder
from sottovoce_wire.errors import WireError
from sottovoce_wire.pairing import LENGTH_BYTES, PAIRING_LIMIT_BYTES, AnyPairing, Refused, encode_pairing

MESSAGE_S: Final = 5.0
"""A host that is there sends its next message at once; one that hangs is let go after this."""
_AT_ONCE: Final = 8
"""Connections beyond these are closed unread: one is served, the others are told so."""

Show = Callable[[str, int], None]
"""Shows code and port to whoever has the glasses."""
Say = Callable[[str], None]


class Doorway:
    """Waits for the host that knows the code. A new code is drawn at the start and after every lock."""

    def __init__(self, name: str, state: Path, show: Show, say: Say) -> None:
        self._name = name
        self._state = private_folder(state)
        self._lockout = Lockout(state / "lockout.json", time.monotonic())
        self._show = show
        self._say = say
        self._code = new_code()
        self._port = 0
        self._open = 0
        self._busy = False
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def wait(self, address: str, port: int, ready: Callable[[int], None] = lambda _: None) -> None:
        """Listen until paired. Raises GateError where the port is taken, PairingError where nothing can be kept."""
        try:
            server = await asyncio.start_server(self._serve, address, port, limit=2 * PAIRING_LIMIT_BYTES)
        except OSError as error:
            cure = "stop what listens there, or set another [gate] pairing_port"
            raise GateError(f"no host can pair on {address}:{port} ({error.strerror}): {cure}") from None
        self._port = server.sockets[0].getsockname()[1]
        ready(self._port)
        self._show_code()
        try:
            await self._done
        finally:
            server.close()

    def _show_code(self) -> None:
        if wait_s := self._lockout.left_s(time.monotonic()):
            self._say(
                f"locked after three wrong codes: no code is taken for {wait_s:.0f} s (or run the command `pair`)"
            )
            asyncio.get_running_loop().call_later(wait_s + 0.1, self._show_code)
        elif not self._done.done():
            self._show(self._code, self._port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open > _AT_ONCE or self._done.done():
                return
            if self._busy:
                await _send(writer, Refused(reason="busy"))
                return
            self._busy = True
            try:
                await self._run(reader, writer)
            finally:
                self._busy = False
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            self._say("a host hung up, or said nothing, in the middle of pairing")
        except PairingError as error:  # nothing can be kept: the user has to help
            if not self._done.done():
                self._done.set_exception(error)
        finally:
            self._open -= 1
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        side = GlassesSide(self._name, self._code, self._take_try, self._keep)
        try:
            while not side.paired:
                await _send(writer, side.take(await _receive(reader)))
        except LockedError as error:
            await self._refuse(writer, "locked", str(error))
        except WrongCodeError:
            await self._refuse(writer, "wrong_code", "a host gave a wrong code")
        except WireError as error:
            await self._refuse(writer, "malformed", f"a host cannot pair: {error}")
        finally:
            if side.opened:
                self._lockout.clear()
            if side.paired:
                self._finish()
            elif self._lockout.locked:
                self._code = new_code()
                self._show_code()

    def _take_try(self) -> None:
        self._lockout.begin(time.monotonic())

    def _keep(self, pairing: Pairing) -> None:
        keep_pairing(self._state, self._name, pairing)
        self._lockout.clear()

    async def _refuse(self, writer: asyncio.StreamWriter, reason: str, line: str) -> None:
        self._say(line)
        wait_s = int(self._lockout.left_s(time.monotonic()))
        await _send(writer, Refused(reason=reason, wait_s=wait_s))  # type: ignore[arg-type]

    def _finish(self) -> None:
        if not self._done.done():
            self._done.set_result(None)


async def _send(writer: asyncio.StreamWriter, message: AnyPairing) -> None:
    data = encode_pairing(message)
    writer.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
    async with asyncio.timeout(MESSAGE_S):
        await writer.drain()


async def _receive(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(MESSAGE_S):
        length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        if length > PAIRING_LIMIT_BYTES:
            raise WireError(f"a message of pairing of {length} bytes")
        return await reader.readexactly(length)


def clear_lock(state: Path) -> None:
    """Forget wrong codes: for whoever is at the glasses' own console."""
    Lockout(state / "lockout.json", 0.0).clear()

"""Where sense connects: the other end of the one Unix socket."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from sottovoce_device.errors import GateError
from sottovoce_device.gate.unix_socket import bound
from sottovoce_wire import MESSAGE_LIMIT_BYTES, encode
from sottovoce_wire.commands import AnyCommand

Receive = Callable[[bytes], Awaitable[None]]
Change = Callable[[bool], Awaitable[None]]


class Inlet:
    """Takes one sense at a time; packets come in as they were sent, commands go out.

    path: where the socket is made, for this user only. handed: one that systemd made, which is then taken instead.
    """

    def __init__(self, path: Path, handed: socket.socket | None = None) -> None:
        self._made = path if handed is None else None
        self._peer: socket.socket | None = None
        self._listener = handed or _bind(path)

    @property
    def connected(self) -> bool:
        """Whether a sense is there."""
        return self._peer is not None

    async def serve(self, receive: Receive, changed: Change) -> None:
        """Hand every packet to `receive`, and every coming and going of sense to `changed`."""
        loop = asyncio.get_running_loop()
        while not _cancelled():
            peer, _ = await loop.sock_accept(self._listener)
            peer.setblocking(False)
            self._peer = peer
            try:
                await changed(True)
                while not _cancelled() and (data := await _receive(loop, peer)):
                    await receive(data)
            finally:
                self._peer = None
                peer.close()
            if not _cancelled():
                await changed(False)
        raise asyncio.CancelledError

    def send(self, command: AnyCommand) -> bool:
        """Whether sense could be told: not when it is not there, or has stopped reading."""
        if self._peer is None:
            return False
        try:
            self._peer.send(encode(command))
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Stop listening, and remove the socket if it was made here; systemd's stays, and who connects waits in it."""
        self._listener.close()
        if self._made is not None:
            self._made.unlink(missing_ok=True)


def _cancelled() -> bool:
    """Whether this task shall end: Python 3.11's wait_for(), in what we call, may swallow the error that says so."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _receive(loop: asyncio.AbstractEventLoop, peer: socket.socket) -> bytes:
    """One packet, empty when sense has gone. A packet over the limit comes cut off, and is refused as malformed."""
    try:
        return await loop.sock_recv(peer, MESSAGE_LIMIT_BYTES + 1)
    except ConnectionError:
        return b""


def _bind(path: Path) -> socket.socket:
    try:
        _remove_stale(path)
        return bound(path, socket.SOCK_SEQPACKET)
    except OSError as error:
        why = error.strerror or error
        raise GateError(f"{path}: the socket for sense cannot be made ({why}); set [gate] socket") from None


def _remove_stale(path: Path) -> None:
    """A gate that was killed leaves its socket behind; one that lives must not be pushed aside."""
    if not path.exists():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise GateError(
        f"{path}: another gate is running there; stop it, or give this one its own [device] name and [gate] socket"
    )

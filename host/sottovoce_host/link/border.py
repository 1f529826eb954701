"""In front of the embedded broker: mutual TLS, and only those packets that its client may send.

Whoever has no certificate that counts does not get as far as the broker's code. A client is who its certificate says:
its identifier must be the certificate's name, so nobody can take over another's session, and its last will goes to its
own status only. Messages are no longer than the wire's, nothing is kept for clients that are away, and only a status
is retained.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from sottovoce_host.errors import BrokerError
from sottovoce_host.link.authority import may
from sottovoce_host.link.packets import (
    NOT_AUTHORISED,
    PUBLISH,
    RETAIN,
    Connect,
    HostilePacketError,
    check_whole,
    kind_of,
    parse_connect,
    read_packet,
    topic_of,
    without_keepalive,
    without_retain,
)
from sottovoce_trust.tls import subject_of
from sottovoce_wire.ending import end

HANDSHAKE_S: Final = 5.0
"""A client that has not finished TLS, or has not said who it is, is let go after this."""
IDLE_S: Final = 90.0
"""And one that is silent, where it has promised nothing shorter itself."""
END_S: Final = 0.02
"""How long the end of a client is kept from the broker: amqtt overlooks one that comes while it is still beginning."""
LEAVE_S: Final = 2.0
"""How long the broker may take to see a client off."""
UNSENT_LIMIT_BYTES: Final = 262_144
"""A client that reads slower than this is let go: what waits for it would only grow."""
KERNEL_LIMIT_BYTES: Final = 131_072
"""And so much waits in the kernel, which would else let it grow to megabytes for each of them."""
CONNECTIONS: Final = 64

Admits = Callable[[str, str], bool]
"""Whether a certificate of this name and serial counts now."""
Serve = Callable[[Any, Any], Awaitable[None]]
"""Has the broker serve a client: a reader and a writer as it wants them."""
Say = Callable[[str], None]


class Border:
    """Takes connections while it is open. expel() ends the sessions of those who do not count any more."""

    def __init__(self, context: ssl.SSLContext, admits: Admits, serve: Serve, say: Say) -> None:
        self._context = context
        self._admits = admits
        self._serve = serve
        self._say = say
        self._sessions: dict[str, tuple[str, _Writer, asyncio.Event]] = {}
        self._coming: set[str] = set()
        self._refused: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        self._server = await asyncio.start_server(
            self._take, host, port, ssl=self._context, ssl_handshake_timeout=HANDSHAKE_S, limit=65536
        )

    def expel(self) -> list[str]:
        """End the sessions of those whose certificates do not count any more; their names."""
        gone = [name for name, (serial, _, _) in self._sessions.items() if not self._admits(name, serial)]
        for name in gone:
            self._sessions[name][1].abort()
            self._say(f"{name} is not let in any more: its session has ended")
        return gone

    async def close(self) -> None:
        """Stop listening and end all sessions."""
        if self._server is not None:
            self._server.close()
        for _, writer, _ in list(self._sessions.values()):
            writer.abort()
        await end(list(self._tasks))

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._tasks) >= CONNECTIONS:
            writer.transport.abort()
            return
        self._tasks.add(task)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_LIMIT_BYTES)
        try:
            await self._admit(reader, writer)
        except HostilePacketError as error:
            self._say(f"a client was hung up on: {error}")
        except (OSError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError):
            pass  # it went away, or never came to the point
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("ssl_object").getpeercert() or {}
        name, serial = subject_of(peer), str(peer.get("serialNumber", ""))
        async with asyncio.timeout(HANDSHAKE_S):
            first = await read_packet(reader)
        connect = parse_connect(first)
        expired = "notAfter" in peer and ssl.cert_time_to_seconds(peer["notAfter"]) < time.time()
        problem = "its certificate has expired" if expired else self._problem(name, serial, connect)
        if problem is not None:
            if self._refused.get(name) != problem:  # it will try again and again
                self._say(f"{name or 'a client'} was not let in: {problem}")
            self._refused[name] = problem
            writer.write(NOT_AUTHORISED)
            async with asyncio.timeout(HANDSHAKE_S):
                await writer.drain()
                await reader.read(1)  # it hangs up when it has read why
            return
        self._refused.pop(name, None)
        out, ended = _Writer(writer), asyncio.Event()
        if not await self._succeeds(name):
            return
        self._sessions[name] = (serial, out, ended)
        try:
            await self._served(_Reader(without_keepalive(first), reader, name, connect.keepalive_s), out)
        finally:
            ended.set()
            if self._sessions.get(name, ("", None, None))[1] is out:
                del self._sessions[name]

    async def _succeeds(self, name: str) -> bool:
        """End the client's older session, half open maybe, with its last will. False where another waits for that.

        One that comes again and again has two places, not all of them.
        """
        if name in self._coming:
            return False
        self._coming.add(name)
        try:
            if (older := self._sessions.get(name)) is not None:
                older[1].abort()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(HANDSHAKE_S):
                        await older[2].wait()
        finally:
            self._coming.discard(name)
        return True

    async def _served(self, incoming: "_Reader", out: "_Writer") -> None:
        """Have the broker serve a client, until it has gone and LEAVE_S more, whatever the broker thinks."""
        serving = asyncio.ensure_future(self._serve(incoming, out))
        gone = asyncio.ensure_future(incoming.over.wait())
        try:
            await asyncio.wait([serving, gone], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait([serving], timeout=LEAVE_S)
            if serving.done():
                serving.result()
        finally:
            serving.cancel()
            gone.cancel()
            await asyncio.gather(serving, gone, return_exceptions=True)

    def _problem(self, name: str, serial: str, connect: Connect) -> str | None:
        try:
            if not self._admits(name, serial):
                return "its certificate does not count (not paired, or unpaired)"
        except BrokerError as error:
            return str(error)
        if connect.client != name:
            return f"it calls itself {connect.client[:40]!r}, and its certificate another name"
        if connect.will_topic is not None and not may(name, "write", connect.will_topic):
            return "its last will is for somebody else's topic"
        return None if connect.clean else "it wants messages to be kept for it"


class _Reader:
    """What the broker reads: whole packets, and only those that this client may send.

    The client's promise of a sign of life is kept here alone. amqtt would give up a read when it is broken, do nothing
    about it, and read again: the time would never be up, and a packet that was half read would be lost.

    over: set when nothing more comes.
    """

    def __init__(self, first: bytes, reader: asyncio.StreamReader, name: str, keepalive_s: int) -> None:
        self._waiting = first
        self._reader = reader
        self._name = name
        self._idle_s = min(IDLE_S, 1.5 * keepalive_s or IDLE_S)
        self.over = asyncio.Event()

    async def read(self, n: int = -1) -> bytes:
        """The next n bytes; none at the end, which is also what a hostile packet is."""
        if not self._waiting:
            try:
                async with asyncio.timeout(self._idle_s):
                    self._waiting = self._checked(await read_packet(self._reader))
            except (OSError, TimeoutError, asyncio.IncompleteReadError, HostilePacketError):
                self.over.set()
                await asyncio.sleep(END_S)
                return b""
        data, self._waiting = (self._waiting, b"") if n < 0 else (self._waiting[:n], self._waiting[n:])
        return data

    def feed_eof(self) -> None:
        """Say that nothing more comes."""
        self._reader.feed_eof()

    def _checked(self, packet: bytes) -> bytes:
        """Keep no message but a status; may() judges who may write it, here as for every other."""
        check_whole(packet)
        if kind_of(packet) != PUBLISH or not packet[0] & RETAIN:
            return packet
        return packet if topic_of(packet).endswith("/status") else without_retain(packet)


class _Writer:
    """What the broker writes to. It never waits for a client that does not read: that one is let go."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Send."""
        if not self._writer.is_closing():
            self._writer.write(data)
            if self._writer.transport.get_write_buffer_size() > UNSENT_LIMIT_BYTES:
                self.abort()

    async def drain(self) -> None:
        """Let the loop go on: what is too much has been dealt with already."""
        await asyncio.sleep(0)

    def get_peer_info(self) -> tuple[str, int]:
        """Where the client is."""
        peer = self._writer.get_extra_info("peername") or ("", 0)
        return str(peer[0]), int(peer[1])

    def get_ssl_info(self) -> None:
        """Nothing: the border has looked at it already."""

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()

    def abort(self) -> None:
        """Hang up at once."""
        self._writer.transport.abort()

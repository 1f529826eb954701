"""The gate's link to a broker that is half open, reads nothing, hangs up, or sends what it must not."""

import asyncio
import itertools
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from sottovoce_device.gate.uplink import COMMANDS_WAITING, Route, Uplink
from sottovoce_host.link.link import Link
from sottovoce_trust.mqtt import RETRY_S
from sottovoce_wire import Mute, Read, Status, encode
from sottovoce_wire.topics import command_topic

CONNACK = b"\x20\x02\x00\x00"
SUBACK = b"\x90\x04\x00\x01\x01\x01"
PUBACK = b"\x40\x02\x00\x02"
PATIENCE_S = 20.0
LONG = Read(at_ms=1, text="x" * 480, confidence=1, source="head", command=0)

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def packet(topic: str, payload: bytes) -> bytes:
    """A PUBLISH at QoS 0."""
    body = len(topic).to_bytes(2, "big") + topic.encode() + payload
    length = bytes([len(body) % 128 | 0x80, len(body) // 128]) if len(body) > 127 else bytes([len(body)])
    return b"\x30" + length + body


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, tells: bool = True) -> None:
    """What a broker says to CONNECT, to SUBSCRIBE and to the status, if the client tells one."""
    for answer in (CONNACK, SUBACK, PUBACK)[: 3 if tells else 2]:
        await reader.read(4096)
        writer.write(answer)
    await writer.drain()


async def until(condition: Callable[[], object], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 -- of threads and libraries that set no event
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"waited in vain until {what}")


class Glasses:
    """The uplink, with what it said and got, and what nobody caught."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.got: list[tuple[str, bytes]] = []
        self.uncaught: list[dict[str, object]] = []
        self.uplink = Uplink("specs", self.said.append)

        self.free = asyncio.Event()

    async def take(self, topic: str, payload: bytes, retained: bool) -> None:
        del retained
        self.got.append((topic, payload))
        await self.free.wait()

    @property
    def waiting(self) -> int:
        """How many commands wait inside."""
        client = self.uplink._client
        return len(client.messages) if client is not None else 0

    def connections(self) -> int:
        return sum("connected to" in line for line in self.said)


@asynccontextmanager
async def glasses_at(
    *behaviours: Behave, before: Read | None = None, elsewhere: tuple[str, ...] = ()
) -> AsyncIterator[Glasses]:
    """Glasses at a broker that behaves so at its first connection, so at its second, and like the last from then on.

    before: what they tell when they have no broker yet. elsewhere: further addresses of it.
    """
    glasses, coming = Glasses(), list(behaviours)
    if before is not None:
        await glasses.uplink.publish(before)
        assert glasses.uplink.unsent == 1
    writers = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            await (coming.pop(0) if len(coming) > 1 else coming[0])(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()

    asyncio.get_running_loop().set_exception_handler(lambda _, context: glasses.uncaught.append(context))
    server = await asyncio.start_server(serve, "0.0.0.0" if elsewhere else "127.0.0.1", 0)
    route = Route(("127.0.0.1", *elsewhere), server.sockets[0].getsockname()[1])
    running = asyncio.create_task(glasses.uplink.run(route, status, glasses.take))
    try:
        yield glasses
        assert not running.done()
        assert glasses.uncaught == []
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def status(alive: bool) -> Status:
    return Status(at_ms=1, alive=alive, sensing=False, muted=False, device_version="1")


async def good(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await greet(reader, writer)
    while await reader.read(4096):
        writer.write(PUBACK[:-1] + b"\x03")  # of the farewell


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Half open: the connection is there, and nobody at its other end."""
    del reader, writer
    await asyncio.sleep(60)


async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads nothing after the greeting."""
    await greet(reader, writer)
    await asyncio.sleep(60)


async def brief(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hangs up right after the greeting."""
    await greet(reader, writer)


def hostile(seed: int) -> Behave:
    """Sends noise after the greeting."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await greet(reader, writer)
        writer.write(random.Random(seed).randbytes(2_000))  # noqa: S311 -- to be repeated
        await writer.drain()
        await asyncio.sleep(0.05)

    return behave


async def flooding(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends commands faster than anybody can obey."""
    await greet(reader, writer)
    command = Mute(muted=True)
    writer.write(packet(command_topic("specs", command), encode(command)) * 20_000)
    while await reader.read(4096):
        pass


def test_a_half_open_broker_is_given_up_and_the_next_connection_is_used() -> None:
    async def scenario() -> None:
        async with glasses_at(silent, good) as glasses:
            await until(glasses.connections, "the second connection is good")
            assert "trying again" in glasses.said[0]

    asyncio.run(scenario())


def test_events_that_leave_at_the_same_moment_all_arrive() -> None:
    heard = bytearray()

    async def reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await greet(reader, writer)
        while data := await reader.read(4096):
            heard.extend(data)

    async def scenario() -> None:
        async with glasses_at(reading) as glasses:
            await until(glasses.connections, "it is connected")
            await asyncio.gather(*(glasses.uplink.publish(LONG) for _ in range(20)))
            await until(lambda: heard.count(b"/Read") == 20, "all have arrived")
            assert glasses.uplink.unsent == 0

    asyncio.run(scenario())


def test_events_that_leave_as_the_connection_breaks_are_no_fault_of_the_program() -> None:
    async def scenario() -> None:
        async def breaking(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await greet(reader, writer)
            await until(glasses.connections, "it is connected")
            reset = struct.pack("ii", 1, 0)  # SO_LINGER: the connection does not end, it breaks
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            writer.transport.abort()
            await asyncio.sleep(0)  # it is closed, and their loop has not looked yet
            await asyncio.gather(glasses.uplink.publish(LONG), glasses.uplink.publish(LONG))

        async with glasses_at(breaking, good) as glasses:
            await until(lambda: glasses.connections() > 1, "the second connection is good")

    asyncio.run(scenario())


async def ignored(*_: object) -> None:
    """What comes is let go."""


@pytest.mark.parametrize("side", ["glasses", "host"])
def test_a_broker_that_hangs_up_again_and_again_is_tried_slower_and_slower(side: str) -> None:
    came_s: list[float] = []

    async def hanging_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came_s.append(asyncio.get_running_loop().time())
        await greet(reader, writer, tells=side == "glasses")
        writer.close()

    async def scenario() -> None:
        async with await asyncio.start_server(hanging_up, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            glasses, host = Uplink("specs", lambda _: None), Link("127.0.0.1", port)
            route = Route(("127.0.0.1",), port)
            runs = glasses.run(route, status, ignored) if side == "glasses" else host.run(ignored)
            running = asyncio.create_task(runs)
            await until(lambda: len(came_s) > 3, "it has been tried four times")
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(scenario())
    waited_s = [after - before for before, after in itertools.pairwise(came_s)]
    assert all(waited >= least for waited, least in zip(waited_s, RETRY_S, strict=False)), waited_s


def test_a_broker_that_was_lost_is_looked_for_first_where_it_was() -> None:
    tried: list[str] = []

    async def hanging_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tried.append(writer.get_extra_info("sockname")[0])
        await brief(reader, writer)

    async def scenario() -> None:
        async with glasses_at(hanging_up, elsewhere=("127.0.0.2", "127.0.0.3")):
            await until(lambda: len(tried) > 2, "it has been tried three times")

    asyncio.run(scenario())
    assert set(tried) == {"127.0.0.1"}


def test_what_was_let_go_before_there_was_a_host_is_no_loss_of_its() -> None:
    async def scenario() -> None:
        async with glasses_at(good, before=LONG) as glasses:
            await until(glasses.connections, "it is connected")
            assert glasses.uplink.unsent == 0

    asyncio.run(scenario())


def test_nothing_queues_for_a_broker_that_does_not_read_and_nobody_waits_for_it() -> None:
    async def scenario() -> None:
        async with glasses_at(deaf) as glasses:
            await until(glasses.connections, "it is connected")
            async with asyncio.timeout(PATIENCE_S):
                for _ in range(20_000):
                    await glasses.uplink.publish(LONG)
            assert glasses.uplink.unsent > 1_000, "it took 13 MB for somebody who does not read"
            waiting = glasses.uplink._client._client._out_packet  # type: ignore[union-attr]
            assert len(waiting) <= 2

    asyncio.run(scenario())


def test_a_broker_that_sends_noise_is_left_and_tried_again() -> None:
    async def scenario() -> None:
        async with glasses_at(*map(hostile, range(6)), good) as glasses:
            await until(lambda: glasses.connections() > 2, "it has tried again and again")
            assert not [topic for topic, _ in glasses.got if not topic.startswith("sottovoce/1/specs/")]

    asyncio.run(scenario())


def test_commands_that_come_faster_than_they_are_obeyed_do_not_pile_up() -> None:
    async def scenario() -> None:
        async with glasses_at(flooding) as glasses:
            await until(lambda: glasses.waiting > COMMANDS_WAITING // 2, "more commands have come than are obeyed")
            for _ in range(100):
                assert glasses.waiting <= COMMANDS_WAITING
                await asyncio.sleep(0.002)
            glasses.free.set()
            await until(lambda: len(glasses.got) >= COMMANDS_WAITING, "they are obeyed")

    asyncio.run(scenario())

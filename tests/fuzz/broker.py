"""Mutated packets from a paired client, over mutual TLS, into the border and the embedded broker behind it.

Nobody's session but its own may end, nothing may be delivered beyond the client's own topics, and the broker goes on.
"""

import asyncio
import contextlib
import random
import ssl
import tempfile
from pathlib import Path
from typing import Any, Final

import aiomqtt
from amqtt.errors import ProtocolHandlerError
from tests.fuzz.mutation import mutated
from tests.pairing.couple import House

from sottovoce_host.link.authority import may
from sottovoce_host.link.broker import paired_broker
from sottovoce_host.link.house import admitting
from sottovoce_trust.tls import client_context, server_context
from sottovoce_wire.topics import ROOT

TOPIC: Final = f"{ROOT}/left/event/Said"
PER_CONNECTION: Final = 20
"""Packets of a connection; a hostile one is hung up on sooner."""
ALONGSIDE: Final = 2


def packet(kind: int, body: bytes) -> bytes:
    """A packet of MQTT 3.1.1 with a body under 128 bytes."""
    return bytes([kind, len(body)]) + body


def text(of: str) -> bytes:
    """A text as MQTT has it."""
    return len(of).to_bytes(2, "big") + of.encode()


CONNECT: Final = packet(
    0x10, text("MQTT") + b"\x04\x26\x00\x0a" + text("left") + text(f"{ROOT}/left/status") + text("x")
)
GOOD: Final = (
    CONNECT,
    packet(0x30, text(TOPIC) + b"words"),
    packet(0x33, text(f"{ROOT}/left/status") + b"\x00\x07" + b"status"),
    packet(0x34, text(TOPIC) + b"\x00\x08" + b"twice"),
    packet(0x62, b"\x00\x08"),
    packet(0x82, b"\x00\x01" + text(f"{ROOT}/left/command/+") + b"\x01"),
    packet(0xA2, b"\x00\x02" + text(f"{ROOT}/left/command/+")),
    packet(0x40, b"\x00\x01"),
    packet(0xC0, b""),
    packet(0xE0, b""),
)


def fuzz_broker(count: int, chance: random.Random) -> dict[str, int]:
    """Tried, and what was delivered to a host that listens to everything."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_run(House(Path(folder)), count, chance))


async def _run(house: House, count: int, chance: random.Random) -> dict[str, int]:
    identity, said, got = house.pair("left"), list[str](), list[str]()
    failed: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: _unless_cancelled(context, failed))
    tls = server_context(house.keys.broker, house.keys.authority)
    own = client_context(house.keys.host, house.keys.authority, house.now)
    async with (
        paired_broker("127.0.0.1", house.port, tls, admitting(house.keys, house.paired), said.append),
        aiomqtt.Client("127.0.0.1", house.port, identifier=house.keys.name, tls_context=own) as host,
    ):
        await host.subscribe(f"{ROOT}/#")
        hearing = asyncio.create_task(_hear(host, got))
        hostile = client_context(identity.path, house.keys.authority, house.now)
        for _ in range(-(-count // (PER_CONNECTION * ALONGSIDE))):
            await asyncio.gather(*(_attack(house.port, hostile, chance) for _ in range(ALONGSIDE)))
        await host.publish(f"{ROOT}/left/command/Mute", b"the end", qos=1)
        async with asyncio.timeout(20):
            await hearing
    assert all(may("left", "write", topic) for topic in got[:-1]), "something was delivered that left may not say"
    assert len(got) > count // 100, "the broker let nobody in any more"
    assert not failed, failed[0]["message"]
    return {"tried": count, "taken": len(got), "hung up on": len(said)}


def _unless_cancelled(context: dict[str, Any], failed: list[dict[str, Any]]) -> None:
    """What amqtt makes of its own cancelling of an answer to a client that has gone is no failure."""
    if not isinstance(context.get("exception"), ProtocolHandlerError):
        failed.append(context)


async def _hear(host: aiomqtt.Client, got: list[str]) -> None:
    """Until the last message of all, which only the host may write."""
    async for message in host.messages:
        got.append(str(message.topic))
        if message.payload == b"the end":
            return


async def _attack(port: int, tls: ssl.SSLContext, chance: random.Random) -> None:
    """One connection: a good CONNECT mostly, then packets of which most are mutated."""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
        first = CONNECT if chance.random() < 0.8 else mutated(CONNECT, chance)
        rest = [mutated(p, chance) if chance.random() < 0.7 else p for p in chance.choices(GOOD[1:], k=PER_CONNECTION)]
        writer.write(first + b"".join(rest))
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.1):
                await reader.read()  # until it is hung up on
        writer.transport.abort()

"""The host's end of the wire: events of all glasses come in, commands go out."""

import asyncio
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Final

import aiomqtt
from msgspec import Struct
from msgspec.structs import replace

from sottovoce_host.errors import BrokerError
from sottovoce_host.link.registry import Registry
from sottovoce_host.log import say
from sottovoce_trust.mqtt import HELD_S, RETRY_S, connection
from sottovoce_trust.tls import meaning
from sottovoce_wire import AnyEvent, Done, Speaking, Status, WireError, decode_event, encode, stamp_ms
from sottovoce_wire.commands import AnyCommand
from sottovoce_wire.topics import EVENTS_OF_ALL, STATUS_OF_ALL, command_topic, parse_topic, renewal_topic

PATIENCE_S: Final = 20.0
"""How long an external broker may be unreachable at the start before it is taken for a wrong address."""
STALE_MS: Final = 5_000
"""An event that is later than this is let go: nobody wants an answer to what was said before the last bridge."""
EVENTS_WAITING: Final = 1024
"""What comes faster than it is looked at is let go: it would be stale."""


class Arrived(Struct, frozen=True):
    """An event that arrived.

    device: of which glasses. size: bytes on the wire. at_ms: when, by this host's monotonic clock.
    sensed_ms: when what it tells of was sensed, by this host's clock (as near as the quickest message shows).
    """

    device: str
    event: AnyEvent
    size: int
    at_ms: float
    sensed_ms: float


Receive = Callable[[Arrived], Awaitable[None]]


class Link:
    """A connection to the broker that is made again when it is lost.

    name: of this host at the broker, as its certificate has it; empty where there is none. tls: None is plain.
    registry: the glasses that have been heard of, with their losses. parted: is told what glasses have done.
    """

    def __init__(self, host: str, port: int, name: str = "") -> None:
        self._host = host
        self._port = port
        self._refusal = ""
        self._session = secrets.randbits(32)
        self._name = name or f"sottovoce-host-{self._session:08x}"
        self._seq = 0
        self._client: aiomqtt.Client | None = None
        self.tls: ssl.SSLContext | None = None
        self.parted: Callable[[str, Done], None] | None = None
        self.registry = Registry()

    async def run(self, receive: Receive) -> None:
        """Hand every event that is worth it to `receive`, until cancelled.

        Raises BrokerError where there is no broker from the start.
        """
        failures, ever = 0, False
        started = time.monotonic()
        while True:
            since_s = None
            try:
                async with self._connection() as client:
                    say(f"connected to the broker at {self._host}:{self._port}")
                    since_s, ever = time.monotonic(), True
                    await client.subscribe([(STATUS_OF_ALL, 1), (EVENTS_OF_ALL, 1)])
                    self._client = client
                    async for message in client.messages:
                        await self._take(message, receive)
            except aiomqtt.MqttError as error:
                task = asyncio.current_task()
                if task is not None and task.cancelling():  # an error on the way out has replaced it
                    raise asyncio.CancelledError from None
                reason = self._refusal or meaning(error) or str(error)
                if not ever and time.monotonic() - started > PATIENCE_S:
                    where = f"{self._host}:{self._port}"
                    raise BrokerError(f"no broker answers at {where} ({reason}); start it, or set [broker]") from None
                if since_s is not None and time.monotonic() - since_s > HELD_S:
                    failures = 0
                if since_s is not None or failures == 0:
                    say(f"no connection to the broker at {self._host}:{self._port} ({reason}); trying again")
                await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])
                failures += 1
            finally:
                self._client = None

    async def send(self, device: str, command: AnyCommand) -> bool:
        """Send a command to these glasses; whether it left."""
        return await self.ask(device, command) is not None

    async def ask(self, device: str, command: AnyCommand) -> int | None:
        """Send a command to these glasses; its seq, which their answers will name. None where it did not leave."""
        self._seq += 1
        signed = replace(command, session=self._session, seq=self._seq, sent_ms=round(stamp_ms()))
        client = self._client
        if client is None:
            return None
        try:
            await client.publish(command_topic(device, signed), encode(signed), qos=1 if signed.acknowledged else 0)
        except aiomqtt.MqttError:
            return None
        return signed.seq

    async def renew(self, device: str, payload: bytes) -> bool:
        """Send these glasses their new certificate; whether it left."""
        client = self._client
        if client is None:
            return False
        try:
            await client.publish(renewal_topic(device), payload, qos=1)
        except aiomqtt.MqttError:
            return False
        return True

    def refused(self, told: str) -> None:
        """Be told why the broker did not take our certificate: MQTT itself only goes silent."""
        self._refusal = told

    async def announce(self, speaking: bool, lasts_ms: int) -> None:
        """Tell all glasses that a reply starts or has ended: none of them must take it for the wearer."""
        await self.tell_all(Speaking(speaking=speaking, lasts_ms=lasts_ms))

    async def tell_all(self, command: AnyCommand) -> None:
        """Send a command to all glasses that are there."""
        for device in self.registry.alive():
            await self.send(device, command)

    async def _take(self, message: aiomqtt.Message, receive: Receive) -> None:
        at_ms = time.monotonic() * 1000
        payload = message.payload if isinstance(message.payload, bytes) else b""
        try:
            topic = parse_topic(str(message.topic))
            event = decode_event(payload)
        except WireError:
            self.registry.refused += 1
            return
        named = "" if isinstance(event, Status) else type(event).__name__
        odd = topic.tag != named or (message.retain and not isinstance(event, Status))
        if odd or not self.registry.has_room(topic.device):
            self.registry.refused += 1
            return
        if self.registry.came_before(topic.device, event):
            return
        if isinstance(event, Done) and self.parted is not None:
            self.parted(topic.device, event)
        late_ms, sensed_ms = self.registry.take(topic.device, event, at_ms)
        if late_ms > STALE_MS and not isinstance(event, Status):
            self.registry.stale += 1
            return
        await receive(Arrived(topic.device, event, len(payload), at_ms, sensed_ms))

    def _connection(self) -> aiomqtt.Client:
        return connection(self._host, self._port, self._name, tls=self.tls, most_waiting=EVENTS_WAITING)

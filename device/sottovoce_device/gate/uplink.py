"""The link to the broker: publishes judged events, hands in commands, tells the truth about being there."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Final

import aiomqtt
from msgspec import Struct

from sottovoce_trust.mqtt import HELD_S, RETRY_S, connection
from sottovoce_trust.tls import meaning
from sottovoce_wire import AnyEvent, Done, Status, encode
from sottovoce_wire.topics import commands_of, event_topic, renewal_topic, status_topic

FAREWELL_S: Final = 2
"""How long hanging up may wait for a broker that does not answer."""
ACKNOWLEDGED_S: Final = 5
"""How long an event at QoS 1 may take."""
HANDED_OVER_S: Final = 0.25
"""And how long context may take until the kernel has it: a broker that does not read keeps nobody waiting."""
COMMANDS_WAITING: Final = 64
"""A broker that sends commands faster than they are obeyed loses what is more than this."""
NOT_AUTHORISED: Final = (5, 135)
"""CONNACK's return code of MQTT 3.1.1, and the reason code of MQTT 5 that paho makes of it."""

Receive = Callable[[str, bytes, bool], Awaitable[None]]
"""Takes topic, payload, and whether the broker had retained it."""
Say = Callable[[str], None]


class Route(Struct, frozen=True):
    """Where the broker is: addresses that are tried in turn, a port, and the TLS to speak there (None: plain)."""

    addresses: tuple[str, ...]
    port: int
    tls: ssl.SSLContext | None = None


class Uplink:
    """Keeps a connection to the broker. What cannot leave at once is let go and counted: nothing queues.

    unsent: events let go because the broker could not be reached, since it is this one.
    """

    def __init__(self, device: str, say: Say) -> None:
        self._device = device
        self._say = say
        self._refusal = ""
        self._client: aiomqtt.Client | None = None
        self._full = False
        self.unsent = 0

    async def publish(self, event: AnyEvent) -> None:
        """Send an event: Done at QoS 1, Status retained, context at QoS 0."""
        client = self._client
        if client is None or self._is_stuck(client):
            self.unsent += not isinstance(event, Status)
            return
        topic = status_topic(self._device) if isinstance(event, Status) else event_topic(self._device, event)
        qos = 1 if isinstance(event, Done | Status) else 0
        try:
            patience_s = ACKNOWLEDGED_S if qos else HANDED_OVER_S
            await client.publish(topic, encode(event), qos, retain=isinstance(event, Status), timeout=patience_s)
        except aiomqtt.MqttError:
            self.unsent += 1
            self._full = True

    def _is_stuck(self, client: aiomqtt.Client) -> bool:
        """Whether something waits already for a broker that does not read: then nothing more is put behind it.

        What was only queued a moment ago, the acknowledgement of a command or another event, is given to the kernel
        first; not where the kernel was full before, until it has taken all by itself.
        """
        link = client._client  # noqa: SLF001 -- aiomqtt does not tell
        if link.want_write() and not self._full:
            link.loop_write()
        self._full = bool(link.want_write())
        return self._full

    def refused(self, told: str) -> None:
        """Be told why the host did not take our certificate: MQTT itself only goes silent."""
        self._refusal = told

    async def run(self, route: Route, status: Callable[[bool], Status], receive: Receive) -> None:
        """Connect, and again whenever the connection is lost, until cancelled.

        status: makes the status to leave: of a gate that is there (true), and the last will of one that is not.
        """
        self.unsent = 0  # of what was let go before, nothing was for this host
        failures, unanswered, told = 0, 0, ""
        while True:
            address = route.addresses[unanswered % len(route.addresses)]
            self._refusal, since_s = "", None
            try:
                async with self._connect(address, route, status(False)) as client:
                    since_s, told = time.monotonic(), ""
                    self._client, self._full = client, False
                    await client.subscribe([(commands_of(self._device), 1), (renewal_topic(self._device), 1)])
                    await self.publish(status(True))
                    self._say(f"connected to the broker at {address}:{route.port}")
                    await self._receive_all(client, receive, status)
            except aiomqtt.MqttError as error:
                _raise_if_cancelled()
                reason = self._reason(error)
                if since_s is None:
                    unanswered += 1
                elif time.monotonic() - since_s > HELD_S:
                    failures = 0
                if not told or (reason != told and reason != str(error)):
                    self._say(f"no connection to the broker at {address}:{route.port} ({reason}); trying again")
                    told = reason
                if since_s is not None or unanswered % len(route.addresses) == 0:
                    await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])
                    failures += 1
            finally:
                self._client = None

    def _reason(self, error: aiomqtt.MqttError) -> str:
        if isinstance(error, aiomqtt.MqttCodeError) and getattr(error.rc, "value", error.rc) in NOT_AUTHORISED:
            return (
                "the host does not take these glasses any more (unpaired there, or their certificate has expired): "
                "run `sottovoce-device unpair`, then pair again"
            )
        return self._refusal or meaning(error) or str(error)

    async def _receive_all(self, client: aiomqtt.Client, receive: Receive, status: Callable[[bool], Status]) -> None:
        try:
            async for message in client.messages:
                payload = message.payload if isinstance(message.payload, bytes) else b""
                await receive(str(message.topic), payload, message.retain)
        except asyncio.CancelledError:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await self.publish(status(False))
            raise

    def _connect(self, address: str, route: Route, will: Status) -> aiomqtt.Client:
        last = aiomqtt.Will(status_topic(self._device), encode(will), qos=1, retain=True)
        return connection(address, route.port, self._device, tls=route.tls, most_waiting=COMMANDS_WAITING, will=last)


def _raise_if_cancelled() -> None:
    """Go on with a cancellation that an error on the way out has replaced."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError

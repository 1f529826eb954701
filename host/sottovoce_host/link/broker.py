"""The embedded MQTT broker (amqtt, MQTT 3.1.1): a host works without anything else installed."""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.errors import AMQTTError, ProtocolHandlerError

from sottovoce_host.errors import BrokerError
from sottovoce_host.link.border import Admits, Border, Say

_BORDER: Final = "default"
"""What amqtt wants its first listener to be called."""


@asynccontextmanager
async def embedded_broker(host: str, port: int) -> AsyncIterator[None]:
    """A broker without TLS on this address while the context lasts: for this computer only.

    Raises BrokerError where the port is taken.
    """
    _check_free(host, port)
    listener = {"type": "tcp", "bind": f"{host}:{port}"}
    async with _running({"default": listener}, "amqtt.plugins.authentication.AnonymousAuthPlugin", f"{host}:{port}"):
        yield


@asynccontextmanager
async def paired_broker(host: str, port: int, tls: ssl.SSLContext, admits: Admits, say: Say) -> AsyncIterator[Border]:
    """A broker behind the border while the context lasts. Raises BrokerError where the port is taken."""
    _check_free(host, port)
    plugin = "sottovoce_host.link.authority_plugin.AuthorityPlugin"
    async with _running({_BORDER: {"type": "external"}}, plugin, f"{host}:{port}") as broker:

        async def serve(reader: Any, writer: Any) -> None:  # noqa: ANN401 -- of the broker's own kind
            with contextlib.suppress(ProtocolHandlerError):  # what it makes of a cancellation
                await broker.external_connected(reader, writer, _BORDER)

        border = Border(tls, admits, serve, say)
        try:
            await border.open(host, port)
        except OSError as error:
            raise BrokerError(f"the broker does not start on {host}:{port}: {error}") from None
        try:
            yield border
        finally:
            await border.close()


class _Subscriptions(dict[str, list[tuple[Any, int]]]):
    """Who subscribed to what. Whoever goes through it goes through a copy.

    amqtt asks for authority, and waits, in the midst of going through it: a client that came or went meanwhile made
    another one miss the message, or ended the delivery to all.
    """

    def __iter__(self) -> Iterator[str]:
        """The filters of now."""
        return iter(list(super().keys()))

    def items(self) -> Any:  # noqa: ANN401 -- a list, where dict has a view
        """The filters and their subscribers of now."""
        return [(wanted, list(subscribers)) for wanted, subscribers in super().items()]


class _Broker(Broker):  # type: ignore[misc]
    """amqtt, but for two things.

    It hands a newcomer every retained message that anybody subscribed to, unasked; and see _Subscriptions.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._subscriptions = _Subscriptions()

    async def _publish_retained_messages_for_subscription(self, subscription: tuple[str, int], session: Any) -> None:  # noqa: ANN401
        mine = any(s.client_id == session.client_id for s, _ in self.subscriptions.get(subscription[0], ()))
        if mine and await self._topic_filtering(session, subscription[0], Action.SUBSCRIBE):
            await super()._publish_retained_messages_for_subscription(subscription, session)


@asynccontextmanager
async def _running(listeners: dict[str, Any], plugin: str, where: str) -> AsyncIterator[Any]:
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # it logs every unplugged client as an error
    broker = _Broker({"listeners": listeners, "plugins": {plugin: {}}})
    try:
        await broker.start()
    except (AMQTTError, OSError) as error:
        raise BrokerError(f"the broker does not start on {where}: {error}") from None
    try:
        yield broker
    finally:
        await broker.shutdown()


def _check_free(host: str, port: int) -> None:
    """Amqtt says nothing useful of a port that is taken, so ask first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            cure = "set [broker] host to an address of this computer, or leave it empty for all"
            raise BrokerError(f"the broker cannot listen on {host}:{port} ({error.strerror}): {cure}") from None
        except OSError as error:
            cure = 'stop what listens there, set another [broker] port, or mode = "external" to use that broker'
            raise BrokerError(f"the broker cannot listen on {host}:{port} ({error.strerror}): {cure}") from None
        except OverflowError:
            cure = "a port is a number from 1 to 65535, set another one"
            raise BrokerError(f"the broker cannot listen on {host}:{port} (no such port): {cure}") from None


async def run_broker(host: str, port: int) -> None:
    """Run a broker and nothing else until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with embedded_broker(host, port):
        sys.stderr.write(f"broker: listening on {host}:{port}\n")
        await stopped.wait()

"""The embedded MQTT broker (amqtt, MQTT 3.1.1): a host works without anything else installed."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from amqtt.broker import Broker
from amqtt.errors import AMQTTError

from sottovoce_host.errors import BrokerError


@asynccontextmanager
async def embedded_broker(host: str, port: int) -> AsyncIterator[None]:
    """A broker on this address while the context lasts. Raises BrokerError where the port is taken."""
    _check_free(host, port)
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # it logs every unplugged client as an error
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )
    try:
        await broker.start()
    except (AMQTTError, OSError) as error:
        raise BrokerError(f"the broker does not start on {host}:{port}: {error}") from None
    try:
        yield
    finally:
        await broker.shutdown()


def _check_free(host: str, port: int) -> None:
    """Amqtt says nothing useful of a port that is taken, so ask first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            cure = 'stop what listens there, set another [broker] port, or mode = "external" to use that broker'
            raise BrokerError(f"the broker cannot listen on {host}:{port} ({error.strerror}): {cure}") from None


async def run_broker(host: str, port: int) -> None:
    """Run a broker and nothing else until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with embedded_broker(host, port):
        sys.stderr.write(f"broker: listening on {host}:{port}\n")
        await stopped.wait()

"""Keeps the glasses tied to the one host they are paired with: pairs first, lets go when the keys are gone."""

import asyncio
import contextlib
import ipaddress
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from sottovoce_device.config import Config, state_folder
from sottovoce_device.errors import ConfigError
from sottovoce_device.gate.codeface import show_code
from sottovoce_device.gate.doorway import Doorway
from sottovoce_device.gate.identity import Identity, paired, unpair
from sottovoce_device.gate.uplink import FAREWELL_S, Receive, Route, Say, Uplink
from sottovoce_trust.errors import PairingError
from sottovoce_trust.mdns import announced, own_addresses
from sottovoce_trust.private_files import can_keep, destroy
from sottovoce_trust.tls import client_context
from sottovoce_wire import Status, WireError
from sottovoce_wire.ending import end
from sottovoce_wire.pairing import SERVICE, decode_renewal, from_base64

PLAIN_PORT: Final = 1883
LOOK_S: Final = 0.5
"""How often a gate that is connected looks whether its keys are still there."""


class Tether:
    """The pairing as the gate lives it."""

    def __init__(self, config: Config, uplink: Uplink, say: Say) -> None:
        self._config = config
        self._state = state_folder(config)
        self._uplink = uplink
        self._say = say
        self._identity: Identity | None = None

    async def hold(
        self, status: Callable[[bool], Status], receive: Receive, farewell: Callable[[], Awaitable[None]]
    ) -> None:
        """Stay connected until cancelled, through unpairing and pairing anew."""
        gate = self._config.gate
        if gate.security == "plain":
            await self._uplink.run(plain_route(gate.broker, gate.port), status, receive)
        while True:
            if not paired(self._state):
                await wait_for_host(self._config, self._say)
            self._identity = identity = Identity(self._state)
            tls = client_context(identity.path, identity.authority, identity.made, self._uplink.refused)
            addresses = (gate.broker,) if gate.broker else identity.addresses
            route = Route(addresses, gate.port or identity.port, tls)
            link = asyncio.create_task(self._uplink.run(route, status, receive))
            try:
                while paired(self._state) and not link.done():
                    await asyncio.wait([link], timeout=LOOK_S)
                if link.done():
                    link.result()
                self._identity = None
                self._say("unpaired: the keys are destroyed")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FAREWELL_S):
                        await farewell()
            finally:
                await end([link])

    def unpair(self) -> bool:
        """Destroy the keys; whether there were any. The session ends within a second."""
        return self._identity is not None and unpair(self._state)

    def renew(self, payload: bytes) -> bool:
        """Keep the certificate that the host has sent; whether it was one for these glasses."""
        if self._identity is None:
            return False
        try:
            if self._identity.renew(from_base64(decode_renewal(payload).certificate)):
                self._say("the certificate has been renewed")
        except (WireError, PairingError) as error:
            self._say(f"a renewal was not taken: {error}")
            return False
        return True


async def wait_for_host(config: Config, say: Say) -> None:
    """Show the code and wait until a host has proved to know it. Raises GateError, PairingError."""
    name, state = config.device.name, state_folder(config)
    destroy(state / "pairing")  # what an interrupted unpair has left
    can_keep(state)  # or it would be found out only when the code has been typed
    address = own_addresses()[0]
    async with contextlib.AsyncExitStack() as stack:
        show = partial(show_code, announced=config.gate.announce)
        doorway = Doorway(name, state, lambda code, port: show(name, code, address, port), say)
        opened: asyncio.Queue[int] = asyncio.Queue(1)
        everywhere = "0.0.0.0"  # noqa: S104 -- the host is another computer
        waiting = asyncio.create_task(doorway.wait(everywhere, config.gate.pairing_port, opened.put_nowait))
        stack.callback(waiting.cancel)
        listening = asyncio.create_task(opened.get())
        stack.callback(listening.cancel)
        await asyncio.wait({waiting, listening}, return_when=asyncio.FIRST_COMPLETED)
        if config.gate.announce and listening.done():
            try:
                await stack.enter_async_context(announced(SERVICE, name, listening.result()))
            except PairingError as error:
                say(str(error))
        await waiting
    say("paired")


def plain_route(broker: str, port: int) -> Route:
    """A broker on this computer, without TLS. Raises ConfigError for any other computer."""
    broker = broker or "127.0.0.1"
    if not _is_loopback(broker):
        raise ConfigError(f'[gate] broker = "{broker}": security = "plain" is for this computer only; pair instead')
    return Route((broker,), port or PLAIN_PORT)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

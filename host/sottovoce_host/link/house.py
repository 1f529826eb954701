"""The host's link as a house: a broker with a border, whoever is paired, and the keeping of both."""

import asyncio
import contextlib
import ipaddress
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from sottovoce_host.config import Config, pairing_path
from sottovoce_host.errors import BrokerError
from sottovoce_host.link.border import Border
from sottovoce_host.link.broker import embedded_broker, paired_broker
from sottovoce_host.link.keys import HostKeys
from sottovoce_host.link.link import Link
from sottovoce_host.link.mosquitto import write_broker_files
from sottovoce_host.link.paired import Member, Paired, older_than
from sottovoce_host.log import say
from sottovoce_trust.certificates import RENEW_AFTER_DAYS, der_of, utc_now
from sottovoce_trust.errors import PairingError
from sottovoce_trust.tls import client_context, server_context
from sottovoce_wire import Done, Unpair
from sottovoce_wire.pairing import Renewal, encode_pairing, to_base64

LOOK_S: Final = 0.5
"""How often the list of who is paired is looked at: the command `unpair` changes it beside us."""
GRACE_S: Final = 3.0
"""How long glasses that leave may take to destroy their keys before their session ends."""
RENEWALS_S: Final = 3600.0
"""How often certificates are looked at, and how long glasses are given to use a new one before the next is sent."""

Housekeeping = Callable[[], Coroutine[None, None, None]]


async def open_link(stack: AsyncExitStack, config: Config) -> tuple[Link, Housekeeping]:
    """The link to the broker, which is opened with it where it is ours; and the work that goes on beside it.

    Raises BrokerError, PairingError or KeyFolderError where it cannot be.
    """
    host, port = config.broker.host, config.broker.port
    if config.broker.security == "plain":
        host = plain_address(host or "127.0.0.1")
        if config.broker.mode == "embedded":
            await stack.enter_async_context(embedded_broker(host, port))
        return Link(host, port), _nothing
    state = pairing_path(config)
    keys, paired = HostKeys(state, utc_now()), Paired(state)
    border: Border | None = None
    if config.broker.mode == "embedded":
        tls = server_context(keys.broker, keys.authority)
        admits = admitting(keys, paired)
        border = await stack.enter_async_context(paired_broker(host or "0.0.0.0", port, tls, admits, say))  # noqa: S104
    link = new_link(keys, host if host not in {"", "0.0.0.0"} else "127.0.0.1", port)  # noqa: S104
    return link, House(keys, paired, link, border, state).keep


def new_link(keys: HostKeys, host: str, port: int) -> Link:
    """The host's own client, under TLS."""
    link = Link(host, port, keys.name)
    link.tls = client_context(keys.host, keys.authority, keys.made, link.refused)
    return link


def admitting(keys: HostKeys, paired: Paired) -> Callable[[str, str], bool]:
    """Who is let in: the host itself (its certificate is of its own making) and whoever is paired."""

    def admits(name: str, serial: str) -> bool:
        if name == keys.name:
            return True
        if not paired.admits(name, serial):
            return False
        with contextlib.suppress(PairingError):  # a full disk keeps nobody out
            paired.used(name, serial)
        return True

    return admits


class House:
    """Keeps the list of who is paired true: tells who leaves, ends their sessions, renews certificates."""

    def __init__(self, keys: HostKeys, paired: Paired, link: Link, border: Border | None, state: Path) -> None:
        self._keys = keys
        self._paired = paired
        self._link = link
        self._border = border
        self._state = state
        self._renewed: dict[str, float] = {}
        self._written: object = None
        link.parted = self.parted

    async def keep(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look(time.monotonic())
            await asyncio.sleep(LOOK_S)

    async def look(self, now_s: float) -> None:
        """Look once. now_s: of a monotonic clock."""
        found = self._paired.all()
        for name, member in found.members.items():
            if member.state == "leaving":
                await self._part(name)
            elif name in self._link.registry.alive() and now_s - self._renewed.get(name, -RENEWALS_S) >= RENEWALS_S:
                await self._renew(name, member, now_s)
        if self._border is not None:
            self._border.expel()
        elif found is not self._written:
            write_broker_files(self._state, self._keys, found, utc_now())
            self._written = found
        if self._keys.keep_fresh(utc_now()):
            say("the host's own certificates have been renewed; they are used from the next start on")

    def parted(self, device: str, done: Done) -> None:
        """Forget glasses that have destroyed their keys themselves."""
        if done.name == "Unpair" and done.outcome == "done" and self._paired.remove(device):
            say(f"{device} has parted from this host")

    async def _part(self, name: str) -> None:
        """Ask them to destroy their keys, wait a moment for it, and let them in no more."""
        if name in self._link.registry.alive() and await self._link.send(name, Unpair()):
            until = time.monotonic() + GRACE_S
            while name in self._paired.all().members and time.monotonic() < until:  # noqa: ASYNC110 -- a file's change
                await asyncio.sleep(0.05)
        if self._paired.remove(name):
            say(f"{name} is unpaired")

    async def _renew(self, name: str, member: Member, now_s: float) -> None:
        if not older_than(member, RENEW_AFTER_DAYS, utc_now()):
            self._renewed[name] = now_s
            return
        try:
            fresh = self._keys.renew(member.certificate.encode(), utc_now())
            self._paired.renewed(fresh)
        except PairingError as error:
            say(f"the certificate of {name} cannot be renewed: {error}")
            self._renewed[name] = now_s
            return
        if await self._link.renew(name, encode_pairing(Renewal(certificate=to_base64(der_of(fresh.pem))))):
            self._renewed[name] = now_s
            say(f"{name} was sent a new certificate")


async def _nothing() -> None:
    """A plain broker needs no keeping; this never ends."""
    await asyncio.Event().wait()


def plain_address(host: str) -> str:
    """The address, if it is this computer's own; a broker without TLS listens on no other. Raises BrokerError."""
    try:
        own = ipaddress.ip_address(host).is_loopback
    except ValueError:
        own = host == "localhost"
    if not own:
        raise BrokerError(f'host "{host}": a broker without TLS is for this computer only, 127.0.0.1; pair instead')
    return host

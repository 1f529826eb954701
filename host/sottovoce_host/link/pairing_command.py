"""The commands `sottovoce-host pair`, `unpair` and `token`: they work whether or not the host is running."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from sottovoce_host.config import Config, pairing_path
from sottovoce_host.errors import UnreachableError
from sottovoce_host.link.authority import READER_PREFIX
from sottovoce_host.link.keys import HostKeys
from sottovoce_host.link.mosquitto import write_broker_files
from sottovoce_host.link.paired import Paired, called
from sottovoce_host.link.pairing import HostSide, pair_with
from sottovoce_trust.certificates import utc_now
from sottovoce_trust.errors import PairingError
from sottovoce_trust.mdns import Found, find, own_addresses
from sottovoce_trust.private_files import keep
from sottovoce_wire.pairing import CODE_DIGITS, SERVICE
from sottovoce_wire.topics import check_device

PAIRING_PORT: Final = 8884
LISTEN_S: Final = 5.0

Ask = Callable[[str], str]


def pair(config: Config, where: str, code: str | None, ask: Ask, *, replace: bool = False) -> str:
    """Pair with glasses; their name.

    where: address, address:port, what the glasses' QR says, or empty to look for them. ask: gets the code.
    Raises UnreachableError, PairingError or KeyFolderError with what to do.
    """
    state = pairing_path(config)
    address, port, told = _parsed(where) if where else (*_looked_for(), None)
    digits = re.sub(r"\D", "", code or told or ask(f"code that the glasses at {address}:{port} show"))
    if len(digits) != CODE_DIGITS:
        raise PairingError(f"a code has {CODE_DIGITS} digits; look at the glasses' console, or at their QR")
    keys, paired = HostKeys(state, utc_now()), Paired(state)

    def issue(request: bytes, name: str) -> tuple[bytes, bytes]:
        certificate = keys.grant(request, check_device(name), utc_now())
        paired.add(certificate, replace=replace, offered=True)
        return certificate.pem, keys.authority.encode()

    def side(addresses: tuple[str, ...]) -> HostSide:
        return HostSide(digits, issue, addresses, config.broker.port)

    name = asyncio.run(pair_with(address, port, side, lambda seen: broker_addresses(config, seen)))
    paired.settle(name, "paired")
    _tell_broker(config, state, keys, paired)
    return name


def broker_addresses(config: Config, seen: str) -> tuple[str, ...]:
    """Where glasses can reach the broker: as it is set, or at this host's addresses, the one they see first."""
    if config.broker.host not in {"", "0.0.0.0"}:  # noqa: S104 -- "all networks"
        return (config.broker.host,)
    return tuple(dict.fromkeys([seen, *own_addresses()]))[:4]


def unpair(config: Config, name: str) -> str:
    """Part from glasses, or take a token back; what to tell the user. A host that runs ends their session.

    name: of the glasses, or that the token was made with.
    """
    state = pairing_path(config)
    paired = Paired(state)
    members = paired.all()
    name = called(name, members)
    if name not in members.members:
        known = ", ".join(members.members) or "nobody"
        raise PairingError(f"{name} is not paired with this host; paired: {known}")
    paired.settle(name, "leaving")
    _tell_broker(config, state, HostKeys(state, utc_now()), paired)
    return (
        f"{name}: unpaired. If this host is running, their session ends now and they are told to destroy their keys; "
        "if not, they are not let in any more"
    )


def token(config: Config, name: str, path: Path) -> str:
    """Make a read-only token for a broker's client, such as a dashboard; what to tell the user.

    Raises PairingError where the name is taken, or the file cannot be written: then there is no token.
    """
    state = pairing_path(config)
    keys, paired = HostKeys(state, utc_now()), Paired(state)
    certificate, identity = keys.token(f"{READER_PREFIX}{check_device(name)}", utc_now())
    paired.add(certificate, handed=lambda: keep(path, identity))
    _tell_broker(config, state, keys, paired)
    return f"{path}: key, certificate and authority; reads all events, writes nothing. Client id: {certificate.name}"


def _tell_broker(config: Config, state: Path, keys: HostKeys, paired: Paired) -> None:
    if config.broker.mode == "external":
        write_broker_files(state, keys, paired.all(), utc_now())


def _parsed(where: str) -> tuple[str, int, str | None]:
    told = None
    if where.startswith("sottovoce:pair?"):
        fields = parse_qs(where.partition("?")[2])
        where, told = fields.get("at", [""])[0], fields.get("code", [None])[0]
    address, colon, port = where.rpartition(":")
    if not colon:
        return where, PAIRING_PORT, told
    if not address or not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004 -- ports
        raise PairingError(f"{where!r} is no address: write it as 192.168.1.20 or 192.168.1.20:8884")
    return address, int(port), told


def _looked_for() -> tuple[str, int]:
    found = asyncio.run(find(SERVICE, LISTEN_S))
    if not found:
        raise UnreachableError(
            "no unpaired glasses were found in this network; give the address they show: sottovoce-host pair ADDRESS"
        )
    if len(found) > 1:
        raise PairingError(f"several glasses wait to be paired; say which: {'; '.join(map(_described, found))}")
    return found[0].address, found[0].port


def _described(found: Found) -> str:
    return f"{found.name} at {found.address}:{found.port}"

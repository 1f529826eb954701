"""Finding each other in the local network (mDNS, RFC 6762): the only file that knows the library `zeroconf`.

What is found is a hint, never a proof: everybody in the network can announce anything.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct
from zeroconf import Error, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from sottovoce_trust.errors import PairingError


class Found(Struct, frozen=True):
    """Something that announces itself: its name, and an address and port where it may be."""

    name: str
    address: str
    port: int


@asynccontextmanager
async def announced(service: str, name: str, port: int, interfaces: list[str] | None = None) -> AsyncIterator[None]:
    """Announce this name and port while the context lasts. Raises PairingError where there is no network."""
    try:
        zeroconf = _open(interfaces)
        addresses = [socket.inet_aton(a) for a in (interfaces or own_addresses())]
        info = AsyncServiceInfo(service, f"{name}.{service}", addresses=addresses, port=port, server=f"{name}.local.")
        await zeroconf.async_register_service(info, allow_name_change=True)
    except (OSError, Error) as error:
        raise PairingError(f"{name} cannot be announced in this network ({error}); give the host the address") from None
    try:
        yield
    finally:
        await zeroconf.async_unregister_all_services()
        await zeroconf.async_close()


async def find(service: str, seconds: float, interfaces: list[str] | None = None) -> list[Found]:
    """Who announces this service now, listening for so long, at most; it ends with the first that was found.

    Raises PairingError where there is no network.
    """
    found: asyncio.Queue[str] = asyncio.Queue()

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        del zeroconf, service_type
        if state_change is not ServiceStateChange.Removed:
            found.put_nowait(name)

    try:
        zeroconf = _open(interfaces)
    except (OSError, Error) as error:
        raise PairingError(f"nobody can be looked for in this network ({error}); give the address") from None
    browser = AsyncServiceBrowser(zeroconf.zeroconf, service, handlers=[changed])
    result: list[Found] = []
    try:
        async with asyncio.timeout(seconds):
            while not result or not found.empty():
                result += await _resolve(zeroconf, service, await found.get())
    except TimeoutError:
        pass
    finally:
        await browser.async_cancel()
        await zeroconf.async_close()
    return result


async def _resolve(zeroconf: AsyncZeroconf, service: str, name: str) -> list[Found]:
    info = AsyncServiceInfo(service, name)
    if not await info.async_request(zeroconf.zeroconf, 2000) or info.port is None:
        return []
    addresses = info.parsed_addresses(IPVersion.V4Only)
    return [Found(name.removesuffix(f".{service}"), address, info.port) for address in addresses[:1]]


def own_addresses() -> list[str]:
    """The addresses of this machine in the networks it is in, the loopback last. Sends nothing."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737: asks the routing table, no packet leaves
            found.append(probe.getsockname()[0])
        except OSError:
            pass  # no route: only this machine itself
    return [*(a for a in found if a != "127.0.0.1"), "127.0.0.1"]


def _open(interfaces: list[str] | None) -> AsyncZeroconf:
    if interfaces is None:
        return AsyncZeroconf(ip_version=IPVersion.V4Only)
    return AsyncZeroconf(interfaces=interfaces, ip_version=IPVersion.V4Only)

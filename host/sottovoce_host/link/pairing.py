"""The host's side of pairing, as a machine that takes messages and gives answers; and the connection it runs over."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Callable
from typing import Final

from sottovoce_host.errors import UnreachableError
from sottovoce_trust.certificates import der_of
from sottovoce_trust.errors import LockedError, PairingError, WrongCodeError
from sottovoce_trust.pake import Exchange, Keys, check, prove
from sottovoce_wire.errors import WireError
from sottovoce_wire.pairing import (
    LENGTH_BYTES,
    PAIRING_LIMIT_BYTES,
    Answer,
    AnyPairing,
    Confirm,
    Grant,
    Hello,
    Kept,
    Refused,
    decode_pairing,
    encode_pairing,
    from_base64,
    granted,
    to_base64,
    transcript,
)

MESSAGE_S: Final = 5.0

Issue = Callable[[bytes, str], tuple[bytes, bytes]]
"""Takes request (DER) and name; gives the certificate and the authority's, PEM. Called when the code was right."""


class HostSide:
    """One run of pairing. device: the glasses' name, once they have said it. paired: they keep what they were given."""

    def __init__(self, code: str, issue: Issue, addresses: tuple[str, ...], port: int) -> None:
        self._issue = issue
        self._addresses = addresses
        self._port = port
        self._exchange = Exchange("host", code)
        self._hello = encode_pairing(Hello(nonce=secrets.token_hex(32), share=self._exchange.share))
        self._answer: Answer | None = None
        self._keys: Keys | None = None
        self._granted = False
        self.device = ""
        self.paired = False

    def begin(self) -> bytes:
        """The first message."""
        return self._hello

    def take(self, data: bytes) -> AnyPairing | None:
        """The answer to a message; None after the last. Raises WireError or PairingError where the run is over."""
        message = decode_pairing(data)
        match message:
            case Refused():
                raise _refusal(message)
            case Answer() if self._answer is None:
                self._answer, self.device = message, message.device
                self._keys = self._exchange.agree(message.share, transcript(self._hello, data))
                return Confirm(proof=prove(self._keys.host))
            case Confirm() if self._keys is not None and self._answer is not None and not self._granted:
                check(self._keys.glasses, message.proof)
                self._granted = True
                return self._grant(self._answer, self._keys)
            case Kept() if self._keys is not None and self._granted and not self.paired:
                check(self._keys.kept, message.proof)
                self.paired = True
                return None
            case _:
                raise WireError("the glasses answer out of order; are both sides of the same version?")

    def _grant(self, answer: Answer, keys: Keys) -> Grant:
        certificate, authority = self._issue(from_base64(answer.request), answer.device)
        grant = Grant(
            certificate=to_base64(der_of(certificate)),
            authority=to_base64(der_of(authority)),
            addresses=self._addresses,
            port=self._port,
            proof="0" * 64,
        )
        return Grant(
            certificate=grant.certificate, authority=grant.authority, addresses=grant.addresses, port=grant.port,
            proof=prove(keys.grant, granted(grant)),
        )  # fmt: skip


def _refusal(message: Refused) -> PairingError:
    match message.reason:
        case "locked":
            return LockedError(
                f"three wrong codes: the glasses take none for {message.wait_s} s; then look at the new code "
                "(or run `sottovoce-device pair` on them, which shows one at once)"
            )
        case "wrong_code":
            return WrongCodeError("that is not the code that the glasses show; look again")
        case "busy":
            return PairingError("another host is pairing with these glasses at this moment; is it yours?")
        case _:
            return PairingError("the glasses do not understand this host; are both sides of the same version?")


def _why(error: OSError) -> str:
    """What the system says of it; asyncio would say the address again."""
    if isinstance(error, TimeoutError):
        return "it takes too long"
    number = error.errno or 0
    return os.strerror(number) if number > 0 else error.strerror or str(error)


async def pair_with(
    address: str, port: int, side: Callable[[tuple[str, ...]], HostSide], own: Callable[[str], tuple[str, ...]]
) -> str:
    """Pair with the glasses at this address; their name.

    side: makes this host's side, given its addresses; own: gives those, given the one that the glasses see.
    Raises UnreachableError where nobody answers, PairingError where they do not become a pair.
    """
    try:
        async with asyncio.timeout(MESSAGE_S):
            reader, writer = await asyncio.open_connection(address, port, limit=2 * PAIRING_LIMIT_BYTES)
    except (OSError, TimeoutError) as error:
        raise UnreachableError(
            f"no glasses wait to be paired at {address}:{port} ({_why(error)});"
            " start them, and look for the code they show"
        ) from None
    try:
        run = side(own(str(writer.get_extra_info("sockname")[0])))
        await _talk(reader, writer, run)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        raise UnreachableError("the glasses hung up, or said nothing, in the middle of pairing; try again") from None
    except WireError as error:
        raise PairingError(str(error)) from None
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return run.device


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, run: HostSide) -> None:
    data = run.begin()
    while not run.paired:
        writer.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
        async with asyncio.timeout(MESSAGE_S):
            await writer.drain()
            length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
            if length > PAIRING_LIMIT_BYTES:
                raise WireError("the glasses say more than pairing has to say")
            answer = run.take(await reader.readexactly(length))
        data = encode_pairing(answer) if answer is not None else b""

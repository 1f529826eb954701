"""The glasses' side of pairing, as a machine that takes messages and gives answers: no socket, no clock, no disk."""

import secrets
from collections.abc import Callable

from msgspec import Struct

from sottovoce_trust.certificates import check_granted, make_request, new_key, read_certificate
from sottovoce_trust.pake import Exchange, Keys, check, prove
from sottovoce_wire.errors import WireError
from sottovoce_wire.pairing import (
    CODE_DIGITS,
    Answer,
    AnyPairing,
    Confirm,
    Grant,
    Hello,
    Kept,
    decode_pairing,
    encode_pairing,
    from_base64,
    granted,
    to_base64,
    transcript,
)


class Pairing(Struct, frozen=True):
    """What pairing leaves on the glasses.

    key, certificate, authority: PEM. addresses, port: where the host's broker was when they paired.
    """

    key: bytes
    certificate: bytes
    authority: bytes
    addresses: tuple[str, ...]
    port: int

    def __repr__(self) -> str:
        """Nothing: keys do not belong into a log."""
        return "Pairing()"


class GlassesSide:
    """One run of pairing. try_taken is called before the code can be tried, and may raise; keep, when it was right.

    opened: the other side has proved to know the code. paired: and has been given the last answer.
    """

    def __init__(self, name: str, code: str, try_taken: Callable[[], None], keep: Callable[[Pairing], None]) -> None:
        self._name = name
        self._code = code
        self._try_taken = try_taken
        self._keep = keep
        self._key = b""
        self._keys: Keys | None = None
        self.opened = False
        self.paired = False

    def take(self, data: bytes) -> AnyPairing:
        """The answer to a message. Raises WireError or PairingError where the run is over."""
        message = decode_pairing(data)
        match message:
            case Hello() if self._keys is None and not self._key:
                return self._answer(message, data)
            case Confirm() if self._keys is not None and not self.opened:
                check(self._keys.host, message.proof)
                self.opened = True
                return Confirm(proof=prove(self._keys.glasses))
            case Grant() if self._keys is not None and self.opened and not self.paired:
                return self._take_grant(message, self._keys)
            case _:
                raise WireError("a message of pairing out of its order")

    def _answer(self, hello: Hello, data: bytes) -> Answer:
        self._try_taken()
        self._key = new_key()
        exchange = Exchange("glasses", self._code)
        answer = Answer(
            device=self._name,
            nonce=secrets.token_hex(32),
            share=exchange.share,
            request=to_base64(make_request(self._key, self._name)),
        )
        self._keys = exchange.agree(hello.share, transcript(data, encode_pairing(answer)))
        return answer

    def _take_grant(self, grant: Grant, keys: Keys) -> Kept:
        check(keys.grant, grant.proof, granted(grant))
        certificate, authority = (from_base64(text) for text in (grant.certificate, grant.authority))
        pairing = Pairing(
            key=self._key,
            certificate=check_granted(certificate, self._key, self._name, authority).pem,
            authority=read_certificate(authority).pem,
            addresses=grant.addresses,
            port=grant.port,
        )
        self._keep(pairing)
        self.paired = True
        return Kept(proof=prove(keys.kept))


def new_code() -> str:
    """A code that nobody can guess but by trying: six decimal digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"

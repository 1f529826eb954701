"""The messages of pairing, all bounded: see docs/pairing.md for their order.

They travel over a plain TCP connection in the same network, each after its length in two bytes. Nothing in them is
secret; what makes them trustworthy are the proofs, which hang on the code.
"""

import base64
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from sottovoce_wire.codec import decode_canonical
from sottovoce_wire.errors import WireError

PAIRING_LIMIT_BYTES: Final = 4096
LENGTH_BYTES: Final = 2
CODE_DIGITS: Final = 6
SERVICE: Final = "_sottovoce._tcp.local."
"""What unpaired glasses are announced as by mDNS."""

DeviceName = Annotated[str, Meta(max_length=32, pattern=r"^[a-z0-9][a-z0-9-]{0,31}\Z")]
Bytes32 = Annotated[str, Meta(max_length=64, pattern=r"^[0-9a-f]{64}\Z")]
Share = Annotated[str, Meta(max_length=66, pattern=r"^[0-9a-f]{66}\Z")]
"""A side's letter and a point of edwards25519."""
Base64 = Annotated[str, Meta(max_length=1200, pattern=r"^[A-Za-z0-9+/]+={0,2}\Z")]
"""A certificate or a request, DER: some 500 bytes."""
Address = Annotated[str, Meta(max_length=64, pattern=r"^[0-9A-Za-z.:%-]+\Z")]
Addresses = Annotated[tuple[Address, ...], Meta(min_length=1, max_length=4)]
Port = Annotated[int, Meta(ge=1, le=65535)]


class _Message(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    pass


class Hello(_Message, frozen=True, kw_only=True):
    """1, host to glasses: nonce and the host's share of the key agreement."""

    version: Literal[1] = 1
    nonce: Bytes32
    share: Share


class Answer(_Message, frozen=True, kw_only=True):
    """2, glasses to host: name, nonce, share, and the request for a certificate."""

    device: DeviceName
    nonce: Bytes32
    share: Share
    request: Base64


class Confirm(_Message, frozen=True, kw_only=True):
    """3, host to glasses, and 4, glasses to host: the proof to know the code. The host goes first."""

    proof: Bytes32


class Grant(_Message, frozen=True, kw_only=True):
    """5, host to glasses: certificate, authority, where the broker is; proved under the same key."""

    certificate: Base64
    authority: Base64
    addresses: Addresses
    port: Port
    proof: Bytes32


class Kept(_Message, frozen=True, kw_only=True):
    """6, glasses to host: all of it is on their disk."""

    proof: Bytes32


class Refused(_Message, frozen=True, kw_only=True):
    """Instead of any answer: why not, and for how many seconds."""

    reason: Literal["locked", "wrong_code", "busy", "malformed"]
    wait_s: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


AnyPairing = Hello | Answer | Confirm | Grant | Kept | Refused


class Renewal(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The glasses' new certificate for the key they have; on their own topic, under the TLS of the old one."""

    certificate: Base64


WHAT: Final = "a message of pairing, version 1"
_ENCODER: Final = msgspec.json.Encoder()
_PAIRING: Final[msgspec.json.Decoder[AnyPairing]] = msgspec.json.Decoder(AnyPairing)
_RENEWAL: Final[msgspec.json.Decoder[Renewal]] = msgspec.json.Decoder(Renewal)


def encode_pairing(message: AnyPairing | Renewal) -> bytes:
    """The one encoding of this message, without its length."""
    return _ENCODER.encode(message)


def decode_pairing(data: bytes) -> AnyPairing:
    """The message in these bytes, or WireError: for one out of its bounds, and for another spelling of a good one."""
    return decode_canonical(_PAIRING, data, PAIRING_LIMIT_BYTES, WHAT)


def decode_renewal(data: bytes) -> Renewal:
    """The renewal in these bytes, or WireError."""
    return decode_canonical(_RENEWAL, data, PAIRING_LIMIT_BYTES, WHAT)


def to_base64(data: bytes) -> str:
    """Bytes as a text of the messages."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """And back; WireError where it is not well written."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise WireError("not a message of pairing: base64 that is none") from None


def transcript(hello: bytes, answer: bytes) -> bytes:
    """What both sides have said before the proofs: name, certificate request, nonces and shares, to the byte."""
    return b"".join(len(part).to_bytes(LENGTH_BYTES, "big") + part for part in (hello, answer))


def granted(grant: Grant) -> bytes:
    """What the proof of a grant is over: everything else in it."""
    return _ENCODER.encode(msgspec.structs.replace(grant, proof="0" * 64))

"""As much of MQTT 3.1.1 as the border needs: where a packet ends, who connects, where a message goes."""

import asyncio
from typing import Final

from msgspec import Struct

from sottovoce_host.errors import BrokerError

PACKET_LIMIT_BYTES: Final = 8192
"""A message of the wire is 4096 bytes at most; a topic is short."""
CONNECT: Final = 1
PUBLISH: Final = 3
SUBSCRIBE: Final = 8
UNSUBSCRIBE: Final = 10
PACKET_ID_ONLY: Final = {4: 0, 5: 0, 6: 2, 7: 0}
"""PUBACK, PUBREC, PUBREL, PUBCOMP, and the flags each has to have."""
EMPTY: Final = {12, 14}
"""PINGREQ, DISCONNECT."""
RETAIN: Final = 0x01
NOT_AUTHORISED: Final = b"\x20\x02\x00\x05"
"""CONNACK with return code 5, section 3.2."""
_LENGTH_BYTES: Final = 4
_KEEPALIVE_AT: Final = 8
"""In CONNECT's body, after the protocol's name and level and the flags: section 3.1.2.10."""


class HostilePacketError(BrokerError):
    """Bytes that no client of ours sends."""


class Connect(Struct, frozen=True):
    """What a client says of itself: its identifier, whether nothing is kept for it, its last will's topic, seconds."""

    client: str
    clean: bool
    will_topic: str | None
    keepalive_s: int


async def read_packet(reader: asyncio.StreamReader) -> bytes:
    """One whole packet. Raises HostilePacketError for one that is too long, IncompleteReadError at the end."""
    packet = await reader.readexactly(1)
    length = 0
    for place in range(_LENGTH_BYTES):
        byte = await reader.readexactly(1)
        packet += byte
        length |= (byte[0] & 0x7F) << (7 * place)
        if not byte[0] & 0x80:
            break
    else:
        raise HostilePacketError("a packet's length does not end")
    if length > PACKET_LIMIT_BYTES:
        raise HostilePacketError(f"a packet of {length} bytes: the limit is {PACKET_LIMIT_BYTES}")
    return packet + await reader.readexactly(length)


def parse_connect(packet: bytes) -> Connect:
    """What is in a CONNECT. Raises HostilePacketError for anything else."""
    if kind_of(packet) != CONNECT:
        raise HostilePacketError("the first packet is not CONNECT")
    body = _Reader(_body(packet))
    if body.text() != "MQTT" or body.number(1) not in {4, 5}:
        raise HostilePacketError("not MQTT 3.1.1")
    flags, keepalive_s = body.number(1), body.number(2)
    client = body.text()
    will_topic = body.text() if flags & 0x04 else None
    for follows in (0x04, 0x80, 0x40):  # the will's message, a name, a password: none of it is looked at
        if flags & follows:
            body.skip()
    body.end()
    return Connect(client, bool(flags & 0x02), will_topic, keepalive_s)


def check_whole(packet: bytes) -> None:
    """Raise HostilePacketError for what is not exactly one packet that a client sends after CONNECT.

    A broker that reads by fields and not by the packet's length would take the rest of a longer one for the next, which
    nobody has looked at.
    """
    if not packet:
        raise HostilePacketError("no packet")
    kind, flags, body = kind_of(packet), packet[0] & 0x0F, _Reader(_body(packet))
    qos = flags >> 1 & 3
    if kind == PUBLISH and qos < 3:  # noqa: PLR2004 -- section 3.3.1.2
        body.text()
        body.number(2 if qos else 0)
        return
    if kind in {SUBSCRIBE, UNSUBSCRIBE} and flags == 0x02:  # noqa: PLR2004 -- section 3.8.1
        body.number(2)
        while body.left:
            body.text()
            body.number(1 if kind == SUBSCRIBE else 0)
    elif kind in PACKET_ID_ONLY and flags == PACKET_ID_ONLY[kind]:
        body.number(2)
    elif kind not in EMPTY or flags:
        raise HostilePacketError("a packet that no client sends")
    body.end()


def topic_of(packet: bytes) -> str:
    """The topic of a PUBLISH. Raises HostilePacketError where it has none."""
    return _Reader(_body(packet)).text()


def without_keepalive(packet: bytes) -> bytes:
    """The CONNECT, promising no sign of life: the border keeps that promise, and the broker need not."""
    at = len(packet) - len(_body(packet)) + _KEEPALIVE_AT
    return packet[:at] + b"\x00\x00" + packet[at + 2 :]


def without_retain(packet: bytes) -> bytes:
    """The PUBLISH, asking the broker to keep nothing."""
    return bytes([packet[0] & ~RETAIN]) + packet[1:]


def kind_of(packet: bytes) -> int:
    """The packet's type, section 2.2.1."""
    return packet[0] >> 4 if packet else 0


def _body(packet: bytes) -> bytes:
    at = 1
    while at < len(packet) and packet[at] & 0x80:
        at += 1
    return packet[at + 1 :]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def skip(self) -> None:
        self._take(self.number(2))

    def end(self) -> None:
        if self.left:
            raise HostilePacketError("a packet that goes on after its end")

    def text(self) -> str:
        try:
            return self._take(self.number(2)).decode()
        except UnicodeDecodeError:
            raise HostilePacketError("a text that is not UTF-8") from None

    def _take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise HostilePacketError("a packet that ends too early")
        self._at += size
        return self._data[self._at - size : self._at]

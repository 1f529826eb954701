"""A client that does not read, at the embedded broker: it is let go, and nobody else notices."""

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Iterator

import pytest
from couple import PATIENCE_S, Client, Embedded, House
from stage import wait_until

from sottovoce_host.link.border import UNSENT_LIMIT_BYTES
from sottovoce_trust.tls import client_context

Connect = Callable[..., Client]
EVENT = "sottovoce/1/left/event/Said"
SIZE = 4000
FILTER = b"sottovoce/1/+/event/+"


def text(of: str) -> bytes:
    return struct.pack(">H", len(of)) + of.encode()


def mqtt_connect(name: str, keepalive_s: int = 0, will: str = "") -> bytes:
    body = text("MQTT") + bytes([4, 0x06 if will else 0x02, 0, keepalive_s]) + text(name)
    body += text(will) + text("gone") if will else b""
    return bytes([0x10, len(body)]) + body


@pytest.fixture
def silent_reader(house: House, embedded: Embedded) -> Iterator[ssl.SSLSocket]:
    """A reader's token in the hands of somebody who subscribes to all events and then reads nothing."""
    token = house.reader("board")
    context = client_context(token, house.keys.authority, house.now)
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", house.port))
    tls = context.wrap_socket(raw)
    tls.sendall(mqtt_connect("reader.board"))
    assert tls.recv(4) == b"\x20\x02\x00\x00"
    body = b"\x00\x01" + struct.pack(">H", len(FILTER)) + FILTER + b"\x00"
    tls.sendall(bytes([0x82, len(body)]) + body)
    assert tls.recv(5)[:2] == b"\x90\x03"
    yield tls
    tls.close()
    assert embedded.said == []


def test_a_client_that_has_gone_without_a_word_leaves_its_last_will_and_gives_up_its_place(
    house: House, embedded: Embedded, connect: Connect
) -> None:
    host = connect(house.keys.host, house.keys.name, subscribe="sottovoce/1/+/status").ready()
    identity = house.pair("left")
    raw = socket.create_connection(("127.0.0.1", house.port))
    with client_context(identity.path, identity.authority, identity.made).wrap_socket(raw) as tls:
        tls.sendall(mqtt_connect("left", keepalive_s=1, will="sottovoce/1/left/status"))
        assert tls.recv(4) == b"\x20\x02\x00\x00"
        wait_until(lambda: host.has("sottovoce/1/left/status", b"gone"), "its last will is told", PATIENCE_S)
        assert hung_up(tls) == 0
    assert embedded.said == []


def test_a_client_that_goes_the_moment_it_has_come_takes_nobodys_place(
    house: House, embedded: Embedded, connect: Connect
) -> None:
    identity = house.pair("left")
    context = client_context(identity.path, identity.authority, identity.made)
    with context.wrap_socket(socket.create_connection(("127.0.0.1", house.port))) as tls:
        tls.sendall(mqtt_connect("left") + b"\xff\x00")
        hung_up(tls)
    wait_until(lambda: not embedded._border._tasks, "it is not served any more", PATIENCE_S)  # type: ignore[union-attr]
    connect(identity.path, "left").ready()
    assert embedded.said == []


def hung_up(tls: ssl.SSLSocket) -> int:
    """Read until the other side has gone; how many bytes had waited."""
    got = 0
    tls.settimeout(PATIENCE_S)
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while data := tls.recv(65536):
            got += len(data)
    return got


def everything(host: Client, count: int) -> None:
    wait_until(lambda: len(host.got) >= count, f"the host has got all {count}", PATIENCE_S)


def test_a_client_that_does_not_read_is_let_go_and_the_others_get_everything(
    house: House, connect: Connect, silent_reader: ssl.SSLSocket
) -> None:
    host = connect(house.keys.host, house.keys.name, subscribe=FILTER.decode()).ready()
    left = connect(house.pair("left").path, "left").ready()
    count = 4 * UNSENT_LIMIT_BYTES // SIZE
    for number in range(count):
        left.say(EVENT, bytes(SIZE))
        everything(host, number - 20)
    everything(host, count)
    waited = hung_up(silent_reader)
    assert 0 < waited < 2 * UNSENT_LIMIT_BYTES
    connect(house.folder / "board.pem", "reader.board").ready()


def test_nobody_misses_a_message_because_others_come_and_go(house: House, embedded: Embedded, connect: Connect) -> None:
    names = [f"reader.board{number}" for number in range(12)]
    tokens = [house.reader(name.removeprefix("reader.")) for name in names]
    readers = [connect(*both, subscribe=FILTER.decode()).ready() for both in zip(tokens, names, strict=True)]
    host = connect(house.keys.host, house.keys.name, subscribe=FILTER.decode()).ready()
    left = connect(house.pair("left").path, "left").ready()
    for number, reader in enumerate(readers):
        reader.close()
        connect(tokens[number], names[number])  # the broker forgets the older session when this one comes
        for payload in range(50 * number, 50 * number + 50):
            left.say(EVENT, str(payload).encode())
    everything(host, 50 * len(names))
    assert [int(payload) for _, payload in host.got] == list(range(50 * len(names)))
    assert embedded.said == []

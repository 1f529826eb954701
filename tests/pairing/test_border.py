"""Mutual TLS and the border: who gets in, what they are told when not, and what a hostile client can do."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiomqtt.exceptions import MqttCodeError
from couple import PATIENCE_S, Client, Embedded, House
from stage import wait_until

from sottovoce_device.gate.uplink import Uplink
from sottovoce_host.link.packets import PACKET_LIMIT_BYTES, HostilePacketError, parse_connect
from sottovoce_trust.certificates import issue, make_authority, new_key, renew, utc_now
from sottovoce_trust.tls import client_context, meaning, server_context

Connect = Callable[..., Client]


def until(condition: Any, what: str) -> None:
    wait_until(condition, what, PATIENCE_S)


def shaken(house: House, identity: Path | None, *, authority: str = "", latest: ssl.TLSVersion | None = None) -> str:
    """What becomes of a TLS connection to the broker, as a reason; empty where the broker waits for a packet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=authority or house.keys.authority)
    if identity is not None:
        context.load_cert_chain(identity)
    if latest is not None:
        context.maximum_version = latest
    try:
        with socket.create_connection(("127.0.0.1", house.port)) as plain, context.wrap_socket(plain) as tls:
            tls.settimeout(1.0)
            tls.recv(1)
    except TimeoutError:
        return ""
    except ssl.SSLError as error:
        return meaning(error) or str(error)
    return "hung up"


def told_to_glasses(client: Client) -> str:
    """What a gate says of the answer that this client was given."""
    return Uplink("left", lambda _: None)._reason(MqttCodeError(client.codes[0]))


def written(path: Path, *parts: bytes) -> Path:
    path.write_bytes(b"".join(parts))
    return path


def test_without_a_certificate_of_this_host_nobody_gets_as_far_as_mqtt(
    house: House, embedded: Embedded, tmp_path: Path
) -> None:
    key, rogue = new_key(), new_key()
    forged = issue(key, "left", (make_authority(rogue, "sottovoce", utc_now()), rogue), utc_now(), "client")
    assert shaken(house, house.pair("left").path) == ""
    assert shaken(house, None) != ""
    assert shaken(house, written(tmp_path / "forged.pem", key, forged)) != ""
    assert embedded.said == []


def test_an_older_tls_than_1_3_is_refused(house: House, embedded: Embedded) -> None:
    assert shaken(house, house.pair("left").path, latest=ssl.TLSVersion.TLSv1_2) != ""
    assert embedded.said == []


def test_an_expired_certificate_is_refused_and_the_glasses_are_told_what_to_do_and_the_log_once(
    tmp_path: Path,
) -> None:
    house = House(tmp_path, age_days=400)
    identity = house.pair("left")
    house.keys.keep_fresh(utc_now())  # the host's own are renewed, those of the glasses have lain in a drawer
    broker = Embedded(house)
    for _ in range(2):  # glasses try again every four seconds
        client = Client(house, identity.path, "left")
        until(lambda: client.codes, "an answer came")  # noqa: B023 -- asked within the loop
        client.close()
    broker.close()
    assert broker.said == ["left was not let in: its certificate has expired"]
    assert "their certificate has expired" in told_to_glasses(client)
    assert not client.connected.is_set()


def test_the_clock_of_the_glasses_does_not_matter(tmp_path: Path) -> None:
    house = House(tmp_path, age_days=-30 * 365)  # for glasses that think it is thirty years ago
    identity = house.pair("left")
    trusted = client_context(identity.path, identity.authority, identity.made)
    assert ended(house.keys.broker, trusted) == ""


def test_an_old_copy_of_the_host_is_refused_whatever_the_clock_says(tmp_path: Path) -> None:
    house = House(tmp_path, age_days=800)
    identity = house.pair("left")
    old = written(tmp_path / "old.pem", house.keys.broker.read_bytes())
    house.now = utc_now()
    fresh = renew(
        identity.path.read_bytes().partition(b"KEY-----\n")[2].partition(b"KEY-----\n")[2],
        authority_of(house),
        utc_now(),
    )
    identity.renew(fresh)
    told: list[str] = []
    trusted = client_context(identity.path, identity.authority, identity.made, told.append)
    assert "expired" in ended(old, trusted)
    assert "old copy of the host" in told[0]


def authority_of(house: House) -> tuple[bytes, bytes]:
    key, end, certificate = (house.state / "keys/authority.pem").read_bytes().partition(b"-----END PRIVATE KEY-----\n")
    return certificate, key + end


def ended(server: Path, context: ssl.SSLContext) -> str:
    """What becomes of a connection to somebody who shows this identity; empty where the client trusts it."""
    mine = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    mine.load_cert_chain(server)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            peer, _ = listener.accept()
            try:
                mine.wrap_socket(peer, server_side=True).close()
            except OSError:
                peer.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with socket.create_connection(listener.getsockname()) as plain, context.wrap_socket(plain):
                return ""
        except ssl.SSLError as error:
            return str(error)
        finally:
            thread.join(PATIENCE_S)


def test_other_glasses_of_the_same_host_cannot_pose_as_the_host(house: House) -> None:
    left, right = house.pair("left"), house.pair("right")
    told: list[str] = []
    trusted = client_context(left.path, left.authority, left.made, told.append)
    assert ended(right.path, trusted) != ""
    assert "not the host that was paired" in told[0]


def test_a_strange_host_is_not_believed(house: House, tmp_path: Path) -> None:
    left, told = house.pair("left"), []
    stranger = House(tmp_path / "stranger")
    trusted = client_context(left.path, left.authority, left.made, told.append)
    assert ended(stranger.keys.broker, trusted) != ""
    assert "not the host that was paired" in told[0]


def test_a_host_that_hangs_up_on_tls_is_not_taken_for_a_strange_one(house: House) -> None:
    left, told = house.pair("left"), []
    trusted = client_context(left.path, left.authority, left.made, told.append)
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as plain:
        peer, _ = listener.accept()
        peer.shutdown(socket.SHUT_WR)
        with peer, pytest.raises(ssl.SSLEOFError):
            trusted.wrap_socket(plain)
    assert "is the host running" in told[0]


def test_who_was_unpaired_is_told_so(house: House, embedded: Embedded, connect: Connect) -> None:
    identity = house.pair("left")
    house.paired.remove("left")
    client = connect(identity.path, "left")
    until(lambda: client.codes, "an answer came")
    assert not client.connected.is_set()
    assert "unpaired there" in told_to_glasses(client)
    assert any("not paired" in line for line in embedded.said)


def test_a_renewed_certificate_counts_and_the_old_one_only_until_it_is_used(
    house: House, connect: Connect, embedded: Embedded
) -> None:
    identity = house.pair("left")
    old = written(house.folder / "old.pem", identity.path.read_bytes())
    fresh = house.keys.renew(house.paired.all().members["left"].certificate.encode(), utc_now() + timedelta(days=31))
    house.paired.renewed(fresh)
    connect(old, "left").ready().close()
    assert identity.renew(fresh.pem)
    assert not identity.renew(fresh.pem), "the same one again is not newer"
    connect(identity.path, "left").ready()
    house.paired.used("left", house.paired.all().members["left"].serials[-1])
    refused = connect(old, "left")
    until(lambda: refused.codes, "the old one was answered")
    assert not refused.connected.is_set()
    assert embedded.said


def mqtt_connect(name: str, flags: int = 0x02) -> bytes:
    body = b"\x00\x04MQTT\x04" + bytes([flags]) + b"\x00\x0a" + struct.pack(">H", len(name)) + name.encode()
    return bytes([0x10, len(body)]) + body


@pytest.mark.parametrize(
    "bad",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x10\xff\xff\xff\xff\xff",
        b"\x10\xff\xff\xff\x7f",
        b"\x30\x05\x00\x03a/bx",
        b"\x10\x00",
        mqtt_connect("left", 0x00),
        mqtt_connect("\x00"),
    ],
    ids=["http", "endless-length", "256-MB", "publish-first", "empty", "kept-session", "no-name"],
)
def test_a_hostile_first_packet_is_hung_up_on_and_the_broker_goes_on(
    house: House, embedded: Embedded, connect: Connect, bad: bytes
) -> None:
    identity = house.pair("left")
    context = client_context(identity.path, identity.authority, identity.made)
    with socket.create_connection(("127.0.0.1", house.port)) as plain, context.wrap_socket(plain) as tls:
        tls.settimeout(PATIENCE_S)
        tls.sendall(bad)
        with contextlib.suppress(ConnectionError, ssl.SSLError):  # hung up on, with what it sent unread
            assert tls.recv(16) in {b"", b"\x20\x02\x00\x05"}
    connect(identity.path, "left").ready()
    assert "Traceback" not in "".join(embedded.said)


def test_a_packet_longer_than_any_message_ends_the_session_and_is_not_delivered(
    house: House, embedded: Embedded, connect: Connect
) -> None:
    host = connect(house.keys.host, house.keys.name, subscribe="sottovoce/1/#").ready()
    left = connect(house.pair("left").path, "left").ready()
    left.say("sottovoce/1/left/event/Said", bytes(PACKET_LIMIT_BYTES))
    until(left.gone.is_set, "it was hung up on")
    assert host.got == []
    assert embedded.said == []


@pytest.mark.parametrize(
    "around",
    [b"\x40%c\x00\x01", b"\x70%c\x00\x01", b"\xc0%c", b"\x82%c\x00\x01\x00\x01a\x00", b"\x30%c\x00\x50a"],
    ids=["in-puback", "in-pubcomp", "in-ping", "in-subscribe", "in-a-topic-that-is-too-long"],
)
def test_a_packet_hidden_in_another_one_ends_the_session_and_is_not_delivered(
    house: House, embedded: Embedded, connect: Connect, around: bytes
) -> None:
    identity, topic = house.pair("left"), b"sottovoce/1/left/event/Said"
    hidden = b"\x31" + bytes([2 + len(topic) + 5, 0, len(topic)]) + topic + b"words"
    context = client_context(identity.path, identity.authority, identity.made)
    with socket.create_connection(("127.0.0.1", house.port)) as plain, context.wrap_socket(plain) as tls:
        tls.settimeout(PATIENCE_S)
        tls.sendall(mqtt_connect("left") + around % (len(around) - 3 + len(hidden)) + hidden)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while tls.recv(64):
                continue
    host = connect(house.keys.host, house.keys.name, subscribe="sottovoce/1/#").ready()
    left = connect(identity.path, "left").ready()
    left.say("sottovoce/1/left/event/Said", b"after")
    until(lambda: host.got, "something is delivered")
    assert host.got == [("sottovoce/1/left/event/Said", b"after")], "it was kept for whoever comes"
    assert embedded.said == []


def test_half_open_clients_take_nobodys_place(house: House, embedded: Embedded, connect: Connect) -> None:
    identity = house.pair("left")
    silent = [socket.create_connection(("127.0.0.1", house.port)) for _ in range(40)]
    connect(identity.path, "left").ready()
    for one in silent:
        one.close()
    assert embedded.said == []


def test_what_is_retained_is_a_status_and_nothing_else(house: House, embedded: Embedded, connect: Connect) -> None:
    left = connect(house.pair("left").path, "left").ready()
    left.say("sottovoce/1/left/event/Said", b"words", retain=True)
    left.paho.publish("sottovoce/1/left/status", b"status", qos=1, retain=True).wait_for_publish(PATIENCE_S)
    host = connect(house.keys.host, house.keys.name, subscribe="sottovoce/1/#").ready()
    until(lambda: host.has("sottovoce/1/left/status", b"status"), "the status is kept")
    assert len(host.got) == 1
    assert embedded.said == []


def test_a_connect_is_read_as_the_standard_writes_it() -> None:
    found = parse_connect(mqtt_connect("left"))
    assert (found.client, found.clean, found.will_topic, found.keepalive_s) == ("left", True, None, 10)
    with pytest.raises(HostilePacketError):
        parse_connect(mqtt_connect("left")[:-1])


def test_the_broker_s_own_context_takes_nothing_but_certificates_and_tls_1_3(house: House) -> None:
    context = server_context(house.keys.broker, house.keys.authority)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3

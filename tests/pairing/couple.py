"""Glasses and a host that are paired for real, in a folder of their own; and real clients and brokers for them."""

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from stage import wait_until

from sottovoce_device.gate.identity import Identity, keep_pairing
from sottovoce_device.gate.pairing import GlassesSide, Pairing
from sottovoce_host.demo.process import free_port
from sottovoce_host.link.border import Border
from sottovoce_host.link.broker import paired_broker
from sottovoce_host.link.house import admitting
from sottovoce_host.link.keys import HostKeys
from sottovoce_host.link.mosquitto import write_broker_files
from sottovoce_host.link.paired import Paired
from sottovoce_host.link.pairing import HostSide
from sottovoce_trust.certificates import utc_now
from sottovoce_trust.tls import client_context, server_context
from sottovoce_wire.pairing import encode_pairing

CODE = "314159"
PATIENCE_S = 15.0


class House:
    """A host's state folder. age_days: how long ago it was made, by its own clock."""

    def __init__(self, folder: Path, age_days: float = 0) -> None:
        self.state = folder / "host"
        self.folder = folder
        self.now = utc_now() - timedelta(days=age_days)
        self.keys = HostKeys(self.state, self.now)
        self.paired = Paired(self.state)
        self.port = free_port()

    def issue(self, request: bytes, name: str) -> tuple[bytes, bytes]:
        certificate = self.keys.grant(request, name, self.now)
        self.paired.add(certificate)
        return certificate.pem, self.keys.authority.encode()

    def side(self, code: str = CODE) -> HostSide:
        return HostSide(code, self.issue, ("127.0.0.1",), self.port)

    def pair(self, name: str) -> Identity:
        """Glasses of this name, paired by both machines talking to each other."""
        kept: list[Pairing] = []
        glasses, host = GlassesSide(name, CODE, lambda: None, kept.append), self.side()
        data = host.begin()
        while not host.paired:
            answer = host.take(encode_pairing(glasses.take(data)))
            data = encode_pairing(answer) if answer is not None else b""
        keep_pairing(self.folder / name, name, kept[0])
        return Identity(self.folder / name)

    def reader(self, name: str) -> Path:
        certificate, identity = self.keys.token(f"reader.{name}", self.now)
        self.paired.add(certificate)
        path = self.folder / f"{name}.pem"
        path.write_bytes(identity)
        return path


class Client:
    """A real MQTT client with this identity. got: topics and payloads that were delivered."""

    def __init__(self, house: House, identity: Path, name: str, *, will: str = "", subscribe: str = "") -> None:
        self.got: list[tuple[str, bytes]] = []
        self.refusals: list[str] = []
        self.codes: list[int] = []
        self.connected = threading.Event()
        self.gone = threading.Event()
        self._subscribed = threading.Event()
        self._filter = subscribe
        self.paho = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=name, reconnect_on_failure=False)
        authority, long_ago = house.keys.authority, house.now - timedelta(days=9000)
        self.paho.tls_set_context(client_context(identity, authority, long_ago, self.refusals.append))
        if will:
            self.paho.will_set(will, b"will", qos=1, retain=True)
        self.paho.on_connect = self._on_connect
        self.paho.on_message = lambda _c, _u, m: self.got.append((m.topic, m.payload))
        self.paho.on_subscribe = lambda *_: self._subscribed.set()
        self.paho.on_disconnect = lambda *_: self.gone.set()
        self.paho.connect("127.0.0.1", house.port, keepalive=10)
        self.paho.loop_start()

    def _on_connect(self, _c: Any, _u: Any, _f: Any, reason: Any, _p: Any) -> None:
        self.codes.append(reason.value)
        if not reason.is_failure:
            self.connected.set()
            if self._filter:
                self.paho.subscribe(self._filter, qos=1)

    def ready(self) -> "Client":
        assert self.connected.wait(PATIENCE_S), f"not let in: {self.codes} {self.refusals}"
        if self._filter:
            assert self._subscribed.wait(PATIENCE_S)
        return self

    def subscribe(self, wanted: str) -> None:
        """Ask, and wait for whatever the answer is: what counts is what is delivered."""
        self._subscribed.clear()
        self.paho.subscribe(wanted, qos=1)
        assert self._subscribed.wait(PATIENCE_S)

    def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> None:
        self.paho.publish(topic, payload, qos=0, retain=retain)

    def has(self, topic: str, payload: bytes = b"x") -> bool:
        return (topic, payload) in self.got

    def vanish(self) -> None:
        """Go without a word, as a machine that loses its network does."""
        sock = self.paho.socket()
        self.paho.loop_stop()
        if sock is not None:
            sock.close()

    def close(self) -> None:
        self.paho.disconnect()
        self.paho.loop_stop()


class Embedded:
    """Our broker behind its border, on a loop in a thread of its own."""

    def __init__(self, house: House) -> None:
        self.said: list[str] = []
        self._house = house
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._border: Border | None = None
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)

    async def _run(self) -> None:
        keys = self._house.keys
        tls, admits = server_context(keys.broker, keys.authority), admitting(keys, self._house.paired)
        async with paired_broker("127.0.0.1", self._house.port, tls, admits, self.said.append) as border:
            self._border = border
            self._ready.set()
            await self._stop.wait()

    def look_again(self) -> None:
        """Have it see who is paired now, as the running host does twice a second."""
        if self._border is not None:
            self._loop.call_soon_threadsafe(self._border.expel)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_S)
        self._loop.close()


class Mosquitto:
    """A real mosquitto with the files that the host writes for it."""

    def __init__(self, house: House) -> None:
        self._house = house
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
        if program is None:
            pytest.skip("mosquitto is not installed: apt install mosquitto")
        folder = write_broker_files(house.state, house.keys, house.paired.all(), utc_now())
        settings = (folder / "mosquitto.conf").read_text().replace("listener 8883", f"listener {house.port} 127.0.0.1")
        own = folder / "own.conf"
        own.write_text(settings + ("user root\n" if os.geteuid() == 0 else ""))
        self.log = house.folder / "mosquitto.log"
        with self.log.open("ab") as out:
            self._process = subprocess.Popen([program, "-v", "-c", str(own)], stdout=out, stderr=out)
        wait_until(lambda: "running" in self.log.read_text() or self._process.poll() is not None, "it runs", PATIENCE_S)
        assert self._process.poll() is None, self.log.read_text()

    def look_again(self) -> None:
        write_broker_files(self._house.state, self._house.keys, self._house.paired.all(), utc_now())
        before = self.log.read_text().count("Reloading config")
        self._process.send_signal(1)
        wait_until(lambda: self.log.read_text().count("Reloading config") > before, "it reads again", PATIENCE_S)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)


BROKERS: dict[str, Callable[[House], Any]] = {"embedded": Embedded, "mosquitto": Mosquitto}

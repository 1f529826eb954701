"""Real processes on one machine: broker, host, glasses, and somebody who listens to the broker."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import paho.mqtt.client as paho
import psutil

from sottovoce_host.demo.process import free_port
from sottovoce_wire import Said, Speaking, Status, WireError, decode_command, decode_event
from sottovoce_wire.topics import parse_topic

T = TypeVar("T")
PATIENCE_S = 60.0
NAME = "specs"
ORDINARY = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
"""Root without capabilities may enter no folder and open no file that its modes forbid, like anybody else."""


def told_with(skill: str, home: Path, words: str, *options: str) -> str:
    """What `sottovoce-host ask` prints, to a user whose home has this text as the file of a skill."""
    skills = home / "sottovoce" / "skills"
    skills.mkdir(parents=True)
    (skills / "dice.py").write_text(skill)
    command = [sys.executable, "-m", "sottovoce_host", "ask", words, *options]
    environment = {"XDG_CONFIG_HOME": str(home), "HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def wait_until(condition: Callable[[], T], what: str, patience_s: float = PATIENCE_S) -> T:
    """The condition's first true value; fails, saying what was waited for."""
    until = time.monotonic() + patience_s
    while not (value := condition()):
        assert time.monotonic() < until, f"waited {patience_s:.0f} s in vain until {what}"
        time.sleep(0.02)
    return value


class Running:
    """A process of ours, with what it said on stderr."""

    def __init__(self, arguments: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as stderr:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stderr=stderr,
                stdout=stderr,
                # What this test's own process has switched off, ours has to switch off itself.
                env={k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"} | (env or {}),
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[str, psutil.Process]:
        """The processes it started, by their subcommand."""
        try:
            found = psutil.Process(self.popen.pid).children(recursive=True)
            return {p.cmdline()[3]: p for p in found if len(p.cmdline()) > 3}
        except psutil.NoSuchProcess:
            return {}

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def end(self) -> int:
        """Ask it to end, as systemd or Ctrl-C would; its exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(30)


class Watch:
    """Listens to the broker; comes back when it does."""

    def __init__(self, port: int) -> None:
        self.messages: list[tuple[str, bytes, bool]] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe("sottovoce/#", qos=1)
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._took
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    def _subscribed(self, *_: object) -> None:
        self.connections += 1

    def _took(self, _: paho.Client, __: object, message: paho.MQTTMessage) -> None:
        with self._lock:
            self.messages.append((message.topic, message.payload, message.retain))

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(20)

    def all(self, kind: type[Any]) -> list[Any]:
        """All messages of this type so far, in order; retained copies left out."""
        with self._lock:
            seen = list(self.messages)
        decoded = [_decoded(topic, payload) for topic, payload, kept in seen if not kept]
        return [m for m in decoded if isinstance(m, kind)]

    @property
    def said(self) -> list[str]:
        return [e.text for e in self.all(Said)]

    @property
    def replies(self) -> int:
        """How many replies began to sound."""
        return sum(c.speaking for c in self.all(Speaking))

    @property
    def status(self) -> Status | None:
        with self._lock:
            found = [p for t, p, _ in self.messages if t.endswith("/status")]
        event = decode_event(found[-1]) if found else None
        assert event is None or isinstance(event, Status)
        return event

    def senses(self) -> bool:
        status = self.status
        return status is not None and status.alive and status.sensing

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def _decoded(topic: str, payload: bytes) -> object:
    """The message, or None for the nonsense that a test itself has sent."""
    try:
        return decode_command(payload) if parse_topic(topic).direction == "command" else decode_event(payload)
    except WireError:
        return None


class Stage:
    """Starts the parts in one folder on one port, and makes sure that none stays.

    more: further settings of the glasses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.wav = folder / "replies.wav"
        self.more = ""
        self._running: list[Running] = []
        self._watches: list[Watch] = []

    def start(self, name: str, *arguments: str, env: dict[str, str] | None = None) -> Running:
        running = Running(list(arguments), self.folder / f"{name}-{len(self._running)}.log", env)
        self._running.append(running)
        return running

    def broker(self) -> Running:
        running = self.start("broker", "sottovoce_host", "broker", f"--port={self.port}")
        wait_until(lambda: "listening" in running.said, "the broker listens")
        return running

    def host(
        self, mode: str = "embedded", wav: str | None = None, sink: str = "wav", env: dict[str, str] | None = None
    ) -> Running:
        settings = self.folder / "host.toml"
        settings.write_text(
            f'[broker]\nmode = "{mode}"\nsecurity = "plain"\nport = {self.port}\n[mind]\ntimezone = "UTC"\n'
            f'[voice]\nsink = "{sink}"\npath = "{wav or self.wav}"\n'
            f'[memory]\npath = "{self.folder / "memory.sqlite"}"\n'
        )
        running = self.start("host", "sottovoce_host", "run", f"--config={settings}", env=env)
        wait_until(lambda: "connected" in running.said or running.popen.poll() is not None, "the host is connected")
        return running

    def device_options(self, scene: Path) -> list[str]:
        settings = self.folder / "device.toml"
        settings.write_text(
            f'[gate]\nsecurity = "plain"\nsocket = "{self.folder / "gate.sock"}"\n'
            f'[device]\nstate = "{self.folder / "state"}"\n{self.more}'
        )
        return [f"--config={settings}", f"--scene={scene}", f"--name={NAME}", f"--broker=127.0.0.1:{self.port}"]

    def device(self, scene: Path, part: str = "run", env: dict[str, str] | None = None) -> Running:
        return self.start(part, "sottovoce_device", part, *self.device_options(scene), env=env)

    def watch(self) -> Watch:
        """Listens from now on: what comes after this is not missed."""
        watch = Watch(self.port)
        self._watches.append(watch)
        wait_until(lambda: watch.connections, "the broker is there")
        return watch

    def close(self) -> None:
        for watch in self._watches:
            watch.close()
        for running in self._running:
            if running.popen.poll() is None:
                running.popen.terminate()
        for running in self._running:
            try:
                running.popen.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()

"""The canary: the watermark goes through real glasses and a real host, and everything that they leave is searched.

The drivers are the simulated ones; all else is what runs on the glasses and the host: sense and gate as two processes,
sealed, a broker, mind and voice. Each of the three processes is traced from its first instruction.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct
from tests.prove.memory import Pages, changed, pages
from tests.prove.relay import Relay
from tests.prove.search import Found, Search
from tests.prove.trace import spoken, traced, traced_process
from tests.prove.watermark import LEAD_S, Watermark
from tests.system.stage import NAME, Watch, wait_until

from sottovoce_host.demo.process import free_port
from sottovoce_wire import AwaitReply, Done, Look, Said, Vitals, encode
from sottovoce_wire.topics import command_topic

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = ("host", "gate", "sense")


class Build(Struct, frozen=True):
    """What is put to the test: the module and arguments that start each part.

    leaks: what it does that it must not; empty for the product. shows_in: where that has to be found.
    """

    leaks: str = ""
    shows_in: str = ""
    host: tuple[str, ...] = ("sottovoce_host", "run")
    gate: tuple[str, ...] = ("sottovoce_device", "gate")
    sense: tuple[str, ...] = ("sottovoce_device", "sense")
    driver: str = "simulated"


class Result(Struct, frozen=True):
    """What came of a run: traces of the watermark, bytes searched by place, and how many events left."""

    found: list[Found]
    searched: dict[str, int]
    events: int
    seconds: float


class Place(NamedTuple):
    """What is to be searched. unchanged: bytes of it that are as they were before the sensors were opened."""

    where: str
    data: list[bytes]
    unchanged: int = 0


class Trial:
    """One run in one folder. The input lies apart from what the processes may write."""

    def __init__(self, folder: Path, mark: Watermark, build: Build) -> None:
        self._folder, self._mark, self._build = folder, mark, build
        self._run = folder / "run"
        for made in ("input", "run", "trace"):
            (folder / made).mkdir()
        mark.write(folder / "input/scene.wav", folder / "input/picture.png")
        self._port = free_port()
        self._relay = Relay(self._port)
        self._before: dict[str, Pages] = {}
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._write_settings()

    def play(self, search: Search) -> Result:
        """Run it to the end of the scene, then search everything. Raises AssertionError where it does not run.

        A leak is looked for where it has to show first; when it is found, that is enough.
        """
        began = time.monotonic()
        with ExitStack() as stack:
            stack.callback(self._relay.close)
            stack.callback(self._end)
            watch = self._start_all(stack)
            self._hear_and_see(watch)
            memories = {part: changed(self._pid(part), before) for part, before in self._before.items()}
            events = sum("/event/" in topic for topic, _, _ in watch.messages)
        places = list(self._places(memories))
        for place in sorted(places, key=lambda p: p.where != self._build.shows_in):
            for data in place.data:
                search.look(place.where, data, memory=place.where.startswith("memory"))
            search.searched[place.where] += place.unchanged
            if place.where == self._build.shows_in and search.found:
                break
        return Result(search.found, dict(search.searched), events, time.monotonic() - began)

    def _write_settings(self) -> None:
        run, given, driver = self._run, self._folder / "input", self._build.driver
        (run / "host.toml").write_text(
            f'[broker]\nsecurity = "plain"\nport = {self._port}\n[voice]\nsink = "wav"\npath = "{run}/replies.wav"\n'
            f'[memory]\npath = "{run}/memory.sqlite"\n'
        )
        (run / "device.toml").write_text(
            f'[device]\nname = "{NAME}"\n[gate]\nsecurity = "plain"\nsocket = "{run}/gate.sock"\n'
            f'broker = "127.0.0.1"\nport = {self._relay.port}\n'
            f'[microphone]\ndriver = "{driver}"\npath = "{given}/scene.wav"\n'
            f'[world_camera]\ndriver = "{driver}"\npath = "{given}/picture.png"\n'
            '[attention]\nmode = "everything"\n'  # as much as possible is to leave
        )

    def _start_all(self, stack: ExitStack) -> Watch:
        self._start("host")
        self._until("host", "connected")
        watch = Watch(self._port)
        stack.callback(watch.close)
        self._start("gate")
        self._until("gate", "connected")
        shown = self._build.shows_in
        self._before = {p: pages(self._pid(p)) for p in ("gate", "host") if not shown or shown == f"memory of {p}"}
        self._start("sense")
        return watch

    def _start(self, part: str) -> None:
        options = getattr(self._build, part)
        config = f"--config={self._run / ('host' if part == 'host' else 'device')}.toml"
        command = traced([sys.executable, "-m", *options, config], self._folder / "trace" / part)
        home = str(self._run)
        env = os.environ | {"HOME": home, "XDG_STATE_HOME": home, "XDG_CACHE_HOME": home, "TMPDIR": home}
        env = {k: v for k, v in env.items() if k != "ORT_DISABLE_TELEMETRY"} | {"PYTHONPATH": str(ROOT)}
        with (self._run / f"{part}.log").open("ab") as log:
            self._started[part] = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env, cwd=self._run
            )

    def _until(self, part: str, said: str) -> None:
        log = self._run / f"{part}.log"
        wait_until(lambda: said in log.read_text() or self._started[part].poll() is not None, f"{part} said {said!r}")
        assert self._started[part].poll() is None, f"{part} ended: {log.read_text()}"

    def _pid(self, part: str) -> int:
        found = traced_process(self._started[part].pid)
        assert found is not None, f"{part} has ended"
        return found.pid

    def _hear_and_see(self, watch: Watch) -> None:
        """Until the question was answered, a look was taken, and the scene is over."""
        said: list[Said] = wait_until(lambda: watch.all(Said), "the question was heard")
        wait_until(lambda: watch.all(AwaitReply), "and answered")
        wait_until(lambda: any(vitals.camera == "on" for vitals in watch.all(Vitals)), "the camera sees")
        look = Look(session=7, seq=7, sent_ms=round(time.monotonic() * 1000), task="read")
        watch.publish(command_topic(NAME, look), encode(look))
        wait_until(lambda: [d for d in watch.all(Done) if d.name == "Look"], "the glasses looked")
        over_s = said[-1].ended_ms / 1000 + LEAD_S + 0.5
        wait_until(lambda: time.monotonic() > over_s, "the scene is over")

    def _end(self) -> None:
        """End sense first: then what it says to a gate that has gone is no part of the run."""
        for part in reversed(PARTS):
            strace = self._started.get(part)
            if strace is None:
                continue
            process = traced_process(strace.pid)
            if process is not None:
                process.send_signal(signal.SIGTERM)
            try:
                strace.wait(20)
            except subprocess.TimeoutExpired:
                strace.kill()
                strace.wait()

    def _places(self, memories: dict[str, tuple[int, dict[str, bytes]]]) -> Iterator[Place]:
        for part, (size, stretches) in memories.items():
            data = b"".join(stretches.values())
            yield Place(f"memory of {part}", [data], size - len(data))
        for part in PARTS:
            calls = spoken(self._folder / "trace" / part)
            assert part == "host" or any(b'"Said"' in data for data in calls.values()), f"the trace of {part} is blind"
            yield Place(f"calls of {part}", list(calls.values()))
        assert b'"Said"' in self._relay.up, "the wire was not listened to"
        yield Place("wire, glasses to broker", [bytes(self._relay.up)])
        yield Place("wire, broker to glasses", [bytes(self._relay.down)])
        files: dict[str, list[bytes]] = {"logs": [], "database": [], "other files": []}
        for path in sorted(p for p in self._run.rglob("*") if p.is_file()):
            kind = "logs" if path.suffix == ".log" else "database" if "sqlite" in path.name else "other files"
            files[kind].append(path.read_bytes())
        for kind, contents in files.items():
            yield Place(kind, contents)

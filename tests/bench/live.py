"""Runs the real processes and measures them: latency by stage, CPU, start-up, memory."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
from corpus import Scene
from msgspec import Struct, field

from sottovoce_host.config import BrokerConfig, Config, MemoryConfig, VoiceConfig
from sottovoce_host.conversation import Conversation, Observer, Turn
from sottovoce_host.demo.process import free_port
from sottovoce_host.process import running_host


class Costs(Struct):
    """CPU seconds of each process, and its resident MB."""

    cpu_s: dict[str, float] = field(default_factory=dict)
    rss_mb: dict[str, float] = field(default_factory=dict)


class Glasses(Observer):
    """The two processes of the glasses, as `sottovoce-device run` starts them."""

    def __init__(self, process: asyncio.subprocess.Process, conversation: Conversation) -> None:
        self.process = process
        self.conversation = conversation
        self.turns: list[Turn] = []

    def sounding(self, turn: Turn) -> None:
        """Collect a turn."""
        self.turns.append(turn)

    def costs(self) -> Costs:
        """What the processes have cost until now."""
        found = Costs()
        for process in psutil.Process(self.process.pid).children(recursive=True):
            part = process.cmdline()[3]
            times = process.cpu_times()
            found.cpu_s[part] = times.user + times.system
            found.rss_mb[part] = process.memory_info().rss / 1_048_576
        own = psutil.Process()
        found.cpu_s["host"] = own.cpu_times().user + own.cpu_times().system
        found.rss_mb["host"] = own.memory_info().rss / 1_048_576
        return found


@asynccontextmanager
async def host(folder: Path) -> AsyncIterator[tuple[Conversation, int, float]]:
    """A host in this process; with its port, and the seconds until it was ready."""
    config = Config(
        broker=BrokerConfig(security="plain", port=free_port()),
        voice=VoiceConfig(sink="wav", path=str(folder / "replies.wav")),
        memory=MemoryConfig(path=str(folder / "memory.sqlite")),
    )
    started = time.monotonic()
    async with running_host(config) as conversation:
        yield conversation, config.broker.port, time.monotonic() - started


@asynccontextmanager
async def glasses(
    conversation: Conversation, port: int, scene: Path, folder: Path, name: str, settings_more: str = ""
) -> AsyncIterator[Glasses]:
    """Glasses that hear this scene and take all of it as said to them; entered when they sense."""
    settings = folder / f"{name}.toml"
    settings.write_text(
        f'[gate]\nsecurity = "plain"\nsocket = "{folder / name}.sock"\n[attention]\nmode = "everything"\n'
        + settings_more
    )
    options = [f"--config={settings}", f"--scene={scene}", f"--name={name}", f"--broker=127.0.0.1:{port}"]
    with (folder / f"{name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sottovoce_device", "run", *options, stderr=log
        )
    there = Glasses(process, conversation)
    conversation.observer = there
    try:
        await asyncio.wait_for(conversation.until_hears(name), 60)
        yield there
    finally:
        process.terminate()
        await process.wait()


async def turns_of(conversation: Conversation, port: int, scene: Scene, folder: Path) -> tuple[list[Turn], Costs]:
    """The turns that were answered while the scene played, and the costs at its end."""
    async with glasses(conversation, port, scene.path, folder, "latency") as there:
        await asyncio.sleep(scene.seconds)
        return there.turns, there.costs()


async def cpu_per_second(
    conversation: Conversation, port: int, scene: Path, folder: Path, name: str, seconds: float
) -> tuple[dict[str, float], float]:
    """CPU seconds a second of scene, by process, and the seconds from start to sensing."""
    started = time.monotonic()
    async with glasses(conversation, port, scene, folder, name) as there:
        ready = time.monotonic() - started
        await asyncio.sleep(2.0)
        before = there.costs()
        await asyncio.sleep(seconds)
        after = there.costs()
    return {part: (after.cpu_s[part] - before.cpu_s[part]) / seconds for part in after.cpu_s}, ready

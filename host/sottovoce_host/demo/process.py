"""Runs the demo: a host with its broker in this process, the two processes of the glasses beside it."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from sottovoce_host.config import BrokerConfig, Config, MemoryConfig, PairingConfig, VoiceConfig
from sottovoce_host.conversation import Conversation
from sottovoce_host.demo.acquaint import acquaint
from sottovoce_host.demo.scene import Cue, picture, write_gazes, write_scene
from sottovoce_host.demo.screen import Screen, new_console
from sottovoce_host.errors import BrokerError, VoiceError
from sottovoce_host.process import running_host
from sottovoce_host.voice.hibari import Synthesiser

RECORDINGS: Final = Path(__file__).parents[3] / "models" / "weights"
OUT: Final = Path("out")
NAME: Final = "demo"
PATIENCE_S: Final = 60.0
REST_S: Final = 12.0
"""After the scene's end the last reply and the timer are waited for, at most this long."""
TURNS: Final = 5


async def run_demo(port: int, *, wav: bool) -> int:
    """Play the scene, show what happens; exit code 0 when it went as scripted, 1 when not, 130 after Ctrl-C."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    console = new_console()
    console.rule("sottovoce: real speech in, only text out of the glasses, a spoken answer")
    console.print("making the scene and starting host, broker and glasses …", style="dim")
    _make_out()
    replies = OUT / "replies.wav"
    with tempfile.TemporaryDirectory(prefix="sottovoce-demo-") as folder, Screen(console) as screen:
        scene = Path(folder) / "scene.wav"
        cues = await asyncio.to_thread(lambda: write_scene(scene, RECORDINGS, Synthesiser()))
        write_gazes(Path(folder) / "gazes.csv", cues)
        config = Config(
            broker=BrokerConfig(host="127.0.0.1", port=port or free_port()),
            voice=VoiceConfig(sink="wav" if wav else "auto", path=str(replies)),
            pairing=PairingConfig(state=str(Path(folder) / "host")),
            memory=MemoryConfig(path=str(Path(folder) / "memory.sqlite")),
        )
        async with _glasses(scene, Path(folder)) as glasses, _paired(config, Path(folder), screen, glasses) as host:
            host.observer = screen
            play = asyncio.create_task(_play(host, screen, cues, glasses))
            waiting = asyncio.create_task(stopped.wait())
            await asyncio.wait([play, waiting], return_when=asyncio.FIRST_COMPLETED)
            for task in (play, waiting):
                task.cancel()
            await asyncio.gather(play, waiting, return_exceptions=True)
            if not play.cancelled():
                play.result()
        if stopped.is_set():
            console.print("stopped; nothing is left running")
            return 130
        spoken = str(replies.resolve()) if replies.exists() else "sounded on the default audio device"
        screen.summary(cues[-1].end_s, spoken)
    if len(screen.turns) < TURNS or not screen.refused:
        console.print(f"only {len(screen.turns)} of {TURNS} turns were answered: this machine is too slow or too busy")
        return 1
    return 0


async def _play(host: Conversation, screen: Screen, cues: list[Cue], glasses: asyncio.subprocess.Process) -> None:
    """Follow the scene from the moment on at which the glasses hear."""
    died = asyncio.create_task(glasses.wait())
    try:
        async with asyncio.timeout(PATIENCE_S):
            there = asyncio.create_task(host.until_hears(NAME))
            await asyncio.wait([there, died], return_when=asyncio.FIRST_COMPLETED)
            if died.done():
                raise BrokerError("the glasses did not start; see the line above")
    except TimeoutError:
        raise BrokerError(f"the glasses did not come within {PATIENCE_S:.0f} s: is the machine very busy?") from None
    loop = asyncio.get_running_loop()
    start = loop.time()
    for cue in cues:
        await asyncio.sleep(max(0.0, start + cue.start_s - loop.time()))
        screen.caption(cue.caption)
    until = start + cues[-1].end_s + REST_S
    while loop.time() < until and not _all_done(host, screen):  # noqa: ASYNC110 -- three conditions of three owners
        await asyncio.sleep(0.1)
    died.cancel()


def _all_done(host: Conversation, screen: Screen) -> bool:
    return len(screen.turns) >= TURNS and screen.rang > 0 and host.silent


@asynccontextmanager
async def _paired(
    config: Config, folder: Path, screen: Screen, glasses: asyncio.subprocess.Process
) -> AsyncIterator[Conversation]:
    """A running host that has been paired with the glasses by the code that they show."""
    await acquaint(config, folder / "glasses.log", screen, glasses)
    async with running_host(config) as host:
        yield host


@asynccontextmanager
async def _glasses(scene: Path, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The glasses, as their own command starts them; ended with the context."""
    settings = folder / "glasses.toml"
    settings.write_text(
        f'[device]\nstate = "{folder / "glasses"}"\n'
        f'[gate]\nsocket = "{folder / "gate.sock"}"\npairing_port = 0\nannounce = false\n'
        f'[world_camera]\ndriver = "simulated"\npath = "{picture(RECORDINGS)}"\ngaze = "{folder / "gazes.csv"}"\n'
        "[seeing]\nfaces = false\n"
    )
    log = (folder / "glasses.log").open("w+")
    options = [f"--config={settings}", f"--scene={scene}", f"--name={NAME}"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sottovoce_device", "run", f"--parent={os.getpid()}", *options,
        stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    except BrokerError:
        log.seek(0)
        sys.stderr.write(log.read())
        raise
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        log.close()


def _make_out() -> None:
    try:
        OUT.mkdir(exist_ok=True)
        (OUT / "replies.wav").unlink(missing_ok=True)
    except OSError as error:
        raise VoiceError(f"{OUT.resolve()}: cannot be written ({error.strerror}); run the demo elsewhere") from None


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

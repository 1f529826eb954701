"""A running host with its glasses, and what became of what they said."""

import asyncio
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import numpy as np
from glasses import Glasses, until

from sottovoce_host.config import BrokerConfig, Config, MemoryConfig, MindConfig, VoiceConfig
from sottovoce_host.conversation import Conversation
from sottovoce_host.demo.process import free_port
from sottovoce_host.link.link import Arrived
from sottovoce_host.memory.store import Memory
from sottovoce_host.process import running_host
from sottovoce_host.turn import Observer, Turn
from sottovoce_wire import Said, Speaking

SLOW = """
import time
from pathlib import Path
from sottovoce_host.mind.reply import Reply

class Skill:
    name = "weather"

    def answer(self, request):
        if "tea" in request.text:
            return Reply("How many?", self.name, awaits=True)
        return self.wait(request) if "weather" in request.text else None

    def hear_answer(self, request):
        return self.wait(request)

    def wait(self, request):
        here = Path(__file__).parent
        (here / "asked").touch()
        while not (here / "come").exists():
            time.sleep(0.01)
        return Reply("Rain.", self.name) if "weather" in request.text else None
"""
"""A skill that takes its time: a file "asked" appears beside it, and it goes on when there is one named "come"."""


class Stage(Observer):
    """A running host, a pair of glasses, and what became of what they said."""

    def __init__(self, folder: Path, skills: str = "") -> None:
        self.config = Config(
            broker=BrokerConfig(security="plain", port=free_port()),
            voice=VoiceConfig(sink="wav", path=str(folder / "replies.wav")),
            mind=MindConfig(timezone="UTC", skills=skills, follow_up_ms=7_000),
            memory=MemoryConfig(path=str(folder / "memory.sqlite")),
        )
        self.turns: list[Turn] = []
        self.rings: list[str] = []
        self.heard: list[str] = []
        self.glasses: Glasses
        self.host: Conversation

    def arrived(self, arrived: Arrived) -> None:
        if isinstance(arrived.event, Said):
            self.heard.append(arrived.event.text)

    def sounding(self, turn: Turn) -> None:
        self.turns.append(turn)

    def ringing(self, ring: Any) -> None:
        self.rings.append(ring.text)

    @property
    def replies(self) -> list[str]:
        return [turn.reply.text for turn in self.turns]

    @property
    def speaking(self) -> list[bool]:
        """What the glasses were told of the host's voice."""
        return [command.speaking for command in self.glasses.got(Speaking)]

    def when(self, *kinds: type) -> list[float]:
        return [at_s for command, at_s in list(self.glasses.commands) if isinstance(command, kinds)]

    async def tell(self, text: str, turn: int = 1, addressee: str = "device", *, continues: bool = False) -> None:
        await asyncio.to_thread(lambda: self.glasses.say(text, turn, addressee, continues=continues))

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        await asyncio.to_thread(until, condition, what)

    def nothing_to_ring(self) -> bool:
        with closing(Memory(Path(self.config.memory.path))) as memory:
            return not memory.timers.running()

    def sound(self) -> float:
        """Seconds in the WAV file that are not silent."""
        with wave.open(self.config.voice.path) as file:
            pcm = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return float(np.count_nonzero(np.abs(pcm) > 100) / 24_000)


@asynccontextmanager
async def hosting(stage: Stage) -> AsyncIterator[None]:
    async with running_host(stage.config) as stage.host:
        stage.host.observer = stage
        with closing(await asyncio.to_thread(Glasses, stage.config.broker.port)) as stage.glasses:
            await asyncio.wait_for(stage.host.until_hears("specs"), 10)
            yield


def play(folder: Path, scenario: Callable[[Stage], Awaitable[None]], skills: str = "") -> None:
    async def run() -> None:
        stage = Stage(folder, skills)
        async with hosting(stage):
            await scenario(stage)

    asyncio.run(run())

"""Turns of talk, through the real broker, mind and voice: what glasses say is answered by sound."""

import asyncio
import time
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from glasses import Glasses, now_ms, until
from msgspec.structs import replace

from sottovoce_host.config import BrokerConfig, Config, MemoryConfig, MindConfig, VoiceConfig
from sottovoce_host.conversation import Conversation, Observer, Turn
from sottovoce_host.demo.process import free_port
from sottovoce_host.link.link import Arrived
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Request
from sottovoce_host.mind.router import Router
from sottovoce_host.process import running_host
from sottovoce_wire import AwaitReply, CalibrateGaze, Done, GazeCalibrated, Interrupted, Look, LookedAt, Said, Speaking

HELP = "what can you do"  # its answer lasts nine seconds


class Stage(Observer):
    """A running host, a pair of glasses, and what became of what they said."""

    def __init__(self, folder: Path) -> None:
        self.config = Config(
            broker=BrokerConfig(security="plain", port=free_port()),
            voice=VoiceConfig(sink="wav", path=str(folder / "replies.wav")),
            mind=MindConfig(timezone="UTC", follow_up_ms=7_000),
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


def play(folder: Path, scenario: Callable[[Stage], Awaitable[None]]) -> None:
    async def run() -> None:
        stage = Stage(folder)
        async with hosting(stage):
            await scenario(stage)

    asyncio.run(run())


def test_what_is_said_to_the_glasses_is_answered_by_voice_and_the_wearers_reply_is_awaited(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell("What is two plus two?")
        await stage.until(lambda: stage.glasses.got(AwaitReply), "the reply is over")
        assert stage.replies == ["Four."]
        assert stage.sound() > 0.2
        assert stage.speaking == [True, False]
        start, end, follow = stage.when(Speaking, AwaitReply)
        assert start < end <= follow, "the follow-up window opens when the reply has ended"
        assert end - start > 0.3
        assert stage.glasses.got(AwaitReply)[0].window_ms == 7_000
        turn = stage.turns[0]
        assert turn.ended_ms < turn.decided_ms <= turn.heard_ms <= turn.replied_ms <= (turn.sounded_ms or 0)
        await stage.until(lambda: stage.host.silent, "nothing more is to be said")

    play(tmp_path, scenario)


def test_that_is_what_the_glasses_look_up_at_the_moment_of_the_word_and_not_what_they_told_of_before(
    tmp_path: Path,
) -> None:
    async def scenario(stage: Stage) -> None:
        told = LookedAt(at_ms=now_ms(), label="dog", confidence=90, dwell_ms=900, source="eye", bearing=0)
        await asyncio.to_thread(stage.glasses.tell, told)
        before_ms = now_ms()
        await stage.tell("Add that to my shopping list.")
        after_ms = now_ms()
        (look,) = await asyncio.to_thread(until, lambda: stage.glasses.got(Look), "the glasses are asked")
        assert before_ms - 900 < look.said_ms < after_ms - 550, "the second of six words that took 900 to 200 ms ago"
        await asyncio.to_thread(stage.glasses.tell, replace(told, label="apple", command=look.seq))
        done = Done(at_ms=now_ms(), command=look.seq, name="Look", outcome="done")
        await asyncio.to_thread(stage.glasses.tell, done)
        await stage.until(lambda: stage.replies, "it is answered")
        with closing(Memory(Path(stage.config.memory.path))) as memory:
            assert memory.lists.items("shopping") == ["apple"]

    play(tmp_path, scenario)


def test_a_calibration_that_is_asked_for_by_voice_is_sent_to_the_glasses_and_its_outcome_is_spoken(
    tmp_path: Path,
) -> None:
    async def scenario(stage: Stage) -> None:
        over = GazeCalibrated(at_ms=now_ms(), command=1, stage="accepted", marks=9, error=7)
        await asyncio.to_thread(stage.glasses.tell, over)  # nobody has asked for it by voice: nothing is said
        await stage.tell("Calibrate my eyes.")
        (command,) = await asyncio.to_thread(until, lambda: stage.glasses.got(CalibrateGaze), "the glasses are told")
        assert command.marks == 9
        await stage.until(lambda: stage.speaking == [True, False], "the wearer is told what to do")
        done = Done(at_ms=now_ms(), command=command.seq, name="CalibrateGaze", outcome="done")
        for answer in (replace(over, at_ms=now_ms(), command=command.seq), done, over):
            await asyncio.to_thread(stage.glasses.tell, answer)
        await stage.until(lambda: stage.speaking == [True, False, True, False], "and how it came out, once")
        await stage.until(lambda: stage.host.silent, "nothing more is to be said")
        assert stage.speaking == [True, False, True, False]

    play(tmp_path, scenario)


def test_parts_of_one_turn_are_answered_as_one_request(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell("What is two", 5, continues=True)
        await stage.tell("plus", 5, continues=True)
        await stage.until(lambda: len(stage.heard) == 2, "the first parts are heard")
        assert stage.replies == stage.speaking == []
        await stage.tell("two?", 5)
        await stage.until(lambda: stage.replies, "the whole is answered")
        assert stage.replies == ["Four."]

    play(tmp_path, scenario)


def test_a_part_that_was_never_finished_does_not_get_into_another_turn(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell("Set a timer for", 5, continues=True)
        await stage.tell("What is two plus two?", 6)
        await stage.until(lambda: stage.replies, "the second turn is answered")
        assert stage.replies == ["Four."]

    play(tmp_path, scenario)


def test_what_is_said_to_somebody_else_is_not_answered(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell("What is two plus two?", 1, "other")
        await stage.tell("What is two plus three?", 2, "unknown")
        await stage.tell("What is two plus four?", 3)
        await stage.until(lambda: stage.glasses.got(AwaitReply), "the third is answered")
        assert stage.replies == ["Six."]
        assert stage.speaking == [True, False]
        assert len(stage.heard) == 3

    play(tmp_path, scenario)


def test_the_newest_request_silences_all_older_replies(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell(HELP, 1)
        await stage.until(lambda: stage.replies, "the long answer begins")
        await stage.tell("What is two plus three?", 2)
        await stage.tell("What is two plus two?", 3)
        await stage.until(lambda: "Four." in stage.replies, "the newest is answered")
        assert stage.replies in ([stage.replies[0], "Four."], [stage.replies[0], "Five.", "Four."])
        await stage.until(lambda: stage.host.silent and not stage.speaking[-1], "the newest has sounded")
        assert stage.when(Speaking)[1] - stage.when(Speaking)[0] < 8, "the long answer would have gone on for longer"
        assert stage.speaking == [True, False] * (len(stage.speaking) // 2)
        assert 2 * len(stage.replies) <= len(stage.speaking) <= 6  # one may be announced, and silenced before it sounds

    play(tmp_path, scenario)


def test_a_wearer_who_interrupts_is_let_speak(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell(HELP)
        await stage.until(lambda: stage.replies, "the long answer begins")
        interrupted = time.monotonic()
        await asyncio.to_thread(stage.glasses.tell, Interrupted(at_ms=now_ms(), turn=2))
        await stage.until(lambda: stage.speaking == [True, False], "the host falls silent")
        assert stage.when(Speaking)[1] - interrupted < 8, "the reply would have lasted for longer"
        assert stage.glasses.got(Speaking)[0].lasts_ms > 9_000
        await stage.tell("What is two plus two?", 2)
        await stage.until(lambda: stage.replies[1:] == ["Four."], "the interruption is answered")

    play(tmp_path, scenario)


def test_a_timer_set_by_voice_rings_by_voice_when_it_is_due(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        began = time.monotonic()
        await stage.tell("Set a pasta timer for three seconds.")
        await stage.until(lambda: stage.rings, "it rings")
        assert 2.9 < time.monotonic() - began < 8
        assert stage.replies == ["Pasta timer set for three seconds."]
        assert stage.rings == ["Your pasta timer is done."]
        await stage.until(lambda: stage.speaking == [True, False] * 2, "the ring has sounded")
        assert len(stage.glasses.got(AwaitReply)) == 1, "a ring asks for no reply"

    play(tmp_path, scenario)


def test_a_timer_that_was_due_while_the_host_was_down_rings_when_it_is_up_and_only_once(tmp_path: Path) -> None:
    async def run() -> None:
        stage = Stage(tmp_path)
        async with hosting(stage):
            await stage.tell("Set a timer for two seconds.")
            await stage.until(lambda: stage.replies, "it is set")
            due = time.monotonic() + 2
        assert stage.rings == []
        await stage.until(lambda: time.monotonic() > due, "it is due")
        for expected in (["Your timer for two seconds is done."], []):
            stage = Stage(tmp_path)
            async with hosting(stage):
                await stage.tell("What is two plus two?")
                await stage.until(lambda stage=stage: "Four." in stage.replies, "the host answers")
                await stage.until(lambda stage=stage: stage.host.silent, "the host has answered")
                # However early the request came: it may silence the ring, it must not swallow it.
                await stage.until(stage.nothing_to_ring, "the ring has sounded")
            assert stage.rings == expected
            assert (stage.sound() > 1) == bool(expected)

    asyncio.run(run())


@pytest.mark.parametrize(("name", "says"), [("pasta", "pasta timer"), ("", "timer for two minutes")])
def test_a_timer_that_is_long_past_when_the_host_comes_up_says_by_how_much(
    tmp_path: Path, name: str, says: str
) -> None:
    stage = Stage(tmp_path)
    with closing(Memory(Path(stage.config.memory.path))) as memory:
        earlier = datetime.now(UTC) - timedelta(minutes=10)
        Router(memory).answer(Request(f"set a {name} timer for two minutes", earlier))
    asyncio.run(_rings_after_start(stage, f"Your {says} was done eight minutes"))


async def _rings_after_start(stage: Stage, text: str) -> None:
    async with running_host(stage.config) as host:
        host.observer = stage  # nothing has run since: the host's tasks start at the first await
        await stage.until(lambda: stage.rings, "it rings")
        await stage.until(lambda: Path(stage.config.voice.path).stat().st_size > 44, "it is spoken")
    assert len(stage.rings) == 1
    assert stage.rings[0].startswith(text)
    assert stage.rings[0].endswith(" ago.")
    assert stage.sound() > 1


def test_timers_that_are_due_together_all_ring_though_that_cannot_be_written(tmp_path: Path) -> None:
    async def run() -> None:
        stage = Stage(tmp_path)
        with closing(Memory(Path(stage.config.memory.path))) as memory:
            for name in ("pasta", "egg"):
                Router(memory).answer(Request(f"set a {name} timer for one second", datetime.now(UTC)))
        async with running_host(stage.config) as host:
            host.observer = stage
            database = host._router._timers._timers._database._connection
            database.execute("PRAGMA query_only = ON")  # a genuine SQLITE_READONLY
            await stage.until(lambda: len(stage.rings) == 2, "both ring")

    asyncio.run(run())

"""Turns of talk, through the real broker, mind and voice: what glasses say is answered by sound."""

import asyncio
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from glasses import now_ms, until
from hosting import SLOW, Stage, hosting, play
from msgspec.structs import replace

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Request
from sottovoce_host.mind.router import Router
from sottovoce_host.process import running_host
from sottovoce_wire import AwaitReply, CalibrateGaze, Done, GazeCalibrated, Interrupted, Look, LookedAt, Speaking

HELP = "what can you do"  # its answer lasts nine seconds


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


def test_a_request_that_the_broker_delivers_twice_is_done_once(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell("Take a note that the tea is out.")
        await stage.until(lambda: stage.heard, "it has arrived")
        stage.glasses.seq -= 1
        await stage.tell("Take a note that the tea is out.")
        await stage.tell("Take a note that the milk is out.", turn=2)
        await stage.until(lambda: "milk" in stage.heard[-1], "what was said later has arrived")
        await stage.until(lambda: stage.host.silent, "all is answered")
        with closing(Memory(Path(stage.config.memory.path))) as memory:
            assert sorted(n.text for n in memory.notes.newest_first()) == ["the milk is out", "the tea is out"]

    play(tmp_path, scenario)


def test_an_answer_that_the_voice_cannot_pronounce_is_told_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell("How do they say hello in China?")
        await stage.until(lambda: stage.glasses.got(AwaitReply), "the reply is over")
        assert stage.replies == ["\u4f60\u597d"]
        assert stage.sound() > 0.5
        await stage.until(lambda: stage.host.silent, "nothing more is to be said")

    skill = SLOW.replace("self.wait(request) if", 'Reply("\\u4f60\\u597d", self.name) if').replace(
        '"weather" in', '"China" in'
    )
    (tmp_path / "skills").mkdir()
    (tmp_path / "skills" / "china.py").write_text(skill)
    play(tmp_path, scenario, str(tmp_path / "skills"))
    assert "host: there is nothing in a reply that the voice can speak\n" in capsys.readouterr().err


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


def test_what_is_asked_while_a_skill_takes_its_time_is_answered_and_the_skill_s_late_answer_is_not_spoken(
    tmp_path: Path,
) -> None:
    (tmp_path / "weather.py").write_text(SLOW)

    async def scenario(stage: Stage) -> None:
        await stage.tell("How is the weather?", turn=1)
        await stage.until((tmp_path / "asked").exists, "the skill is asked")
        await stage.tell("Set a timer for one second.", turn=2)
        await stage.until(lambda: stage.rings, "the timer rings meanwhile")
        (tmp_path / "come").touch()
        await stage.tell("Sing a song.", turn=3)
        await stage.until(lambda: "I can't do that yet." in stage.replies, "the skill has answered, then leaves this")
        assert stage.replies == ["Timer set for one second.", "I can't do that yet."]

    play(tmp_path, scenario, skills=str(tmp_path))


def test_a_wearer_who_has_to_wait_for_a_skill_is_told_so_and_then_the_answer(tmp_path: Path) -> None:
    (tmp_path / "weather.py").write_text(SLOW)

    async def scenario(stage: Stage) -> None:
        await stage.tell("How is the weather?")
        await stage.until(lambda: stage.speaking == [True, False], "one moment")
        assert not stage.replies
        (tmp_path / "come").touch()
        await stage.until(lambda: stage.replies == ["Rain."], "the answer")

    play(tmp_path, scenario, skills=str(tmp_path))


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
        asyncio.run(Router(memory).answer(Request(f"set a {name} timer for two minutes", earlier)))
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


def test_a_timer_that_another_process_set_rings_though_none_was_running(tmp_path: Path) -> None:
    async def scenario(stage: Stage) -> None:
        await stage.tell("What is two plus two?")
        await stage.until(lambda: stage.glasses.got(AwaitReply), "the host waits for nothing but time")
        with closing(Memory(Path(stage.config.memory.path))) as memory:
            await Router(memory).answer(Request("set a timer for one second", datetime.now(UTC)))
        await stage.until(lambda: stage.rings, "it rings")

    play(tmp_path, scenario)


def test_timers_that_are_due_together_all_ring_though_that_cannot_be_written(tmp_path: Path) -> None:
    async def run() -> None:
        stage = Stage(tmp_path)
        with closing(Memory(Path(stage.config.memory.path))) as memory:
            for name in ("pasta", "egg"):
                await Router(memory).answer(Request(f"set a {name} timer for one second", datetime.now(UTC)))
        async with running_host(stage.config) as host:
            host.observer = stage
            database = host._router._timers._timers._database._connection
            database.execute("PRAGMA query_only = ON")  # a genuine SQLITE_READONLY
            await stage.until(lambda: len(stage.rings) == 2, "both ring")

    asyncio.run(run())

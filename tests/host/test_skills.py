"""A skill of one's own is one file; what is wrong with it costs its own answer, and is told by name."""

import asyncio
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from glasses import until
from hosting import SLOW
from stage import told_with

from sottovoce_host.config import Config, MindConfig
from sottovoce_host.errors import SkillError
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Request
from sottovoce_host.mind.router import Router
from sottovoce_host.skills import load_skills

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HEAD = "from sottovoce_host.mind.reply import Reply\nclass Skill:\n    name = 'dice'\n    def answer(self, request):\n"
NO_LETTERS = "characters in its text that are none: control characters, or halves of one"
DICE = HEAD + "        return Reply('A six.', self.name) if 'dice' in request.text else None\n"


def loaded(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return [thread.skill.name for thread in load_skills(Config(mind=MindConfig(skills=str(folder))))]


def router_with(folder: Path, memory: Memory, skill_ms: int = 60_000) -> Router:
    return Router(memory, load_skills(Config(mind=MindConfig(skills=str(folder), skill_ms=skill_ms))))


async def ask(router: Router, text: str) -> str:
    return (await router.answer(Request(text, NOW))).text


def said(folder: Path, skill: str, *texts: str) -> list[str]:
    """What the wearer is told, when this skill is in the folder."""
    loaded(folder, one=skill)
    with closing(Memory(None)) as memory:
        router = router_with(folder, memory)
        return [asyncio.run(ask(router, text)) for text in texts]


def test_a_file_in_the_folder_is_a_skill_of_the_command_that_users_run(tmp_path: Path) -> None:
    assert told_with(DICE, tmp_path, "roll the dice") == "A six.  (dice)\n"


def test_without_a_folder_there_are_no_skills_and_one_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    assert loaded(tmp_path) == []
    with pytest.raises(SkillError, match=r"nowhere: there is no such folder; set \[mind\] skills"):
        load_skills(Config(mind=MindConfig(skills=str(tmp_path / "nowhere"))))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def answer(:\n", "bad.py, line 1: SyntaxError: invalid syntax; mend it, or move it elsewhere"),
        ("\nimport nothing_such\n", "bad.py, line 2: ModuleNotFoundError: No module named 'nothing_such'; mend it"),
        ("\nraise BaseException('panic')\n", "bad.py, line 2: BaseException: panic; mend it, or move it elsewhere"),
        ("class Dice: pass\n", "bad.py: there is no Skill in it; mend it, or move it elsewhere"),
        ("class Skill: pass\n", "bad.py: class Skill needs a name, a text, and a method answer(request)"),
        (
            "class Skill:\n    def __init__(self):\n        1 / 0\n",
            "bad.py, line 3: ZeroDivisionError: division by zero; mend",
        ),
        (
            "class Skill:\n    def __init__(self):\n        raise BaseException('panic')\n",
            "bad.py, line 3: BaseException: panic; mend it",
        ),
        ("class Skill:\n    name = 'x'\n", "bad.py: class Skill needs a name, a text, and a method answer(request)"),
        ("class Skill:\n    name = 5\n    answer = print\n", "bad.py: class Skill needs a name, a text, and a method"),
    ],
)
def test_a_file_that_is_no_skill_is_named_with_its_line_and_the_cure(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SkillError) as raised:
        loaded(tmp_path, bad=text)
    assert told in str(raised.value)


def test_a_file_that_does_not_come_back_from_being_loaded_is_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import threading\nthreading.Event().wait()\n")
    with pytest.raises(SkillError, match=r"slow\.py: was not loaded within 0\.1 s; mend it, or move it elsewhere"):
        load_skills(Config(mind=MindConfig(skills=str(tmp_path))), load_s=0.1)


def test_two_skills_of_one_name_are_told_apart_by_their_files(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match=r'two\.py: its name "dice" is that of one\.py, too; give it another'):
        loaded(tmp_path, one=DICE, two=DICE)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("1 / 0", "ZeroDivisionError in one.py, line 5"),
        ("raise ValueError(request.text)", "ValueError in one.py, line 5"),
        ("import sys; sys.exit()", "SystemExit in one.py, line 5"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt in one.py, line 5"),
        ("import asyncio; raise asyncio.CancelledError", "CancelledError in one.py, line 5"),
        ("next(iter(()))", "StopIteration in one.py, line 5"),
        ("return Reply('six', self.name, looks='there')", "its Reply has a str for its looks"),
        ("return Reply('six', self.name, awaits='yes')", "its Reply has a str for its awaits"),
        ("return Reply('six', self)", "its Reply has a Skill for its specialist"),
        ("return Reply(b'six', self.name)", "its Reply has a bytes for its text"),
        ("return Reply('\\x1b[31msix', self.name)", f"its Reply has {NO_LETTERS}"),
        ("return Reply('\\ud800', self.name)", f"its Reply has {NO_LETTERS}"),
        (
            "return Reply('six ' * 9999, self.name)",
            "its Reply has 39996 characters, and 6000 are the most that is spoken",
        ),
        ("return Reply(' \\n', self.name)", "its Reply has nothing in its text that can be spoken"),
        ("return 'six'", "it gave a str, and not a Reply with a text, or None"),
        ("return Reply('', self.name)", "its Reply has nothing in its text that can be spoken"),
        ("return Reply(6, self.name)", "its Reply has a int for its text"),
        ("return self.answer()", "TypeError in one.py, line 5"),
        (
            "async def wait(): return 6\n        return wait()",
            "its method is async: make it a plain one, which may wait",
        ),
    ],
)
def test_a_skill_that_fails_costs_its_own_answer_and_its_log_has_no_word_of_what_was_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, why: str
) -> None:
    told = said(tmp_path, f"{HEAD}        {body}\n", "roll the marzipan", "what is two plus two")
    assert told == ["My dice skill failed. The log on your computer says where.", "Four."]
    assert capsys.readouterr().err == f"host: skill dice failed: {why}\n"


@pytest.mark.parametrize(
    ("skill", "why"),
    [
        (
            HEAD + "        import json; json.loads(request.text)\n",
            r"JSONDecodeError in one\.py, line 5 \(raised by decoder\.py,",
        ),
        (HEAD.replace(", request", ""), "TypeError as it was called: its method takes self and one request"),
    ],
)
def test_a_skill_that_fails_in_what_it_calls_or_cannot_be_called_is_told_where_its_own_file_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], skill: str, why: str
) -> None:
    said(tmp_path, skill if "json" in skill else f"{skill}        return None\n", "roll the marzipan")
    assert re.match(f"host: skill dice failed: {why}", capsys.readouterr().err)


def test_while_a_skill_takes_its_time_everything_else_goes_on(tmp_path: Path) -> None:
    (tmp_path / "weather.py").write_text(SLOW)

    async def run() -> None:
        with closing(Memory(None)) as memory:
            router = router_with(tmp_path, memory)
            waiting = asyncio.create_task(ask(router, "how is the weather"))
            await asyncio.to_thread(until, (tmp_path / "asked").exists, "the skill is asked")
            assert await ask(router, "what is two plus two") == "Four."
            (tmp_path / "come").touch()
            assert await waiting == "Rain."
            assert await ask(router, "say that again") == "Four.", "what was asked last was answered last"

    asyncio.run(run())


def test_a_skill_that_gives_no_answer_in_time_costs_its_own_answer_and_is_not_waited_for_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "weather.py").write_text(SLOW)

    with closing(Memory(None)) as memory:
        router = router_with(tmp_path, memory, skill_ms=100)
        assert asyncio.run(ask(router, "how is the weather")) == "My weather skill takes too long."
        assert asyncio.run(ask(router, "sing a song")) == "My weather skill takes too long."
        (tmp_path / "come").touch()
        until(lambda: asyncio.run(ask(router, "and how is the weather")) == "Rain.", "it answers again")
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "host: skill weather gave no answer within 0.1 s"
    assert told[1] == "host: skill weather is still at an earlier request"


def test_a_skill_that_never_answers_does_not_keep_the_command_from_ending(tmp_path: Path) -> None:
    settings = tmp_path / "host.toml"
    settings.write_text("[mind]\nskill_ms = 100\n")
    told = told_with(SLOW, tmp_path, "how is the weather", "--config", str(settings))
    assert told == "My weather skill takes too long.  (router)\n"


def test_a_skill_is_made_and_asked_on_one_thread_so_that_what_it_opened_may_be_used(tmp_path: Path) -> None:
    opened = """
import sqlite3
from sottovoce_host.mind.reply import Reply

class Skill:
    name = "contacts"

    def __init__(self):
        self.book = sqlite3.connect(":memory:")  # refuses to be used on another thread

    def answer(self, request):
        return Reply(str(self.book.execute("SELECT 'Ada'").fetchone()[0]), self.name)
"""
    assert said(tmp_path, opened, "whom do I know") == ["Ada"]


def test_a_skill_that_asks_back_hears_the_answer_first(tmp_path: Path) -> None:
    asks = """
from sottovoce_host.mind.reply import Reply

class Skill:
    name = "tea"

    def answer(self, request):
        return Reply("How many?", self.name, awaits=True) if "tea" in request.text else None

    def hear_answer(self, request):
        return Reply(f"Making {request.text}.", self.name)
"""
    assert said(tmp_path, asks, "make tea", "two plus two", "two plus two") == [
        "How many?",
        "Making two plus two.",
        "Four.",
    ]


def overtaken(folder: Path, asked: list[str], meanwhile: str, then: str) -> list[str]:
    """What is answered to the last of `asked`, to `meanwhile`, said while the skill waits, and to `then`."""
    (folder / "weather.py").write_text(SLOW)

    async def run() -> list[str]:
        with closing(Memory(None)) as memory:
            router = router_with(folder, memory)
            for text in asked[:-1]:
                await ask(router, text)
            waiting = asyncio.create_task(ask(router, asked[-1]))
            await asyncio.to_thread(until, (folder / "asked").exists, "the skill is asked")
            between = asyncio.create_task(ask(router, meanwhile))
            await asyncio.sleep(0)
            (folder / "come").touch()
            return [await waiting, await between, await ask(router, then)]

    return asyncio.run(run())


def test_what_was_overtaken_while_a_skill_heard_it_as_an_answer_is_not_carried_out(tmp_path: Path) -> None:
    asked = ["make tea", "set a timer for five minutes"]
    _, between, then = overtaken(tmp_path, asked, "cancel all timers", "what timers are running")
    assert between == "No timers are set."
    assert then == "No timers are set."


def test_whoever_says_what_while_a_skill_takes_its_time_hears_its_answer(tmp_path: Path) -> None:
    assert overtaken(tmp_path, ["how is the weather"], "what?", "say that again") == ["Rain.", "Rain.", "Rain."]

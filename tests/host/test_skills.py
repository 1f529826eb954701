"""A skill of one's own is one file; what is wrong with it costs its own answer, and is told by name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from stage import told_with

from sottovoce_host.config import Config, MindConfig
from sottovoce_host.errors import SkillError
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Request
from sottovoce_host.mind.router import Router
from sottovoce_host.skills import load_skills

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HEAD = "from sottovoce_host.mind.reply import Reply\nclass Skill:\n    name = 'dice'\n    def answer(self, request):\n"
DICE = HEAD + "        return Reply('A six.', self.name) if 'dice' in request.text else None\n"


def loaded(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return [skill.name for skill in load_skills(Config(mind=MindConfig(skills=str(folder))))]


def said(folder: Path, skill: str, *texts: str) -> list[str]:
    """What the wearer is told, when this skill is in the folder."""
    loaded(folder, one=skill)
    memory = Memory(folder / "memory.sqlite")
    router = Router(memory, load_skills(Config(mind=MindConfig(skills=str(folder)))))
    replies = [router.answer(Request(text, NOW)).text for text in texts]
    memory.close()
    return replies


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
        ("class Dice: pass\n", "bad.py: there is no Skill in it; mend it, or move it elsewhere"),
        ("class Skill: pass\n", "bad.py: class Skill needs a name, a text, and a method answer(request)"),
        (
            "class Skill:\n    def __init__(self):\n        1 / 0\n",
            "bad.py, line 3: ZeroDivisionError: division by zero; mend",
        ),
        ("class Skill:\n    name = 'x'\n", "bad.py: class Skill needs a name, a text, and a method answer(request)"),
        ("class Skill:\n    name = 5\n    answer = print\n", "bad.py: class Skill needs a name, a text, and a method"),
    ],
)
def test_a_file_that_is_no_skill_is_named_with_its_line_and_the_cure(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SkillError) as raised:
        loaded(tmp_path, bad=text)
    assert told in str(raised.value)


def test_two_skills_of_one_name_are_told_apart_by_their_files(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match=r'two\.py: its name "dice" is that of one\.py, too; give it another'):
        loaded(tmp_path, one=DICE, two=DICE)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("1 / 0", "ZeroDivisionError in one.py, line 5"),
        ("raise ValueError(request.text)", "ValueError in one.py, line 5"),
        ("import sys; sys.exit()", "SystemExit in one.py, line 5"),
        ("return Reply('six', self.name, looks='there')", "it gave a Reply, and not a Reply with a text, or None"),
        ("return 'six'", "it gave a str, and not a Reply with a text, or None"),
        ("return Reply(6, self.name)", "it gave a Reply, and not a Reply with a text, or None"),
    ],
)
def test_a_skill_that_fails_costs_its_own_answer_and_its_log_has_no_word_of_what_was_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, why: str
) -> None:
    told = said(tmp_path, f"{HEAD}        {body}\n", "roll the marzipan", "what is two plus two")
    assert told == ["My dice skill failed. The log on your computer says where.", "Four."]
    assert capsys.readouterr().err == f"host: skill dice failed: {why}\n"


def test_a_slow_skill_is_told_of_and_its_answer_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slow = HEAD + "        import time; time.sleep(0.3); return Reply('Done.', self.name)\n"
    assert said(tmp_path, slow, "roll the marzipan") == ["Done."]
    assert "host: skill dice: took 0." in (log := capsys.readouterr().err)
    assert "in which the host did nothing else" in log

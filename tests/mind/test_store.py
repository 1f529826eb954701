"""The memory's file: durable, private, and honest when it fails."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from asking import Ask, reply_of

from sottovoce_host.memory.errors import StoreError
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.router import Router
from sottovoce_wire.errors import SottovoceError


def _fill(memory: Memory) -> None:
    """Let the file grow no more: sqlite then gives a genuine SQLITE_FULL."""
    pages = memory.notes._database._connection.execute("PRAGMA page_count").fetchone()[0]
    memory.notes._database._connection.execute(f"PRAGMA max_page_count = {pages}")


def test_what_is_kept_is_there_after_a_restart(path: Path, now: datetime) -> None:
    first = Memory(path)
    for said in ("note that milk is off", "add eggs to the shopping list", "set a timer for an hour"):
        reply_of(Router(first), said, now)
    first.close()
    second = Memory(path)
    assert [note.text for note in second.notes.newest_first()] == ["milk is off"]
    assert second.lists.items("shopping") == ["eggs"]
    assert [timer.length_s for timer in second.timers.running()] == [3600]
    second.close()


def test_what_is_confirmed_is_on_disk_already(path: Path, memory: Memory, ask: Ask) -> None:
    ask("note that milk is off")
    other = sqlite3.connect(path)
    assert other.execute("SELECT text FROM notes").fetchall() == [("milk is off",)]
    assert memory.notes._database._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    other.close()


def test_only_the_owner_may_read_the_file(memory: Memory, path: Path) -> None:
    assert memory.timers.running() == []
    assert path.stat().st_mode & 0o077 == 0


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    Memory(tmp_path / "a" / "b" / "memory.db").close()
    assert (tmp_path / "a" / "b" / "memory.db").is_file()


def test_without_a_path_nothing_is_written(tmp_path: Path, now: datetime) -> None:
    with contextlib.chdir(tmp_path):
        memory = Memory(None)
        assert reply_of(Router(memory), "note that milk is off", now).text == "Noted: milk is off."
        memory.close()
        assert list(tmp_path.iterdir()) == []


def test_closing_twice_is_harmless(path: Path) -> None:
    memory = Memory(path)
    memory.close()
    memory.close()


def test_forgetting_leaves_no_word_in_the_file(memory: Memory, ask: Ask, path: Path) -> None:
    for said in (
        "note that the word is xylophonic",
        "add xylophonic soap to the list",
        "remind me in an hour to xylophonic",
    ):
        ask(said)
    assert b"xylophonic" in path.read_bytes()
    memory.forget()
    assert b"xylophonic" not in path.read_bytes()
    assert (memory.notes.newest_first(), memory.lists.names(), memory.timers.running()) == ([], [], [])


def test_a_full_disk_is_said_and_nothing_is_half_kept(memory: Memory, ask: Ask) -> None:
    _fill(memory)
    said = "note that " + "milk " * 2000
    assert ask(said).text == "I couldn't keep that: the disk is full."
    assert memory.notes.newest_first() == []
    items = " and ".join(f"thing number {'x' * 90} {n}" for n in range(100))
    assert ask(f"add {items} to the list").text == "I couldn't keep that: the disk is full."
    assert memory.lists.names() == []


def test_an_alarm_that_cannot_be_kept_is_not_confirmed(memory: Memory, ask: Ask, router: Router) -> None:
    memory.notes._database._connection.execute("PRAGMA query_only = ON")  # a genuine SQLITE_READONLY
    assert ask("wake me at seven").text == "I couldn't keep that: I may not write to the memory file."
    assert router.next_due() is None
    assert ask("what time is it").text == "It's twenty past four."


def test_a_timer_rings_even_if_that_cannot_be_written(memory: Memory, ask: Ask, router: Router, now: datetime) -> None:
    ask("set a timer for one second")
    memory.notes._database._connection.execute("PRAGMA query_only = ON")
    later = datetime.fromtimestamp(now.timestamp() + 5, now.tzinfo)
    rings = router.due(later)
    assert [ring.text for ring in rings] == ["Your timer for one second is done."]
    with pytest.raises(StoreError):
        router.rang(rings[0])
    assert router.due(later) == []
    assert router.next_due() is None


def test_a_folder_in_its_place_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="check that it is a file") as raised:
        Memory(tmp_path)
    assert str(tmp_path) in str(raised.value)
    assert isinstance(raised.value, SottovoceError)
    assert "\n" not in str(raised.value)


def test_a_file_where_the_folder_should_be_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="choose a path"):
        Memory(tmp_path / "file" / "memory.db")


def test_a_file_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"this is no database at all, but a text about milk " * 40)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="move it away"):
        Memory(path)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_refused(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (mine TEXT)")
    other.commit()
    other.close()
    with pytest.raises(StoreError):
        Memory(path)


def test_a_torn_file_is_told_when_it_is_read(path: Path, now: datetime) -> None:
    memory = Memory(path)
    for _ in range(50):
        memory.notes.add("milk " * 200, now)
    memory.close()
    content = bytearray(path.read_bytes())
    content[8192:] = b"\x00" * (len(content) - 8192)
    path.write_bytes(bytes(content))
    torn = Memory(path)
    assert reply_of(Router(torn), "read my notes", now).text == "I couldn't look that up: the memory file is damaged."
    torn.close()


def test_a_memory_of_a_later_version_is_refused(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(StoreError, match="install a newer sottovoce"):
        Memory(path)


def test_a_file_another_program_holds_is_told(path: Path, memory: Memory, ask: Ask) -> None:
    memory.notes._database._connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert ask("note that milk is off").text == "I couldn't keep that: something else is using the memory file."
    other.execute("ROLLBACK")
    assert ask("note that milk is off").text == "Noted: milk is off."
    other.close()


VERSION_1 = """
CREATE TABLE timers (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, set_s REAL NOT NULL, due_s REAL NOT NULL,
    rung INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX timers_due ON timers (rung, due_s);
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, made_s REAL NOT NULL);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, list TEXT NOT NULL, item TEXT NOT NULL COLLATE NOCASE, UNIQUE (list, item)
);
PRAGMA user_version = 1;
INSERT INTO timers (kind, label, set_s, due_s) VALUES ('alarm', 'tea', 1700000000, 1700000600);
INSERT INTO notes (text, made_s) VALUES ('the bins go out on Monday', 1700000000);
INSERT INTO items (list, item) VALUES ('shopping', 'eggs');
"""
"""A memory as version 1 left it, word for word."""
VERSION_2 = (
    VERSION_1
    + """
CREATE TABLE sightings (label TEXT PRIMARY KEY, at_s REAL NOT NULL);
PRAGMA user_version = 2;
"""
)


@pytest.mark.parametrize("made", [VERSION_1, VERSION_2], ids=["version 1", "version 2"])
def test_a_memory_of_an_earlier_version_keeps_what_it_holds_and_learns_what_came_since(
    path: Path, now: datetime, made: str
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.executescript(made)
    for start in ("the first", "the second"):
        memory = Memory(path)
        assert [note.text for note in memory.notes.newest_first()] == ["the bins go out on Monday"], start
        assert memory.lists.items("shopping") == ["eggs"]
        assert [(timer.label, timer.cadence) for timer in memory.timers.running()] == [("tea", None)]
        memory.sightings.saw("cup", now)
        assert memory.sightings.last("cup") is not None
        memory.close()
    with contextlib.closing(sqlite3.connect(path)) as new:
        assert new.execute("PRAGMA user_version").fetchone() == (3,)
        assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)

"""Changes of the host's memory by request, in a process that is killed or may write no more.

`python -m tests.faults.diary killed FOLDER ROUNDS SEED`, or `full` in the place of `killed`, says how many changes were
confirmed, and fails where one of them is lost or one that was not confirmed is there.
"""

import asyncio
import os
import random
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Request
from sottovoce_host.mind.router import Router

NOW: Final = datetime(2026, 11, 24, 16, 20, tzinfo=UTC)
ROUNDS_A_FILE: Final = 10
"""Then a new memory is begun: so that one is killed while it makes its tables, too."""
LIFE_S: Final = 0.03
ROOM_BYTES: Final = 12_000
IN_VAIN: Final = "I couldn't keep that"


class Kept(Struct, frozen=True):
    """What a memory holds: notes and the shopping list, oldest first; for how many hours each timer was set."""

    notes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    hours: tuple[float, ...] = ()


class Change(Struct, frozen=True):
    """What is said, a word of its confirmation, and what is kept after it."""

    said: str
    confirmed: str
    after: Kept


def changes(kept: Kept, number: int) -> Iterator[Change]:
    """Changes without an end of what is kept. number: of the first one; no two are alike."""
    while True:
        match number % 5:
            case 0:
                said, confirmed = f"note that key {number} fits", "Noted"
                kept = replace(kept, notes=(*kept.notes, f"key {number} fits"))
            case 1:
                said, confirmed = f"add lamp {number} to the shopping list", "added"
                kept = replace(kept, items=(*kept.items, f"lamp {number}"))
            case 2 | 3:
                said, confirmed = f"set a timer for {number} hours", "set for"
                kept = replace(kept, hours=(*kept.hours, number))
            case _:
                said, confirmed = f"cancel the timer for {number - 1} hours", "cancelled"
                kept = replace(kept, hours=tuple(h for h in kept.hours if h != number - 1))
        yield Change(said, confirmed, kept)
        number += 1


def held(path: Path) -> Kept:
    """What the memory in this file holds, whole and in order."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with closing(Memory(path)) as memory:
        notes = tuple(note.text for note in reversed(memory.notes.newest_first()))
        hours = tuple(timer.length_s / 3600 for timer in memory.timers.running())
        return Kept(notes, tuple(memory.lists.items("shopping")), hours)


def live(path: Path, kept: Kept, number: int, told: int) -> None:
    """Make changes, and tell of each that was confirmed, until killed."""
    router = Router(Memory(path))
    for change in changes(kept, number):
        if change.confirmed not in asyncio.run(router.answer(Request(change.said, NOW))).text:
            os._exit(1)
        os.write(told, b".")


def killed(folder: Path, rounds: int, chance: random.Random) -> int:
    """Kill a process with that many at a random moment of its life; how many changes were confirmed in all."""
    confirmed = 0
    for round_number in range(rounds):
        if round_number % ROUNDS_A_FILE == 0:
            path, kept, number = folder / f"{round_number}.sqlite", Kept(), 1
        told, telling = os.pipe()
        process = os.fork()
        if process == 0:
            live(path, kept, number, telling)
        os.close(telling)
        time.sleep(chance.random() * LIFE_S)
        os.kill(process, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(process, 0)[1]), "it ended before it was killed: a change was not confirmed"
        with os.fdopen(told, "rb") as pipe:
            count = len(pipe.read())
        states = [kept, *(change.after for change in islice(changes(kept, number), count + 1))]
        found = held(path)
        assert found in states[count:], f"{count} changes were confirmed, and what is kept is of another moment"
        number += states.index(found, count)
        confirmed, kept = confirmed + count, found
    return confirmed


def full(folder: Path, rounds: int, chance: random.Random) -> int:
    """Let files grow no more, at a random size, that many times; how many changes were confirmed in all."""
    path, kept, number, confirmed = folder / "full.sqlite", Kept(), 1, 0
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    with closing(Memory(path)) as memory:
        router = Router(memory)
        for _ in range(rounds):
            limit = max(0, path.stat().st_size + chance.randrange(-ROOM_BYTES, ROOM_BYTES))
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            for change in islice(changes(kept, number), 60):
                reply = asyncio.run(router.answer(Request(change.said, NOW))).text
                if change.confirmed not in reply:
                    assert reply.startswith(IN_VAIN), reply
                    break
                confirmed, kept, number = confirmed + 1, change.after, number + 1
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            assert held(path) == kept
    return confirmed


def main() -> None:
    """Do as the arguments say."""
    attack = {"killed": killed, "full": full}[sys.argv[1]]
    chance = random.Random(int(sys.argv[4]))  # noqa: S311 -- to be repeated
    sys.stdout.write(f"{attack(Path(sys.argv[2]), int(sys.argv[3]), chance)}\n")


if __name__ == "__main__":
    main()

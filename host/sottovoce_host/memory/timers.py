"""Timers, alarms and reminders, kept by the instant they are due."""

import sqlite3
from datetime import UTC, datetime, time
from typing import Literal

import msgspec

from sottovoce_host.memory.database import Database

Kind = Literal["timer", "alarm", "reminder"]
"""What rings: after a length of time, at a time of day, or with something to be said."""


class Cadence(msgspec.Struct, frozen=True):
    """When something rings again and again: on these weekdays (Monday 0), when the wearer's clock shows this."""

    days: frozenset[int]
    clock: time

    @property
    def written(self) -> str:
        """As the file has it: "07:30 01234"."""
        return f"{self.clock:%H:%M} {''.join(map(str, sorted(self.days)))}"


class Timer(msgspec.Struct, frozen=True):
    """One thing that will ring.

    id: its number in the file. label: its name ("pasta"), or what to remind of; may be empty.
    set_s and due_s: when it was set and when it rings, in seconds of the Unix epoch.
    cadence: when it rings again; None where it rings once.
    """

    id: int
    kind: Kind
    label: str
    set_s: float
    due_s: float
    cadence: Cadence | None = None

    @property
    def due(self) -> datetime:
        """When it rings, in UTC."""
        return datetime.fromtimestamp(self.due_s, UTC)

    @property
    def length_s(self) -> float:
        """Seconds it was set for."""
        return self.due_s - self.set_s


def _timer(row: sqlite3.Row) -> Timer:
    return Timer(row["id"], row["kind"], row["label"], row["set_s"], row["due_s"], _cadence(row["cadence"]))


def _cadence(written: str) -> Cadence | None:
    clock, _, days = written.partition(" ")
    return Cadence(frozenset(map(int, days)), time.fromisoformat(clock)) if written else None


class Timers:
    """What is to ring. Every method may raise StoreError; a change is on disk when its method returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: Kind, label: str, now: datetime, due: datetime, cadence: Cadence | None = None) -> Timer:
        """Keep a new one. now and due: aware."""
        with self._database.change() as connection:
            row = connection.execute(
                "INSERT INTO timers (kind, label, set_s, due_s, cadence) VALUES (?, ?, ?, ?, ?) RETURNING id",
                (kind, label, now.timestamp(), due.timestamp(), cadence.written if cadence else ""),
            ).fetchone()
        return Timer(row[0], kind, label, now.timestamp(), due.timestamp(), cadence)

    def running(self) -> list[Timer]:
        """Give those that have not rung, the next one first."""
        return [_timer(row) for row in self._database.read("SELECT * FROM timers WHERE NOT rung ORDER BY due_s, id")]

    def move(self, timer: Timer, due: datetime, since: datetime | None, cadence: Cadence | None) -> Timer:
        """Let it ring at another instant, and from then on so. since: when it counts as set; None: as before."""
        set_s = timer.set_s if since is None else since.timestamp()
        with self._database.change() as connection:
            connection.execute(
                "UPDATE timers SET set_s = ?, due_s = ?, cadence = ? WHERE id = ?",
                (set_s, due.timestamp(), cadence.written if cadence else "", timer.id),
            )
        return Timer(timer.id, timer.kind, timer.label, set_s, due.timestamp(), cadence)

    def shift(self, timers: list[Timer], by_s: float) -> None:
        """Let these have been set, and ring, so much later, all or none."""
        with self._database.change() as connection:
            connection.executemany(
                "UPDATE timers SET set_s = set_s + ?, due_s = due_s + ? WHERE id = ?",
                [(by_s, by_s, timer.id) for timer in timers],
            )

    def mark_rung(self, number: int, due_s: float, again: datetime | None = None) -> None:
        """Remember that the one with this id has rung, if it was due then.

        It never will again; one that repeats is followed by another one like it, due `again`.
        """
        with self._database.change() as connection:
            rung = connection.execute(
                "UPDATE timers SET rung = 1 WHERE id = ? AND due_s = ? AND NOT rung", (number, due_s)
            )
            if again and rung.rowcount:
                connection.execute(
                    "INSERT INTO timers (kind, label, set_s, due_s, cadence)"
                    " SELECT kind, label, set_s, ?, cadence FROM timers WHERE id = ?",
                    (again.timestamp(), number),
                )

    def last_rung(self) -> Timer | None:
        """Give the one that was due last among those that have rung."""
        rows = self._database.read("SELECT * FROM timers WHERE rung ORDER BY due_s DESC, id DESC LIMIT 1")
        return _timer(rows[0]) if rows else None

    def cancel(self, timers: list[Timer]) -> None:
        """Delete these, all or none."""
        with self._database.change() as connection:
            connection.executemany("DELETE FROM timers WHERE id = ?", [(timer.id,) for timer in timers])

"""Notes: sentences the wearer asked to be kept."""

from datetime import datetime

import msgspec

from sottovoce_host.memory.database import Database


class Note(msgspec.Struct, frozen=True):
    """One note. id: its number in the file. text: the wearer's words. made_s: when, in seconds of the Unix epoch."""

    id: int
    text: str
    made_s: float


class Notes:
    """The notes. Every method may raise StoreError; a change is on disk when its method returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, text: str, now: datetime) -> None:
        """Keep a note made at `now` (aware)."""
        with self._database.change() as connection:
            connection.execute("INSERT INTO notes (text, made_s) VALUES (?, ?)", (text, now.timestamp()))

    def newest_first(self) -> list[Note]:
        """Give all notes, the newest first."""
        rows = self._database.read("SELECT * FROM notes ORDER BY id DESC")
        return [Note(row["id"], row["text"], row["made_s"]) for row in rows]

    def delete(self, notes: list[Note]) -> None:
        """Delete these, all or none; their words are overwritten on disk."""
        with self._database.change() as connection:
            connection.executemany("DELETE FROM notes WHERE id = ?", [(note.id,) for note in notes])

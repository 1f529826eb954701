"""The one connection to the memory's file: its schema, its durability, and sqlite's errors made plain."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sottovoce_host.memory.errors import StoreError

VERSION = 3
"""The schema's version, kept in sqlite's `user_version`."""

_SCHEMA = """
CREATE TABLE timers (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    set_s REAL NOT NULL,
    due_s REAL NOT NULL,
    rung INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX timers_due ON timers (rung, due_s);
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, made_s REAL NOT NULL);
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    item TEXT NOT NULL COLLATE NOCASE,
    UNIQUE (list, item)
);
"""
_ADDED = (
    "CREATE TABLE sightings (label TEXT PRIMARY KEY, at_s REAL NOT NULL);",
    "ALTER TABLE timers ADD COLUMN cadence TEXT NOT NULL DEFAULT '';",
)
"""What each version added, the second first."""
_LOW_BYTE = 0xFF
_WHY = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space"),
    sqlite3.SQLITE_READONLY: ("I may not write to the memory file", "make the file and its folder writable"),
    sqlite3.SQLITE_PERM: ("I may not open the memory file", "let this user read and write it"),
    sqlite3.SQLITE_CANTOPEN: (
        "I can't open the memory file",
        "check that it is a file, in a folder this user may write to",
    ),
    sqlite3.SQLITE_NOTADB: ("the memory file is damaged", "move it away; a new one is made at the next start"),
    sqlite3.SQLITE_CORRUPT: ("the memory file is damaged", "move it away; a new one is made at the next start"),
    sqlite3.SQLITE_BUSY: ("something else is using the memory file", "stop the other program that has it open"),
    sqlite3.SQLITE_LOCKED: ("something else is using the memory file", "stop the other program that has it open"),
    sqlite3.SQLITE_IOERR: ("the disk gave an error", "check the disk"),
}


class Database:
    """An open memory file. path: where it is; None keeps everything in RAM, gone at `close`.

    Raises StoreError if it cannot be opened, is no memory of ours, or is of a later version.
    Used by one thread at a time.
    """

    def __init__(self, path: Path | None) -> None:
        self._name = str(path) if path else "memory in RAM"
        with self._explained("open that"):
            if path:
                _make_private(path)
            self._connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except StoreError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        with self._explained("open that"):
            # What is confirmed is on disk, and what is deleted is overwritten there.
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA secure_delete = ON")
            found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
            if found > VERSION:
                raise StoreError(
                    f"{self._name}: memory of version {found}, this program knows {VERSION}: install a newer sottovoce",
                    "My memory was written by a newer version of me.",
                )
            if found < VERSION:
                missing = "".join((_SCHEMA, *_ADDED)[found:])
                self._connection.executescript(f"BEGIN; {missing} PRAGMA user_version = {VERSION}; COMMIT;")

    @contextmanager
    def _explained(self, doing: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & _LOW_BYTE
            why, cure = _WHY.get(code, ("my memory failed", "check that the file is a memory of sottovoce"))
            raise StoreError(f"{self._name}: {error}: {cure}", f"I couldn't {doing}: {why}.") from error
        except OSError as error:
            raise StoreError(
                f"{self._name}: {error.strerror}: choose a path this user may write to",
                f"I couldn't {doing}: I can't open the memory file.",
            ) from error

    def read(self, query: str, *values: str | float) -> list[sqlite3.Row]:
        """Give the rows of a query. Raises StoreError."""
        with self._explained("look that up"):
            cursor = self._connection.cursor()
            cursor.row_factory = sqlite3.Row
            return list(cursor.execute(query, values))

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Open one change: all of it is on disk when the block ends, or none of it is. Raises StoreError."""
        with self._explained("keep that"):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def forget(self) -> None:
        """Delete every row and give the pages back, overwritten. Raises StoreError."""
        with self.change() as connection:
            for table in ("timers", "notes", "items", "sightings"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the four names above
        with self._explained("forget that"):
            self._connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file. Idempotent; nothing works afterwards."""
        self._connection.close()


def _make_private(path: Path) -> None:
    """Make the file, if it is not there, readable by its owner only: it holds the wearer's words."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))

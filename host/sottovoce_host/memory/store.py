"""What the host remembers for its wearer, in one sqlite file."""

from pathlib import Path

from sottovoce_host.memory.database import Database
from sottovoce_host.memory.lists import Lists
from sottovoce_host.memory.notes import Notes
from sottovoce_host.memory.sightings import Sightings
from sottovoce_host.memory.timers import Timers


class Memory:
    """The open memory: `timers`, `notes`, `lists` and `sightings`.

    path: the file, made if it is not there; None keeps everything in RAM.
    Raises StoreError if the file cannot be opened or is no memory of ours.
    """

    def __init__(self, path: Path | None) -> None:
        self._database = Database(path)
        self.timers = Timers(self._database)
        self.notes = Notes(self._database)
        self.lists = Lists(self._database)
        self.sightings = Sightings(self._database)

    def forget(self) -> None:
        """Erase everything, in the file too (deleted pages are overwritten, then given back). Raises StoreError."""
        self._database.forget()

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._database.close()

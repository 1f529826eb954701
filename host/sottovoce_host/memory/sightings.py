"""When each kind of thing was seen last. One row a kind: a new sighting replaces the older one."""

from datetime import datetime
from typing import Final

import msgspec

from sottovoce_host.memory.database import Database

NEAR_S: Final = 20.0
"""Things that were seen so near in time were near each other: a look around a table takes as long."""


class Sighting(msgspec.Struct, frozen=True):
    """A kind of thing and when it was seen last, in seconds of the Unix epoch."""

    label: str
    at_s: float


class Sightings:
    """What was seen. Every method may raise StoreError; a change is on disk when its method returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def saw(self, label: str, now: datetime) -> None:
        """Keep that this was seen at `now` (aware)."""
        with self._database.change() as connection:
            connection.execute(
                "INSERT INTO sightings (label, at_s) VALUES (?, ?)"
                " ON CONFLICT (label) DO UPDATE SET at_s = excluded.at_s",
                (label.lower(), now.timestamp()),
            )

    def last(self, label: str) -> Sighting | None:
        """Give the last sighting of a kind of thing."""
        rows = self._database.read("SELECT label, at_s FROM sightings WHERE label = ?", label.lower())
        return Sighting(rows[0]["label"], rows[0]["at_s"]) if rows else None

    def near(self, sighting: Sighting) -> list[str]:
        """Give what else was last seen about then, the nearest in time first."""
        rows = self._database.read(
            "SELECT label FROM sightings WHERE label <> ? AND ABS(at_s - ?) <= ? ORDER BY ABS(at_s - ?)",
            sighting.label, sighting.at_s, NEAR_S, sighting.at_s,
        )  # fmt: skip
        return [row["label"] for row in rows]

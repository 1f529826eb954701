"""Named lists of things: shopping, packing, to do."""

from sottovoce_host.memory.database import Database


class Lists:
    """The lists, by name. A list without items does not exist. Names are lower case; items keep the wearer's casing.

    Every method may raise StoreError; a change is on disk when its method returns.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> list[str]:
        """Give the names of all lists, the oldest first."""
        return [row["list"] for row in self._database.read("SELECT list FROM items GROUP BY list ORDER BY MIN(id)")]

    def items(self, name: str) -> list[str]:
        """Give what is on a list, in the order it was added."""
        return [row["item"] for row in self._database.read("SELECT item FROM items WHERE list = ? ORDER BY id", name)]

    def add(self, name: str, items: list[str]) -> None:
        """Put items on a list, all or none; what is on it already stays once, whatever its casing."""
        with self._database.change() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO items (list, item) VALUES (?, ?)", [(name, item) for item in items]
            )

    def remove(self, name: str, items: list[str]) -> None:
        """Take items off a list, all or none, whatever their casing."""
        with self._database.change() as connection:
            connection.executemany("DELETE FROM items WHERE list = ? AND item = ?", [(name, item) for item in items])

    def clear(self, name: str) -> None:
        """Take everything off a list."""
        with self._database.change() as connection:
            connection.execute("DELETE FROM items WHERE list = ?", (name,))

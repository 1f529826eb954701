"""What can go wrong with what is remembered."""

from sottovoce_wire.errors import SottovoceError


class StoreError(SottovoceError):
    """The memory's file could not be opened, read or written; nothing was half written.

    Its text names the path and the cure, for a log or a terminal. `spoken` is a whole sentence for the wearer.
    """

    def __init__(self, text: str, spoken: str) -> None:
        super().__init__(text)
        self.spoken = spoken

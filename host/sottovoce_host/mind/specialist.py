"""What a specialist is."""

from typing import Protocol, runtime_checkable

from sottovoce_host.mind.reply import Reply, Request


class Specialist(Protocol):
    """Someone who surely answers one kind of request, and leaves all others alone."""

    @property
    def name(self) -> str:
        """Who it is, as `Reply.specialist` says it."""

    def answer(self, request: Request) -> Reply | None:
        """Answer, or None: the request is not this specialist's. May raise StoreError."""


@runtime_checkable
class Inquirer(Specialist, Protocol):
    """A specialist that asks back (a Reply with `awaits`) and understands the answer."""

    def hear_answer(self, request: Request) -> Reply | None:
        """Take a request as the answer to what was asked just before; None: it is none. May raise StoreError."""

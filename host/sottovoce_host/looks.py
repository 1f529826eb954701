"""Questions to the glasses' eyes: a Look goes out, what they see comes back, Done ends it."""

import asyncio
from typing import Final

from sottovoce_host.link.link import Link
from sottovoce_host.mind.looking import Looking, Seen, Sighted
from sottovoce_wire import AnyEvent, Done, Look, LookedAt, PersonNoticed, Read

PATIENCE_S: Final = 3.0
"""A Pi reads a paragraph in one second and a half; after three nobody waits any more."""


class _Waiting:
    """What came back for one Look so far."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.done: asyncio.Future[Done] = asyncio.get_running_loop().create_future()


class Looks:
    """The Looks that are under way, by glasses and seq."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._waiting: dict[tuple[str, int], _Waiting] = {}

    def take(self, device: str, event: AnyEvent) -> None:
        """Take an event, if it answers a Look of ours."""
        if not isinstance(event, Done | LookedAt | PersonNoticed | Read):
            return
        waiting = self._waiting.get((device, event.command))
        if waiting is None:
            return
        if not isinstance(event, Done):
            waiting.seen.append(event)
        elif not waiting.done.done():
            waiting.done.set_result(event)

    async def look(self, device: str, looking: Looking, meant_ms: int) -> Sighted:
        """Ask for each task in turn until one is done; how it went. meant_ms: by the glasses' clock."""
        sighted = Sighted("silent")
        for task in looking.tasks:
            seq = await self._link.ask(device, Look(task=task, said_ms=meant_ms))
            if seq is None:
                return Sighted("silent")
            waiting = self._waiting[device, seq] = _Waiting()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    done = await waiting.done
            except TimeoutError:
                return Sighted("silent")
            finally:
                del self._waiting[device, seq]
            if done.outcome == "done":
                return Sighted("done", task, tuple(waiting.seen))
            sighted = sighted if sighted.outcome == "failed" else Sighted(done.outcome)
        return sighted

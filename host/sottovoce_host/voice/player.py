"""Speaks replies: one at a time, announced before sound starts and when it has ended."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sottovoce_host.voice.envelope import foretold
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.pauses import spoken
from sottovoce_host.voice.sink import RATE_HZ, Sink
from sottovoce_wire import ExpectEcho, stamp_ms

CHARACTERS_PER_S: Final = 10.0
"""Slower than any voice: the announced length of a reply is an upper bound."""
SPELT: Final = 9
"""A digit, a sign or a capital that is spelt out takes as long as this many letters."""

Announce = Callable[[bool, int], Awaitable[None]]
"""Told before sound starts (true, the most milliseconds it can last) and when it has ended (false, 0)."""

Foretell = Callable[[ExpectEcho], Awaitable[None]]
"""Told of each stretch of sound that was written, before most of it sounds."""


async def _nobody(_: ExpectEcho) -> None:
    """Nobody hears the reply's echo."""


class Spoken(Struct, frozen=True):
    """What became of a reply: when its first sound was written (monotonic ms), and whether all of it sounded."""

    first_sound_ms: float | None
    whole: bool


class Player:
    """One voice into one sink. A new reply waits for the old one; stop() ends the one that sounds and all that wait."""

    def __init__(self, synthesiser: Synthesiser, sink: Sink, announce: Announce, foretell: Foretell = _nobody) -> None:
        self._foretell = foretell
        self._synthesiser = synthesiser
        self._sink = sink
        self._announce = announce
        self._turn = asyncio.Lock()
        self._stopped = asyncio.Event()

    async def say(
        self,
        text: str,
        started: Callable[[float], None] = lambda _: None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Spoken:
        """Speak; returns when it has sounded or was stopped. started() is told the moment of the first sound.

        wanted: asked when it is this one's turn, whether it is still to be said.
        """
        stopped = self._stopped
        async with self._turn:
            if stopped.is_set() or not wanted():
                return Spoken(None, False)
            await self._announce(True, _longest_ms(text))
            try:
                first_sound_ms = await self._write(text, started, stopped)
                whole = await self._sounded(stopped)
            finally:
                await self._announce(False, 0)
            return Spoken(first_sound_ms, whole)

    def stop(self) -> None:
        """Fall silent at once; what was to be said until now is not said, what is said from now on is."""
        self._stopped.set()
        self._stopped = asyncio.Event()
        self._sink.stop()

    async def _write(self, text: str, started: Callable[[float], None], stopped: asyncio.Event) -> float | None:
        first_sound_ms = None
        ends_ms = 0.0
        sounds = spoken(self._synthesiser.stream(text))
        while (sound := await asyncio.to_thread(_next, sounds)) is not None:
            if stopped.is_set():
                break
            self._sink.write(sound)
            starts_ms = max(ends_ms, time.monotonic() * 1000)
            ends_ms = starts_ms + len(sound) / RATE_HZ * 1000
            if first_sound_ms is None:
                first_sound_ms = starts_ms
                started(first_sound_ms)
            asleep_ms = stamp_ms() - time.monotonic() * 1000
            for told in foretold(sound, starts_ms + asleep_ms):
                await self._foretell(told)
        return first_sound_ms

    async def _sounded(self, stopped: asyncio.Event) -> bool:
        while (left := self._sink.remaining_s()) > 0:
            try:
                async with asyncio.timeout(left):  # Python 3.11's wait_for() may swallow a cancellation
                    await stopped.wait()
            except TimeoutError:
                continue
            break
        return not stopped.is_set()


def _longest_ms(text: str) -> int:
    letters = sum(1 if c.islower() or c in " .,;:!?'-" else SPELT for c in text)
    return round(min(600.0, 2 + letters / CHARACTERS_PER_S) * 1000)


def _next(sounds: Iterator[NDArray[np.float32]]) -> NDArray[np.float32] | None:
    return next(sounds, None)

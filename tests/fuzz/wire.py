"""Mutated messages into the codec, the gate's judge and the host's link.

No crash but the errors of our own tree, and no acceptance: what is taken is a message in its one spelling and within
its bounds, and what the judge lets out is the gate's own.
"""

import asyncio
import random
from typing import Any, Final, get_args

import aiomqtt
from msgspec.inspect import type_info
from msgspec.structs import replace
from tests.fuzz.mutation import attempt, mutated
from tests.wire.messages import largest

from sottovoce_device.gate.judge import Judge
from sottovoce_device.gate.rounding import rounded
from sottovoce_host.link.link import Arrived, Link
from sottovoce_host.link.registry import MOST_GLASSES
from sottovoce_wire import AnyCommand, AnyEvent, Status, decode_command, decode_event, encode

EVENTS: Final[list[Any]] = [largest(type_info(kind)) for kind in get_args(AnyEvent)]
COMMANDS: Final = [encode(largest(type_info(kind))) for kind in get_args(AnyCommand)]
STEP_MS: Final = 10
RENEWED: Final = 500
"""So many messages of a fuzzed sense are of one moment."""


def seeds(at_ms: int) -> list[bytes]:
    """The largest event of each kind, sensed then."""
    return [encode(replace(event, at_ms=at_ms)) for event in EVENTS]


def fuzz_codec(count: int, chance: random.Random) -> dict[str, int]:
    """Tried and taken: mutated events and commands."""
    taken = 0
    doors = ((decode_event, seeds(1)), (decode_command, COMMANDS))
    for number in range(count):
        decode, good = doors[number % 2]
        data = mutated(chance.choice(good), chance)
        if attempt(decode, data):
            taken += 1
            assert encode(decode(data)) == data, "it was taken in a spelling that is not its own"
    return {"tried": count, "taken": taken}


class FuzzedJudge:
    """A judge, in virtual time, that is only given what was mutated; whatever it lets out is looked at."""

    def __init__(self) -> None:
        self.judge = Judge(session=7)
        self.taken = self.tried = 0
        self._now_ms = 1_000_000

    def seeds(self) -> list[bytes]:
        """Messages of the moment when the next ones are taken."""
        return seeds(self._now_ms + RENEWED * STEP_MS // 2)

    def take(self, data: bytes) -> None:
        """As the gate does with a packet of sense."""
        self._now_ms += STEP_MS
        self.tried += 1
        event = self.judge.judge(data, self._now_ms)
        if event is None:
            return
        self.taken += 1
        assert not isinstance(event, Status), "sense has told that the glasses live"
        assert (event.session, event.seq) == (7, self.taken), "sense has numbered an event"
        assert event == decode_event(encode(rounded(event, self._now_ms))), "a number left as fine as sense had it"


def fuzz_judge(count: int, chance: random.Random) -> dict[str, int]:
    """Tried and let out: mutated messages of sense."""
    fuzzed = FuzzedJudge()
    while fuzzed.tried < count:
        good = fuzzed.seeds()
        for _ in range(RENEWED):
            fuzzed.take(mutated(chance.choice(good), chance))
    return {"tried": fuzzed.tried, "taken": fuzzed.taken}


def fuzz_link(count: int, chance: random.Random) -> dict[str, int]:
    """Tried and handed to the host: mutated payloads and topics of a hostile broker."""
    taken = 0

    async def receive(arrived: Arrived) -> None:
        nonlocal taken
        assert decode_event(encode(arrived.event)) == arrived.event
        taken += 1

    async def run() -> None:
        link = Link("127.0.0.1", 1)
        good = [(f"sottovoce/1/left/event/{type(e).__name__}".encode(), encode(replace(e, at_ms=1))) for e in EVENTS]
        good.append((b"sottovoce/1/left/status", encode(EVENTS[-1])))
        for number in range(count):
            topic, payload = chance.choice(good)
            if number % 4:
                payload = mutated(payload, chance)
            else:
                topic = mutated(topic, chance)
            text = topic.decode(errors="replace").replace("+", "").replace("#", "") or "x"
            await link._take(aiomqtt.Message(text, payload, 0, chance.random() < 0.1, number, None), receive)
        assert len(link.registry.glasses) <= MOST_GLASSES
        assert link.registry.refused > count // 2

    asyncio.run(run())
    return {"tried": count, "taken": taken}

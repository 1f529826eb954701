"""Mutated messages into pairing, both sides of it, and into what parses packets and topics.

No crash but the errors of our own tree, and no acceptance: whatever was changed must never end in a pair.
"""

import random
from collections.abc import Callable

from tests.fuzz.mutation import attempt, mutated

from sottovoce_device.gate.pairing import GlassesSide, Pairing
from sottovoce_host.link.packets import check_whole, parse_connect, topic_of
from sottovoce_host.link.pairing import HostSide
from sottovoce_trust.certificates import grant_request, make_authority, new_key, utc_now
from sottovoce_wire.pairing import decode_pairing, decode_renewal, encode_pairing
from sottovoce_wire.topics import parse_topic

CODE = "271828"
_CONNECT = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x0a\x00\x04left"
_PUBLISH = b"\x30\x1d\x00\x1bsottovoce/1/left/event/Said"
_SUBSCRIBE = b"\x82\x0a\x00\x01\x00\x05a/b/c\x01"


class Sides:
    """Both sides of a run, and what they have said so far."""

    def __init__(self) -> None:
        key = new_key()
        self._authority = (make_authority(key, "sottovoce fuzz", utc_now()), key)
        self.kept: list[Pairing] = []
        self.issued = 0
        self.said = self._whole_run()
        self.glasses, self.host = self.fresh()
        self.kept.clear()
        self.issued = 0

    def fresh(self) -> tuple[GlassesSide, HostSide]:
        """A new run of each side, that knows the code of neither before it."""
        glasses = GlassesSide("left", CODE, lambda: None, self.kept.append)
        return glasses, HostSide(CODE, self._issue, ("127.0.0.1",), 8883)

    def _issue(self, request: bytes, name: str) -> tuple[bytes, bytes]:
        self.issued += 1
        return grant_request(request, name, self._authority, utc_now()), self._authority[0]

    def _whole_run(self) -> list[bytes]:
        glasses, host = self.fresh()
        said = [host.begin()]
        while not host.paired:
            said.append(encode_pairing(glasses.take(said[-1])))
            if (answer := host.take(said[-1])) is not None:
                said.append(encode_pairing(answer))
        return said


def fuzz_pairing(count: int, chance: random.Random) -> dict[str, int]:
    """How many messages were tried and taken, by door; fails where a changed one made a pair."""
    sides = Sides()
    doors: list[tuple[str, Callable[[bytes], object], list[bytes]]] = [
        ("glasses", lambda data: sides.glasses.take(data), sides.said),  # noqa: PLW0108 -- it is replaced
        ("host", lambda data: sides.host.take(data), sides.said),  # noqa: PLW0108 -- likewise
        ("messages", decode_pairing, sides.said),
        ("renewal", decode_renewal, [b'{"type":"Renewal","certificate":"AAAA"}']),
        ("connect", parse_connect, [_CONNECT]),
        ("publish", topic_of, [_PUBLISH]),
        ("packet", check_whole, [_PUBLISH, _SUBSCRIBE]),
        ("topic", lambda data: parse_topic(data.decode(errors="replace")), [b"sottovoce/1/left/event/Said"]),
    ]
    taken = {name: 0 for name, _, _ in doors} | {"tried": 0}
    for number in range(count):
        name, take, seeds = doors[number % len(doors)]
        data = mutated(chance.choice(seeds), chance)
        taken["tried"] += 1
        if attempt(take, data):
            taken[name] += 1
            if name in {"glasses", "host"}:  # a hello or an answer with other nonces is a new run like any other
                sides.glasses, sides.host = sides.fresh()
    assert not sides.kept, "glasses have kept what no host granted"
    assert not sides.issued, "a host has issued a certificate to who did not know the code"
    return taken

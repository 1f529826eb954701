"""Mutated messages into pairing (both sides), the border's packets and the host's link: `python -m tests.fuzz.pairing`.

No crash but the errors of our own tree, and no acceptance: whatever was changed must never end in a pair. The random
numbers come from --seed, so that what is found can be found again.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable

from sottovoce_device.gate.pairing import GlassesSide, Pairing
from sottovoce_host.link.packets import parse_connect, topic_of
from sottovoce_host.link.pairing import HostSide
from sottovoce_trust.certificates import grant_request, make_authority, new_key, utc_now
from sottovoce_wire import Said, decode_event, encode
from sottovoce_wire.errors import SottovoceError
from sottovoce_wire.pairing import decode_pairing, decode_renewal, encode_pairing
from sottovoce_wire.topics import parse_topic

CODE = "271828"
_CONNECT = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x0a\x00\x04left"
_PUBLISH = b"\x30\x1d\x00\x1bsottovoce/1/left/event/Said"


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


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Something near these bytes: flipped, cut, doubled, spliced or swapped digits."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(5):
            case 0 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 1:
                del out[at : at + chance.randrange(1, 20)]
            case 2:
                out[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
            case 3:
                out[at:at] = out[: chance.randrange(200)]
            case _ if at < len(out):
                out[at] = chance.choice(b'0123456789abcdef"{}:,[]\\')
    return bytes(out)


def attempt(take: Callable[[bytes], object], data: bytes) -> bool:
    """Whether it was taken. Only errors of our own tree may come out."""
    try:
        take(data)
    except SottovoceError:
        return False
    return True


def fuzz(count: int, seed: int) -> dict[str, int]:
    """How many messages were tried and taken, by door; fails where a changed one made a pair."""
    chance, sides = random.Random(seed), Sides()  # noqa: S311 -- to be repeated, not to be secret
    event = encode(Said(at_ms=1, turn=1, text="hello", speaker="wearer", addressee="device", confidence=9,
                        started_ms=0, ended_ms=1, continues=False, evidence=()))  # fmt: skip
    doors: list[tuple[str, Callable[[bytes], object], list[bytes]]] = [
        ("glasses", lambda data: sides.glasses.take(data), sides.said),  # noqa: PLW0108 -- it is replaced
        ("host", lambda data: sides.host.take(data), sides.said),  # noqa: PLW0108 -- likewise
        ("messages", decode_pairing, sides.said),
        ("renewal", decode_renewal, [b'{"type":"Renewal","certificate":"AAAA"}']),
        ("connect", parse_connect, [_CONNECT]),
        ("publish", topic_of, [_PUBLISH]),
        ("event", decode_event, [event]),
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


def main() -> None:
    """Run as long as it is asked to, and say what was taken and how much memory grew."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    fuzz(10_000, asked.seed)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    taken = fuzz(asked.count, asked.seed + 1)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sys.stdout.write(f"{taken} in {time.monotonic() - started:.0f} s; memory grew by {grown} KiB\n")


if __name__ == "__main__":
    main()

"""Changes messages, and tells whether anybody took them."""

import random
import re
import resource
from collections.abc import Callable
from typing import Final

from sottovoce_wire.errors import SottovoceError

EDGES: Final = (
    b"-1",
    b"0",
    b"101",
    b"4294967296",
    b"281474976710656",
    b"1e3",
    b"0.5",
    b"00",
    b"9" * 400,
    b"null",
    b"[]",
)
"""What a number is replaced with: beyond its range, of another kind, or spelt in another way."""
_NUMBER: Final = re.compile(rb"-?\d+")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Something near these bytes: flipped, cut, doubled, spliced, another character, or a number beyond its range."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(6):
            case 0 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 1:
                del out[at : at + chance.randrange(1, 20)]
            case 2:
                out[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
            case 3:
                out[at:at] = out[: chance.randrange(200)]
            case 4 if (number := _NUMBER.search(out, at)) is not None:
                out[number.start() : number.end()] = chance.choice(EDGES)
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


def resident_kib() -> int:
    """The most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

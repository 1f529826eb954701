"""Who and what belongs to which side: speakers, dialogues, sentences and rooms are dealt out by hash, once for all."""

import hashlib
from collections.abc import Iterable
from typing import Literal, TypeVar

Side = Literal["train", "dev", "test"]
Kind = Literal["speaker", "dialogue", "sentence", "meeting", "book", "room", "mutter", "look", "ask"]
SHARES: tuple[tuple[Side, int], ...] = (("train", 50), ("dev", 15), ("test", 35))
"""In percent. Weights are learnt on train, thresholds are chosen on dev, figures are published on test."""

T = TypeVar("T")


def number(text: str) -> int:
    """The same 32 bits for the same text on every machine and in every Python."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest())


def side_of(kind: Kind, key: str) -> Side:
    """Where this speaker, dialogue, sentence or room belongs; `key` is what names it."""
    place = number(f"{kind}:{key}") % 100
    for side, share in SHARES:
        if place < share:
            return side
        place -= share
    raise AssertionError("the shares do not add up to 100")


def on(side: Side, kind: Kind, keys: Iterable[str]) -> list[str]:
    """Those of the keys that belong to this side, in the order in which they came."""
    return [key for key in keys if side_of(kind, key) == side]

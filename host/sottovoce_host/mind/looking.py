"""What the glasses are asked to look at, what they saw, and when "this" was said."""

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from sottovoce_wire import LookedAt, PersonNoticed, Read

Task = Literal["recognise", "read", "count", "faces"]
Seen = LookedAt | Read | PersonNoticed

_POINTING: Final = re.compile(r"^(?:this|that|it|these|those|here|there)\W*$", re.IGNORECASE)


class Looking(msgspec.Struct, frozen=True):
    """What has to be seen before a reply can be made.

    tasks: asked of the glasses in this order, until one of them is done.
    what: the thing that is counted, singular. then: the request that what was seen is put into, in place of {}.
    """

    tasks: tuple[Task, ...]
    what: str = ""
    then: str = ""


class Sighted(msgspec.Struct, frozen=True):
    """How a look went.

    outcome: the last Done's; "silent" where the glasses did not answer. task: the one that was done.
    seen: what they told, in order.
    """

    outcome: Literal["done", "refused", "unsupported", "failed", "late", "silent"]
    task: Task | None = None
    seen: Sequence[Seen] = ()


def pointed_ms(text: str, started_ms: int, ended_ms: int) -> int:
    """When the last "this" or "that" was said, as if every word took as long as it is written; else the end."""
    words = text.split()
    places = [i for i, word in enumerate(words) if _POINTING.match(word)]
    if not places:
        return ended_ms
    before = sum(len(w) + 1 for w in words[: places[-1]])
    whole = max(1, sum(len(w) + 1 for w in words))
    return round(started_ms + (ended_ms - started_ms) * min(1.0, (before + 2) / whole))

"""Where a request that nobody takes whole may be two: "set a timer for ten minutes and add milk to the list"."""

import re
from collections.abc import Iterator
from typing import Final

_ORDER: Final = (
    r"(?:set|start|add|put|remind|wake|cancel|stop|remove|delete|take|cross|make|note|remember|write|clear|read|change|"
    r"move|extend|convert|what|how|when|tell|give|don['\u2019]t)"
)
_JOINT: Final = re.compile(rf"(?:[,.;!?]?\s+and|[,.;!?])\s+(?:(?:then|also|please)\s+)*(?={_ORDER}\b)", re.IGNORECASE)
_FORBIDS: Final = re.compile(r"\b(?:don['\u2019]t|not|never|no)\b", re.IGNORECASE)


def parted(text: str) -> Iterator[tuple[str, str]]:
    """Give what stands before each joint and what stands behind it, the first joint first.

    Nothing is parted behind a "don't": what stands behind the joint may be forbidden, too, or be meant instead.
    """
    for joint in _JOINT.finditer(text):
        before = text[: joint.start()]
        if _FORBIDS.search(before):
            return
        yield before, text[joint.end() :]

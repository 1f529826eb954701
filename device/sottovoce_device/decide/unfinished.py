"""Whether words want others after them: who says "set a timer for" has not finished, however it sounds."""

import re
from typing import Final

_BINDS: Final = frozenset(
    "a an the my your our their and or but because if than um uh er very every i'm mr mrs".split()
)
"""After these a word must follow: articles, possessives, conjunctions, fillers."""
_BINDS_UNLESS_ASKED: Final = frozenset("to for of with from at into by about between".split())
"""After these, too, but for questions, which may leave their object in front: "who is it from"."""
_ASKS: Final = re.compile(r"^(?:(?:and|so|okay|ok|hey|well|um|uh) )*(?:what|who|whom|whose|which|where|when|how)\b")


def is_unfinished(text: str) -> bool:
    """Whether the last word binds one that has not been said."""
    words = re.findall(r"[a-z']+", text.lower().replace("\u2019", "'"))
    if len(words) < 2:  # noqa: PLR2004 -- one word alone is an answer
        return False
    last = words[-1]
    return last in _BINDS or (last in _BINDS_UNLESS_ASKED and not _ASKS.match(" ".join(words)))

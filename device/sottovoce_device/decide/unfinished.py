"""Whether words want others after them: who says "set a timer for" has not finished, however it sounds."""

import re
from typing import Final

from sottovoce_device.decide.form import plain_words

_BINDS: Final = frozenset(
    "a an the my your our their and or but because if than um uh er very every i'm i've i'd i'll mr mrs".split()
)
"""After these a word must follow: articles, possessives, conjunctions, fillers."""
_BINDS_UNLESS_ASKED: Final = frozenset("to for of with from at into by about between".split())
"""After these, too, but for questions, which may leave their object in front: "who is it from"."""
_LEAD: Final = r"(?:(?:and|so|okay|ok|hey|well|um|uh|yes|yeah) )*(?:(?:in|on|at|for|by|to|from|with) )?"
_WH: Final = r"(?:what|who|whom|whose|which|where|when|why|how)"
_ASKS: Final = re.compile(rf"^{_LEAD}{_WH}\b")
_BE: Final = r"(?:is|are|was|were|am|have|has|had)"
_DO: Final = r"(?:do|does|did|can|could|will|would|should|shall|must)"
_SUBJECT: Final = r"(?:i|you|he|she|it|we|they|that|this|there|these|those)"
_ABOUT: Final = rf"{_WH}(?: (?!{_SUBJECT}\b)\S+){{0,2}}"
_NOT_YET: Final = (
    rf"{_ABOUT} (?:{_BE}|{_DO})",  # "in which case would"
    rf"(?!who \S+ (?:it|that|this|these|those)$){_ABOUT} {_DO} {_SUBJECT}",  # "what does that"
    rf"{_DO} (?:he|she|we|they)",
    r"(?:which|whose|what kind of|how many|how much) (?!ones?\b)\S+(?: \S+)?",  # "which grocery stores"
    r"(?:\S+ )*(?!am\b)\S+ i",  # "well, I"
    "i would like|i'd like|i need|can i have|can i get",
)
"""Sentences that have not got to their verb, or to what is wanted. Some can be whole ("who did you", asked back): they
wait half a second more."""
_HALF: Final = re.compile(f"^{_LEAD}(?:{'|'.join(_NOT_YET)})$")


def is_unfinished(text: str) -> bool:
    """Whether the last word binds one that has not been said, or the sentence has not got to its verb."""
    words = plain_words(text)
    if len(words) < 2:  # noqa: PLR2004 -- one word alone is an answer
        return False
    last, plain = words[-1], " ".join(words)
    if last in _BINDS or _HALF.match(plain):
        return True
    return last in _BINDS_UNLESS_ASKED and not _ASKS.match(plain)


def ends_open(text: str) -> bool:
    """Whether a comma is at the end: how the recogniser writes a voice that does not fall."""
    return text.endswith(",")

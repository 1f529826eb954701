"""Which of what is to ring was spoken of just now: what "it", "the second one" and "both" mean."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sottovoce_host.memory.timers import Kind, Timer

PRONOUNS: Final = frozenset({"it", "that", "this", "that one", "this one"})
"""The words for the one spoken of just now."""

_FOR_S: Final = 120
_PAIR: Final = 2
_ALL = {"all", "all of them", "them", "them all", "the lot"}
_ARTICLES: Final[dict[Kind | None, str]] = {"timer": "a", "alarm": "an"}
_BOTH = {"both", "both of them"}
_ONE = re.compile(r"(?<=\w )one$")
_ANOTHER = re.compile(r"^(?:and )?(?P<verb>(?:set|start|make|add|give me)(?: me)?) another(?: one)?(?= (?:for|at) )")


class SpokenOf:
    """The one that was set, told or changed last, and the kind of those that were told together."""

    def __init__(self) -> None:
        self._timer: Timer | None = None
        self._kind: Kind | None = None
        self._when_s = 0.0

    def are(self, timers: Sequence[Timer], now: datetime) -> None:
        """Take note that these were spoken of."""
        kinds = {timer.kind for timer in timers}
        self._timer = timers[0] if len(timers) == 1 else None
        self._kind = timers[0].kind if len(kinds) == 1 else None
        self._when_s = now.timestamp()

    def it(self, running: Sequence[Timer], now: datetime) -> Timer | None:
        """Give what "it" means, as long as it runs and was spoken of within two minutes."""
        if self._timer is None or not self._fresh(now):
            return None
        return next((timer for timer in running if timer.id == self._timer.id), None)

    def in_full(self, which: str, running: Sequence[Timer], now: datetime) -> str:
        """Give the words for which one with the kind in them: "the second timer" for "the second one"."""
        if self._kind is None or not self._fresh(now):
            return which
        pair = sum(timer.kind == self._kind for timer in running) == _PAIR
        if which in _ALL or (which in _BOTH and pair):
            return f"all {self._kind}s"
        return _ONE.sub(self._kind, which)

    def another(self, words: str, now: datetime) -> str:
        """Give a request with the kind in it: "set an alarm for eight" for "set another one for eight"."""
        if self._kind not in _ARTICLES or not self._fresh(now):
            return words
        return _ANOTHER.sub(rf"\g<verb> {_ARTICLES[self._kind]} {self._kind}", words)

    def _fresh(self, now: datetime) -> bool:
        return abs(now.timestamp() - self._when_s) <= _FOR_S

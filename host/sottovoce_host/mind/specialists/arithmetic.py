"""Arithmetic as people say it, and follow-ups on the last result."""

import re
from datetime import datetime

from sottovoce_host.mind import phrasing, shares
from sottovoce_host.mind.calculator import Outcome, work_out
from sottovoce_host.mind.exact import Unanswerable
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain

_ASKING = re.compile(
    r"^(?:and |then |so )?(?:what is|what are|what would be|how much is|how much are|how much would be|"
    r"calculate|compute|work out|evaluate|"
    r"solve|figure out|find|what do you get if you|what do i get if i|what happens if you|give me|what about|and)\s+"
)
_OPERATOR_FIRST = re.compile(
    r"^(?:and |then |now )?(?P<rest>(?:times|multiplied by|divided by|plus|minus|less|take away|over|"
    r"to the power of|squared|cubed)\b.*)$"
)
_MULTIPLIED_HERE = re.compile(r"\b(?:how many is|equals|equal to|is what|altogether|in total|and what is that)\b")
_SHARE_OF = re.compile(r"^(?P<front>.*\b(?:percent|percentage) of )(?P<whole>.+?)(?P<end> (?:is|are|equals) .+)?$")
_OF = re.compile(r"^(?:(?:and|or|what about|how about) )*of (?P<whole>.+)$")
_FOLLOWED_FOR_S = 180


class Arithmetic:
    """Works out what is asked in words or digits; exact where it can be, "about" where it is rounded."""

    name = "arithmetic"

    def __init__(self) -> None:
        self._last: Outcome | None = None
        self._when: datetime | None = None
        self._share: re.Match[str] | None = None

    def answer(self, request: Request) -> Reply | None:
        """Answer with the number, or with why there is none."""
        asked, last = plain(request.text), self._recent(request.now)
        of = _OF.match(asked) if request.behind == self.name and last else None
        if of and self._share:
            asked = f"{self._share['front']}{of['whole']}{self._share['end'] or ''}"
        words = _MULTIPLIED_HERE.sub("", asked).strip()
        try:
            share = shares.asked(asked, last)
            outcome = share or self._follow_up(words, last) or work_out(_ASKING.sub("", words).split(), last)
        except Unanswerable as reason:
            return Reply(str(reason), self.name)
        if outcome is None:
            return None
        self._last, self._when, self._share = outcome, request.now, _SHARE_OF.match(asked)
        return Reply(phrasing.sentence(f"{_said(outcome)} percent" if share else _said(outcome)), self.name)

    def _recent(self, now: datetime) -> Outcome | None:
        fresh = self._when is not None and 0 <= (now - self._when).total_seconds() < _FOLLOWED_FOR_S
        return self._last if fresh else None

    def _follow_up(self, words: str, last: Outcome | None) -> Outcome | None:
        found = _OPERATOR_FIRST.match(words)
        if last is None or found is None:
            return None
        rest = found["rest"]
        alone = rest.startswith("minus") and not words.startswith(("and", "then", "now"))
        if alone and work_out(rest.split(), last) is not None:
            return None
        return work_out(["that", *rest.split()], last)


def _said(outcome: Outcome) -> str:
    if outcome.currency and abs(outcome.value) < 10**15:
        return phrasing.money(outcome.value, outcome.currency, exact=outcome.exact)
    return phrasing.about(outcome.value, exact=outcome.exact)

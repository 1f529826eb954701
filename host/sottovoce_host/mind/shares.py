"""What share one number is of another: "20 is what percent of 80", "what percentage of 80 is 20"."""

import re

from sottovoce_host.mind import exact
from sottovoce_host.mind.calculator import Outcome, amount

_WHAT = r"(?:what|which|how many|how much) (?:percent|percentage)"
_ASKED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?P<part>.+) (?:is|are|equals) {_WHAT} of (?P<whole>.+)$",
        rf"^{_WHAT} of (?P<whole>.+) (?:is|are|equals) (?P<part>.+)$",
        rf"^{_WHAT} (?:is|are) (?P<part>.+?) (?:out of|of) (?P<whole>.+)$",
        rf"^(?P<part>.+) out of (?P<whole>.+) (?:is|are) {_WHAT}$",
        r"^what is the percentage of (?P<part>.+) (?:out of|to) (?P<whole>.+)$",
        r"^(?:what (?:is|are) )?(?P<part>.+) (?:as|in) (?:a )?(?:percent|percentage) of (?P<whole>.+)$",
        r"^(?:what (?:is|are) )?(?P<part>.+) out of (?P<whole>.+) (?:as|in) (?:a )?(?:percent|percentage)$",
    )
)


def asked(words: str, last: Outcome | None = None) -> Outcome | None:
    """Give how many percent of one number another is; None if that is not what is asked (`wording.plain` writes it).

    last: what "that" means. Raises Unanswerable for a share of nothing.
    """
    found = next((match for pattern in _ASKED if (match := pattern.match(words))), None)
    if found is None:
        return None
    part, whole = amount(found["part"].split(), last), amount(found["whole"].split(), last)
    if part is None or whole is None or part.currency != whole.currency:
        return None
    share = exact.divide(part.value, whole.value) * 100
    return Outcome(exact.bounded(share), part.exact and whole.exact, "")

"""Whether something is to happen again and again, and on which days: "every Monday", "daily", "twice a day"."""

import re
from datetime import datetime

import msgspec

from sottovoce_host.mind import dates

_DAYS = "|".join(f"{name}s" for name in (*dates.WEEKDAYS, "weekday", "weekend"))
_UNIT = (
    "(?:second|minute|hour|day|night|morning|noon|afternoon|evening|week|weekday|weekend|fortnight|month|quarter|year|"
    f"time|spring|summer|autumn|winter|birthday|christmas|easter|{'|'.join([*dates.WEEKDAYS, *dates.MONTHS[1:]])})s?"
)
_COUNT = (
    r"(?:other|single|few|half|half an|second|third|fourth|last|first|\d+|two|three|four|five|six|seven|eight|nine|ten|"
    r"twelve|fifteen|twenty|thirty|ninety|couple of)"
)
_EVEN = r"(?:daily|nightly|hourly|weekly|monthly|yearly)"
_AGAIN = re.compile(
    rf"\b(?:every|each)(?: {_COUNT}){{0,2}} {_UNIT}\b"
    rf"|\b(?:once|twice|\w+ times) (?:an?|per|every|each) {_UNIT}\b"
    rf"|(?<!\bthe )(?<!\bmy )(?<!\ba )\b{_EVEN}(?=$| at\b| in the\b| to\b)"
    rf"|\b(?:every|each) \w+(?: day)? of (?:the|every|each) (?:week|month|year)\b"
    rf"|\b(?:{_DAYS})(?=$| at\b| in the\b)"
    r"|(?<!\bthe )(?<!\bmy )\b(?:mornings|afternoons|evenings)(?=$| at\b)"
    rf"|\bon (?:{_DAYS})(?: (?:and |or )?(?:{_DAYS}))*(?=$| (?:at|in|to|by|from|around|about|before|after|that|for)\b)"
)
_NAME = re.compile(r"\b(?:called|named|labell?ed) (?!every\b|each\b|on\b|once\b|twice\b)\w+")
_REPEATING = "(?:repeating|repeated|recurring)"
_BEFORE = re.compile(rf"\b(?:{_EVEN}|weekday|weekend|{_REPEATING})$")

_DAY = f"(?:{'|'.join(dates.WEEKDAYS)}|weekday|weekend|day|morning|afternoon|evening|night)"
_PART = "(?:morning|afternoon|evening|night)"
_SEVERAL = rf"(?: of the week)?(?:(?: and| or)?(?: every| each| on)? {_DAY}s?)*"
_ON_DAYS = re.compile(
    rf"\b(?:(?:every|each|once a) week on|every|each)(?: single)? {_DAY}s?{_SEVERAL}"
    rf"|\b(?:on )?(?:{_DAYS}|mornings|afternoons|evenings)\b{_SEVERAL}"
    r"|\b(?:daily|nightly)(?! (?:alarm|reminder)\b)"
)
_A_DAILY = re.compile(r"\b(?:daily|nightly|weekday|weekend) (?=(?:alarm|reminder)\b)")
_MARKED = re.compile(r"\b(?:on|for|at)$")
_LIMITED = re.compile(
    r" (?:until|till|this|next|except|but|unless|if|when|while|starting|beginning|from|between|of)\b"
    r"| for (?:the |a |an )?(?:\w+ ){0,2}(?:days?|weeks?|fortnights?|months?|years?)\b"
)
_ALL = frozenset(range(7))
_NAMED = {name: {number} for number, name in enumerate(dates.WEEKDAYS)} | {
    "weekday": {0, 1, 2, 3, 4},
    "weekend": {5, 6},
    "day": _ALL,
    "daily": _ALL,
    "nightly": _ALL,
}


class Repeated(msgspec.Struct, frozen=True):
    """Something that repeats. days: weekdays, Monday 0. once: the request as it would be for one of them."""

    days: frozenset[int]
    once: str


def parse(words: str, now: datetime) -> Repeated | None:
    """Give the days of a request that says once on which it repeats; None where it says so in any other way."""
    daily = _A_DAILY.search(words)
    found = [daily] if daily else list(_ON_DAYS.finditer(words))
    if len(found) != 1:
        return None
    start, end = found[0].span()
    before, phrase, behind = words[:start].rstrip(), found[0].group().strip(), words[end:]
    said = [word.removesuffix("s") for word in phrase.split()]
    parts = [word for word in said if re.fullmatch(_PART, word)] + ["night"] * (said == ["nightly"])
    days = frozenset(day for word in said for day in _NAMED.get(word, ())) or (_ALL if parts else frozenset())
    if not days or len(parts) > 1 or _LIMITED.match(behind) or told(f"{before} {behind}"):
        return None
    day = min(days, key=lambda number: (number - now.weekday() - 1) % 7)
    one = " ".join([dates.WEEKDAYS[day], *parts])
    on = one if _MARKED.search(before) else f"on {one}"
    return Repeated(days, f"{before} {behind} {on}".strip() if daily else f"{before} {on}{behind}".strip())


def is_named(text: str, days: frozenset[int]) -> bool:
    """Whether a name ("daily", "weekday", "repeating") is of what repeats on these days."""
    return bool(re.fullmatch(_REPEATING, text)) or _NAMED.get(text.removesuffix("s")) == days


def told(text: str) -> bool:
    """Tell whether a text (as `wording.plain` writes it) says that something repeats, anywhere but in a name."""
    return bool(_AGAIN.search(_NAME.sub("", text).rstrip()))


def told_before(text: str) -> bool:
    """Tell whether what stands before a thing's name says so: "a daily", "my recurring"."""
    return bool(_BEFORE.search(text))

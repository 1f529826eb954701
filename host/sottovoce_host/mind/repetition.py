"""Whether something is to happen again and again: "every Monday", "daily at eight", "on Mondays", "twice a day"."""

import re

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
_BEFORE = re.compile(rf"\b(?:{_EVEN}|repeating|repeated|recurring)$")


def told(text: str) -> bool:
    """Tell whether a text (as `wording.plain` writes it) says that something repeats, anywhere but in a name."""
    return bool(_AGAIN.search(_NAME.sub("", text).rstrip()))


def told_before(text: str) -> bool:
    """Tell whether what stands before a thing's name says so: "a daily", "my recurring"."""
    return bool(_BEFORE.search(text))

"""What the recogniser wrote, brought into one shape: casing, contractions, symbols and courtesy end here."""

import re

_TYPOGRAPHY = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u00bd": " 1/2 ",
        "\u00bc": " 1/4 ",
        "\u00be": " 3/4 ",
    }
)
_SPACE = re.compile(r"\s+")
_ENDS = " \t\n.,;:!?\"'"
_LEAD = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay),? sotto(?: ?voce)?|sotto(?: ?voce)?|"
    r"hey|hi|hello|ok|okay|so|um+|uh+|er+m?|well|right|alright|all right|now|then|oh|please|actually|"
    r"listen|sorry|"
    r"excuse me|quick question|by the way|let's see)\b[,.!:]*\s+(?=\S)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?:(?:can|could|would|will) (?:you|i|we)(?: please| just| quickly| maybe| possibly| kindly)*(?: be able to)?|"
    r"would you mind|let's(?= (?:set|start|do) )|"
    r"go ahead and|"
    r"i(?:'d| would) like (?:you )?to|i (?:want|need) you to|i(?:'d| would)? (?:want|need|like) to know|"
    r"i(?: was)? wonder(?:ing)?|"
    r"do you (?:happen to )?know|any idea|just|quickly|kindly)[,]?\s+(?=\S)",
    re.IGNORECASE,
)
_TELL = re.compile(r"^(?:please )?(?:tell|show) me(?: please)?,?\s+(?=\S)", re.IGNORECASE)
_PLEASE = re.compile(
    r"(?<=\S)[,.]?\s+please$|(?<=\S)[,.!]\s*(?:thanks|thank you|cheers|ok|okay)$",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\b(?:[Uu]h?m+|[Uu]h+|[Ee]r+m?|[Hh]mm+)\b[,.]*\s*")
_FOR_ME = re.compile(r"^(?!remind|note|make a note|take a note|remember)(.+\S) for me$")

_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b([ap])\.\s?m\b\.?", r" \1m "),
        (r"(\d)\s*([ap])\s?m\b", r"\1 \2m"),
        (r"\bo['\s]?clock\b", "oclock"),
        (r"\bu\.\s?([ks])\b\.?", r"u\1"),
        (r"\b(\d)'\s?(\d{1,2})\b", r"\1 feet \2 inches"),
        (r"\s*%", " percent"),
        (r"\bper cent\b", "percent"),
        (r"(?<=\d),(?=\d{3}(?!\d))", ""),
        (r"\$\s?(\d+(?:\.\d+)?(?: (?:thousand|million|billion|trillion))?)", r"\1 dollars"),
        (r"\u00a3\s?(\d+(?:\.\d+)?(?: (?:thousand|million|billion|trillion))?)", r"\1 pounds sterling"),
        (r"\u20ac\s?(\d+(?:\.\d+)?(?: (?:thousand|million|billion|trillion))?)", r"\1 euros"),
        (r"\u00b0\s?c\b", " degrees celsius"),
        (r"\u00b0\s?f\b", " degrees fahrenheit"),
        (r"\u00b0", " degrees"),
        (r"\bkm\s?/\s?h(?:r)?\b", "kilometres per hour"),
        (r"\bm\s?/\s?s\b", "metres per second"),
        (r"\s\*\*\s?|\s?\^\s?", " to the power of "),
        (r"(?<!\ba )\b(\d+(?:\.\d+)?)\s?x\s?(?=\d)", r"\1 times "),
        (r"[\u00d7*]", " times "),
        (r"\u00f7", " divided by "),
        (r"(?<=\s)/(?=\s)", " divided by "),
        (r"(?<=\d)\s?/\s?(?=\d+\s+/)", " divided by "),
        (r"\+", " plus "),
        (r"=", " "),
        (r"\u00b2", " squared"),
        (r"\u00b3", " cubed"),
        (r"\u221a", " square root of "),
        (r"(?<=\d)\s*-\s*(?=\d)|\s-\s", " minus "),
        (r"(^|\s)-(?=\d)", r"\1minus "),
        (r"-", " "),
        (r"\b(what|when|where|who|how|that|it|there)(?:'s|s(?= the| my| a| an| \d| on| left))(?=\s|$)", r"\1 is"),
        (r"\bwhats\b", "what is"),
        (r"\bwhat're\b", "what are"),
        (r"\bhows\b", "how is"),
        (r"\bi'd\b", "i would"),
        (r"\bi'm\b", "i am"),
        (r"\bi've\b", "i have"),
        (r"\bdon't\b", "do not"),
        (r"'", ""),
        (r"(?<!\d)\.(?=\d)", " 0."),
        (r"\.(?!\d)|[,;!?\"()]|:(?!\d)|(?<!\d):", " "),
    )
)
# What Moonshine tiny was seen to write for something else, where no other reading makes a request.
_MISHEARD: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^cancell?ed at (?=timer|alarm|reminder)", "cancel that "),
        (r"^cancell?ed (?=the |my |all |that |it$)", "cancel "),
        (r"^time are (?=\w+ (?:seconds?|minutes?|hours?)$)", "timer "),
        (r"\bhow past (?=\w+)", "half past "),
        (r"^one is (?=[a-z])", "when is "),
        (r"(\d) ?k m\b", r"\1 km"),
        (r"\bnot (?=0\.\d)", ""),
    )
)
_INVERTED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^what (time|day|date|year|month|week) it is\b", r"what \1 is it"),
        (r"^what the ([a-z ]+?) is( (?:in|on|at|today|now|tomorrow)\b.*)?$", r"what is the \1\2"),
        (r"^how (many|much) ([a-z ]+?) there (?:are|is)\b", r"how \1 \2 are there"),
        (r"^how (much time|long) (?:there )?is left\b", r"how \1 is left"),
        (r"^what ([a-z0-9. ]+) (?:is|are|equals)$", r"what is \1"),
        (r"^what (?:does|do) (.+) (?:equal|make|come to)$", r"what is \1"),
    )
)


def tidy(text: str) -> str:
    """Give the request without typography, outer punctuation, "um" and courtesy in front; casing and commas stay.

    For what is kept word for word: notes and the items of lists.
    """
    words = _SPACE.sub(" ", _FILLER.sub("", text.translate(_TYPOGRAPHY))).strip(_ENDS)
    while True:
        shorter = _TELL.sub("", _ASKED.sub("", _LEAD.sub("", words)))
        shorter = _PLEASE.sub("", shorter).strip(_ENDS)
        if shorter == words:
            return words
        words = shorter


def plain(text: str) -> str:
    """Give the request in lower case, symbols as words, contractions opened, without punctuation or courtesy.

    What is left are words, and numbers such as "1250", "3.5", "6:30" and "1/2".
    """
    asked_about = bool(_TELL.search(text) or _ASKED.search(text))
    words = _spelt(tidy(text))
    for pattern, replacement in _MISHEARD:
        words = pattern.sub(replacement, words)
    words = _FOR_ME.sub(r"\1", words)
    if asked_about or words.startswith(("what time it is", "what the ", "what day it is", "what does", "what do")):
        for pattern, replacement in _INVERTED:
            words = pattern.sub(replacement, words)
    return words


def as_written(text: str, words: str) -> str:
    """Find `words` (a part of `plain(text)`) as the recogniser wrote them; `words` if they are not there.

    Casing, apostrophes and the punctuation between them are what `plain` takes away.
    """
    written = tidy(text).split()
    spelt = [_spelt(word).split() for word in written]
    for end in range(len(written), 0, -1):
        start, wanted = end, words.split()
        while start and wanted and wanted[len(wanted) - len(spelt[start - 1]) :] == spelt[start - 1]:
            start -= 1
            wanted = wanted[: len(wanted) - len(spelt[start])]
        if not wanted:
            return " ".join(written[start:end]).strip(_ENDS)
    return words


def _spelt(text: str) -> str:
    """Lower case, symbols as words, contractions opened, no punctuation."""
    words = text.lower()
    for pattern, replacement in _REWRITES:
        words = pattern.sub(replacement, words)
    return _SPACE.sub(" ", words).strip()

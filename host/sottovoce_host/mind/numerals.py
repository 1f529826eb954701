"""Words and digits to numbers: "a hundred and five", "two and a half", "3.5", "nineteen eighty-four"."""

import re
from collections.abc import Sequence
from fractions import Fraction

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {"nought": 0, "nil": 0}
"""The number words below twenty."""

TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
"""The round number words from twenty to ninety."""

_SCALES = {word: 1000**n for n, word in enumerate("thousand million billion trillion quadrillion".split(), 1)}
_IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_ORDINALS = (
    {word + "th": value for word, value in UNITS.items() if value}
    | {word[:-1] + "ieth": value for word, value in TENS.items()}
    | _IRREGULAR
    | {"hundredth": 100, "thousandth": 1000}
)
_PARTS = {"half": 2, "quarter": 4} | {w: n for w, n in _ORDINALS.items() if w not in {"first", "second"}}
_MANY_PARTS = {"halves": 2} | {word + "s": n for word, n in _PARTS.items() if word != "half"}
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_RATIO = re.compile(r"(\d+)/(\d+)")
_DIGIT_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_MAX_DIGITS = 40
_TEEN_FIRST = 10

_Read = tuple[Fraction, int]  # a number, and the index of the word after it


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if index < len(words) else ""


def _below_hundred(words: Sequence[str], start: int) -> _Read | None:
    word = _at(words, start)
    if _DIGITS.fullmatch(word) and len(word) <= _MAX_DIGITS:
        return Fraction(word), start + 1
    if word in UNITS:
        return Fraction(UNITS[word]), start + 1
    if word in TENS:
        unit = UNITS.get(_at(words, start + 1), 0)
        if 0 < unit < _TEEN_FIRST:
            return Fraction(TENS[word] + unit), start + 2
        return Fraction(TENS[word]), start + 1
    if word == "a" and (_at(words, start + 1) in _SCALES or _at(words, start + 1) in {"hundred", "dozen"}):
        return Fraction(1), start + 1
    return None


def _below_thousand(words: Sequence[str], start: int) -> _Read | None:
    found = _below_hundred(words, start)
    if found is None:
        return None
    value, end = found
    if _at(words, end) == "dozen":
        return value * 12, end + 1
    if _at(words, end) != "hundred":
        return found
    value, end = value * 100, end + 1
    rest = _below_hundred(words, end + (_at(words, end) == "and"))
    if rest and rest[0] < 100 and _at(words, rest[1]) != "hundred":  # noqa: PLR2004 - a hundred is what it says
        return value + rest[0], rest[1]
    return value, end


def _cardinal(words: Sequence[str], start: int) -> _Read | None:
    total, end, at = Fraction(0), start, start
    limit: float = float("inf")
    while (found := _below_thousand(words, at)) is not None:
        value, after = found
        scale = _SCALES.get(_at(words, after))
        if scale is None or scale >= limit:
            if value < limit and scale is None:
                total, end = total + value, after
            break
        total, limit, end = total + value * scale, scale, after + 1
        at = end + (_at(words, end) == "and")
    return (total, end) if end > start else None


def _decimals(words: Sequence[str], start: int) -> _Read | None:
    digits, at = "", start
    while True:
        word = _at(words, at)
        if word.isascii() and word.isdigit():
            digits += word
        elif word in UNITS and UNITS[word] < _TEEN_FIRST:
            digits += str(UNITS[word])
        elif word in {"oh", "o"}:
            digits += "0"
        else:
            break
        at += 1
    return (Fraction(int(digits), 10 ** len(digits)), at) if digits else None


def _part(words: Sequence[str], start: int) -> _Read | None:
    """A fraction: "half", "a third", "three quarters", "1/2"."""
    word, following = _at(words, start), _at(words, start + 1)
    ratio = _RATIO.fullmatch(word)
    if ratio and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2])), start + 1
    if word == "half" and following == "a" and _at(words, start + 2) == "dozen":
        return Fraction(6), start + 3
    if word in {"half", "quarter"}:
        return Fraction(1, _PARTS[word]), start + 1
    if word in {"a", "one", "1"} and following in _PARTS:
        return Fraction(1, _PARTS[following]), start + 2
    count = _below_hundred(words, start)
    if count and count[0].denominator == 1 and _at(words, count[1]) in _MANY_PARTS:
        return count[0] / _MANY_PARTS[_at(words, count[1])], count[1] + 1
    return None


def read(words: Sequence[str], start: int = 0) -> _Read | None:
    """Read the longest number that begins at `words[start]`: its exact value and the index of the word after it.

    None where no number begins. "a" alone is no number, "a hundred" and "a half" are.
    """
    if _at(words, start) in {"minus", "negative"}:
        found = read(words, start + 1) if _at(words, start + 1) not in {"minus", "negative"} else None
        return (-found[0], found[1]) if found else None
    part = _part(words, start)
    whole = None if part else _cardinal(words, start)
    if part or whole is None:
        return part
    value, end = whole
    if _at(words, end) in {"point", "dot"} and value.denominator == 1:
        decimals = _decimals(words, end + 1)
        if decimals:
            value, end = value + decimals[0], decimals[1]
            scale = _SCALES.get(_at(words, end))
            return (value * scale, end + 1) if scale else (value, end)
    if value.denominator == 1:
        extra = _part(words, end + 1) if _at(words, end) == "and" else None
        if extra is None and _RATIO.fullmatch(_at(words, end)):
            extra = _part(words, end)
        if extra and extra[0] < 1:
            return value + extra[0], extra[1]
    return value, end


def number(text: str) -> Fraction | None:
    """Give the exact value of a text that is one number and nothing else; None if it is not."""
    words = text.replace("-", " ").split()
    found = read(words)
    return found[0] if found and found[1] == len(words) else None


def ordinal(words: Sequence[str], start: int = 0) -> tuple[int, int] | None:
    """Read an ordinal at `words[start]` ("third", "21st", "twenty first"): its value and the index after it."""
    word = _at(words, start)
    digits = _DIGIT_ORDINAL.fullmatch(word)
    if digits and len(word) <= _MAX_DIGITS:
        return int(digits[1]), start + 1
    if word in _ORDINALS:
        return _ORDINALS[word], start + 1
    unit = _ORDINALS.get(_at(words, start + 1), 0)
    if word in TENS and 0 < unit < _TEEN_FIRST:
        return TENS[word] + unit, start + 2
    return None


def year(text: str) -> int | None:
    """Give the year a text names ("2026", "nineteen eighty four", "two thousand and five"); None if it names none."""
    words = text.replace("-", " ").split()
    whole = number(text)
    if whole is not None and whole.denominator == 1 and 1000 <= whole <= 9999:  # noqa: PLR2004 - four digits
        return int(whole)
    century = _below_hundred(words, 0)
    if century is None or not 10 <= century[0] <= 99 or century[1] != 1 + (words[0] in TENS and century[0] % 10 != 0):  # noqa: PLR2004 - two digits
        return None
    at = century[1]
    if _at(words, at) in {"oh", "o"}:
        rest = _below_hundred(words, at + 1)
        low, high = 1, 9
    else:
        rest = _below_hundred(words, at)
        low, high = 10, 99
    if rest is None or rest[1] != len(words) or not low <= rest[0] <= high:
        return None
    return int(century[0] * 100 + rest[0])

"""Unit conversion: "how many ounces in a pound", "what's five feet eleven in centimetres"."""

import re
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sottovoce_host.mind import numerals, phrasing
from sottovoce_host.mind.measures import Amount, Measures, Unit, unit, unit_at
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.wording import plain

_IN = re.compile(
    r"^(?:(?:are|is) (?:there )?|there are |there is |go |fit |does |do |makes? (?:up )?|would |will )?"
    r"(?:(?:in|into|to|and|per) )?(?P<amount>.+?)(?: have| contain| make| hold)?$"
)
_ASKING = re.compile(
    r"^(?:and |then )?(?:what is|what are|convert|how much is|how much are|how (?:far|long|heavy|hot|cold|big|"
    r"fast|tall|warm|high) (?:is|are)|"
    r"change|turn|translate|calculate|give me|what about|how about)\s+"
)
_JOINT = re.compile(
    r" (?:in|into|to|as|and|equals how many|is how many|are how many|expressed in|converted to|equal to how many) "
)
_PAIR = re.compile(r"(?P<joint> (?:in|into|to) )(?P<first>[a-z]+) and (?P<second>[a-z]+)$")
_FOLLOW = re.compile(
    r"^(?:and|and what about|what about|how about|and how many|and what is that|what is that|"
    r"and that)?\s*(?:in|in to|into)? ?(?P<target>[a-z ]+)$"
)
_MONEY = re.compile(
    r"\b(?:dollars?|euros?|pounds sterling|quid|yen|rupees?|francs?|pesos?|yuan) (?:in|to|"
    r"into) (?:us )?(?:dollars?|euros?|pounds(?: sterling)?|quid|yen|rupees?|francs?|pesos?|yuan)$"
    r"|\bpounds? (?:in|to|into) (?:dollars?|euros?|yen)$|^how many (?:dollars|euros|yen|"
    r"pounds) (?:are )?(?:there )?(?:in|to) .*(?:dollars?|euros?|yen|pounds? sterling)$"
)
_SMALLER = {
    "foot": "inch",
    "stone": "pound",
    "pound": "ounce",
    "hour": "minute",
    "minute": "second",
    "meter": "centimeter",
}
_VARYING = {
    ("day", "year"): "Three hundred and sixty-five, or three hundred and sixty-six in a leap year.",
    ("day", "month"): "Between twenty-eight and thirty-one.",
    ("week", "month"): "A little over four.",
    ("week", "year"): "Fifty-two weeks and a day, or two days in a leap year.",
}
_CALENDAR = {"month", "year", "century"}  # their length in days varies: pint takes the mean
_MISHEARD = {"to": 2, "too": 2, "for": 4}
_FOLLOWED_FOR_S = 180
_SURVEY = Fraction(1, 100_000)  # pint's acre and mile differ by two parts in a million: the US survey foot
_LOW, _MIDDLE, _HIGH = 1, 10, 1000


class Conversion:
    """Converts between units. What measures different things is refused in words."""

    name = "conversion"

    def __init__(self) -> None:
        self._measures = Measures()
        self._last: tuple[Amount, datetime] | None = None

    def warm(self) -> None:
        """Get ready before the first question."""
        self._measures.warm()

    def answer(self, request: Request) -> Reply | None:
        """Answer with the converted amount."""
        words = plain(request.text)
        if _MONEY.search(words):
            return Reply("I don't know exchange rates.", self.name)
        asked = _how_many(words) or _amount_in(words) or self._follow_up(words, request.now)
        if asked is None:
            return None
        amount, target = self._measures.reading(*asked)
        target = self._speed(amount, target) or target
        varying = _VARYING.get((target.key, amount.unit.key))
        if varying and amount.value == 1:
            return Reply(varying, self.name)
        value = self._measures.convert(amount, target)
        if value is None:
            return Reply(
                f"I can't turn {amount.unit.plural} into {target.plural}: they measure different things.", self.name
            )
        if self._measures.too_cold(amount):
            return Reply("There is nothing colder than absolute zero.", self.name)
        self._last = amount, request.now
        said = self._said_pair(value, target) if _PAIR.search(words) else _said_value(value, target)
        if (amount.unit.key in _CALENDAR) != (target.key in _CALENDAR) and not said.startswith("about"):
            said = f"about {said}"
        return Reply(phrasing.sentence(f"{_said_amount(amount)} is {said}"), self.name)

    def _speed(self, amount: Amount, target: Unit) -> Unit | None:
        """The speed that is meant by a length: "60 miles an hour in kilometres"."""
        speed = unit(f"{target.plural} an hour")
        return speed if speed and self._measures.convert(amount, speed) is not None else None

    def _said_pair(self, value: Fraction, of: Unit) -> str:
        """Say "five feet and eleven inches", to the nearest of the smaller unit."""
        smaller = unit(_SMALLER[of.key]) if of.key in _SMALLER else None
        to_one = self._measures.convert(Amount(Fraction(1), of), smaller) if smaller else None
        if smaller is None or to_one is None or value < 0:
            return _said_value(value, of)
        count = round(value * to_one)
        whole, rest = divmod(count, to_one)
        parts = [_said_value(Fraction(whole), of)] if whole else []
        parts += [_said_value(rest, smaller)] if rest or not whole else []
        return f"{'' if count == value * to_one else 'about '}{phrasing.join(parts)}"

    def _follow_up(self, words: str, now: datetime) -> tuple[Amount, Unit] | None:
        found = _FOLLOW.match(words)
        target = unit(found["target"]) if found else None
        if target is None or self._last is None or not words.startswith(("and", "in", "what", "how")):
            return None
        amount, when = self._last
        return (amount, target) if 0 <= (now - when).total_seconds() < _FOLLOWED_FOR_S else None


def _amount(text: str) -> Amount | None:
    """Read "a pound", "half a mile", "five feet eleven", "minus 40 degrees celsius"."""
    words = text.split()
    start = 1 if words[:1] == ["the"] else 0
    number = numerals.read(words, start)
    if number is None and words[start : start + 1] and words[start] in {"a", "an", "one", "per"}:
        number = Fraction(1), start + 1
    if number is None and words[start : start + 1] and words[start] in _MISHEARD:
        number = Fraction(_MISHEARD[words[start]]), start + 1
    value, at = number or (Fraction(1), start)
    if number:
        at += 2 if words[at : at + 2] in (["of", "a"], ["of", "an"]) else words[at : at + 1] in (["a"], ["an"])
    found = unit_at(words, at)
    if found is None:
        return None
    first, at = found
    if words[at : at + 2] == ["and", "a"] and (part := numerals.read(words, at + 1)) and part[1] == len(words):
        return Amount(value + part[0], first)
    return _with_rest(value, first, words, at)


def _with_rest(value: Fraction, first: Unit, words: Sequence[str], at: int) -> Amount | None:
    if at == len(words):
        return Amount(value, first)
    number = numerals.read(words, at + (words[at] == "and"))
    smaller = _SMALLER.get(first.key)
    if number is None or smaller is None or value < 0:
        return None
    if number[1] == len(words):
        rest = unit(smaller)
        return Amount(value, first, (number[0], rest)) if rest else None
    second = unit_at(words, number[1])
    if second is None or second[1] != len(words) or second[0].key != smaller:
        return None
    return Amount(value, first, (number[0], second[0]))


def _how_many(words: str) -> tuple[Amount, Unit] | None:
    asked = words.removeprefix("and ").split()
    named = unit_at(asked, 2) if asked[:2] in (["how", "many"], ["how", "much"]) else None
    found = _IN.match(" ".join(asked[named[1] :])) if named else None
    amount = _amount(found["amount"]) if found else None
    return (amount, named[0]) if amount and named else None


def _larger(pair: re.Match[str]) -> str:
    """The larger unit of two that are named together, where the smaller is what is left over of it."""
    first, second = unit(pair["first"]), unit(pair["second"])
    return pair["joint"] + pair["first"] if first and second and _SMALLER.get(first.key) == second.key else pair[0]


def _amount_in(words: str) -> tuple[Amount, Unit] | None:
    asked = bool(_ASKING.match(words))
    text = _PAIR.sub(_larger, _ASKING.sub("", words))
    for joint in reversed(list(_JOINT.finditer(text))):
        target, amount = unit(text[joint.end() :]), _amount(text[: joint.start()])
        counted = amount and (text.split()[0] in {"a", "an", "one", "half"} or numerals.read(text.split()))
        if target and amount and (counted or (asked and words.startswith("convert"))):
            return amount, target
    return None


def _said_amount(amount: Amount) -> str:
    said = _said_value(amount.value, amount.unit)
    return f"{said} and {_said_value(*amount.rest)}" if amount.rest else said


def _rounded(value: Fraction) -> Fraction:
    """As finely as anyone wants it: two decimals in full, else three significant figures or whole numbers."""
    if (value * 100).denominator == 1:
        return value
    size = abs(value)
    if size >= _HIGH:
        return Fraction(round(value))
    if size >= _LOW:
        return round(value, 1 if size >= _MIDDLE else 2)
    places = 3
    while 0 < size * 10**places < 100 and places < 12:  # noqa: PLR2004 - three significant figures, down to a trillionth
        places += 1
    return round(value, places)


def _said_value(value: Fraction, of: Unit) -> str:
    rounded = _rounded(value)
    if value == Fraction(1, 2):
        return f"half {'an' if of.singular[0] in 'aeiou' or of.key == 'hour' else 'a'} {of.singular}"
    full = abs(rounded - value) <= abs(value) * _SURVEY and phrasing.exactly(rounded)
    name = of.singular if abs(rounded) == 1 else of.plural
    return f"{'' if full else 'about '}{phrasing.number(rounded)} {name}"

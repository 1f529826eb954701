"""Arithmetic in words, worked out exactly: a small recursive descent over words, with bounds on every result."""

import math
from collections.abc import Sequence
from fractions import Fraction

import msgspec

from sottovoce_host.mind import exact, numerals
from sottovoce_host.mind.exact import Number

_MOST_WORDS = 60
_MISHEARD = {"to": 2, "too": 2, "for": 4, "fore": 4, "won": 1, "ate": 8}
_CURRENCIES = {
    "dollar": "dollar", "dollars": "dollar", "bucks": "dollar", "euro": "euro", "euros": "euro",
    "pounds sterling": "pound", "pounds": "pound", "pound": "pound", "quid": "pound",
}  # fmt: skip
_SUMS = {"plus": 1, "minus": -1, "less": -1, "take away": -1, "subtract": -1, "add": 1}
_PRODUCTS = ("multiplied by", "divided by", "times", "x", "over", "modulo", "mod")
_POWERS = ("raised to the power of", "to the power of", "raised to the", "raised to", "to the power", "to the")
_LAST = ("the answer", "the result", "that number", "that", "it", "this")
_SHARES = ("tip on", "tip for", "tip of", "discount on", "tax on", "vat on", "of")
_RAISED = {"squared": 2, "square": 2, "cubed": 3, "cube": 3}
_COMMANDS = ("add", "subtract", "take away", "take", "multiply", "divide", "square", "cube", "halve")
_JOINTS = {"add": ("to", "and", "with"), "multiply": ("by", "and", "with"), "divide": ("by",)}
_SCALED = {"double": 2, "twice": 2, "triple": 3}


class Outcome(msgspec.Struct, frozen=True):
    """What came out. value: the number. exact: it is all of it (no root or pi was rounded). currency: its singular."""

    value: Fraction
    exact: bool
    currency: str


class _NotArithmetic(Exception):  # noqa: N818 - a parser's way back, never seen outside
    pass


class _Parser:
    """Reads one expression. `operations` counts what was worked out: a number alone is no arithmetic."""

    def __init__(self, words: Sequence[str], last: Outcome | None) -> None:
        self._words = list(words)
        self._at = 0
        self._last = last
        self._products = 0
        self._amounts = 0
        self.operations = 0
        self.currency = ""

    @property
    def finished(self) -> bool:
        """Whether all words are read, and no money was multiplied with money."""
        return self._at == len(self._words) and not (self._products and self._amounts > 1)

    def take(self, *phrases: str) -> str | None:
        """Step over the first of these phrases that stands here."""
        for phrase in phrases:
            words = phrase.split()
            if self._words[self._at : self._at + len(words)] == words:
                self._at += len(words)
                return phrase
        return None

    def need(self, *phrases: str) -> str:
        found = self.take(*phrases)
        if found is None:
            raise _NotArithmetic
        return found

    def expression(self) -> Number:
        left = self.term()
        while word := self.take(*_SUMS):
            self.operations += 1
            right = self.term()
            share = left.value if right.percent and not left.percent else Fraction(1)
            value = exact.bounded(left.value + _SUMS[word] * right.value * share)
            left = Number(value, left.exact and right.exact, left.percent and right.percent)
        return left

    def term(self) -> Number:
        left = self.power()
        while word := self.take(*_PRODUCTS):
            self.operations += 1
            self._products += 1
            right = self.power()
            full = left.exact and right.exact
            if word in {"times", "multiplied by", "x"}:
                left = Number(exact.bounded(left.value * right.value), full)
            elif word in {"divided by", "over"}:
                left = Number(exact.bounded(exact.divide(left.value, right.value)), full)
            else:
                exact.divide(left.value, right.value)
                left = Number(left.value % right.value, full)
        return left

    def power(self) -> Number:
        base = self.primary()
        while word := self.take("squared", "cubed", "factorial"):
            self.operations += 1
            raised = Number(Fraction(_RAISED.get(word, 1)))
            base = exact.factorial(base) if word == "factorial" else exact.power(base, raised)
        return self._exponent(base)

    def _exponent(self, base: Number) -> Number:
        start = self._at
        if not (word := self.take(*_POWERS)):
            return base
        rank = numerals.ordinal(self._words, self._at) if word in {"to the", "raised to the"} else None
        if rank:
            self._at = rank[1]
            self.take("power")
            self.operations += 1
            return exact.power(base, Number(Fraction(rank[0])))
        if word == "to the" and numerals.read(self._words, self._at) is None:
            self._at = start
            return base
        self.operations += 1
        return exact.power(base, self.power())

    def primary(self) -> Number:
        self.take("the")
        if self.take("minus", "negative"):
            number = self.power()
            return msgspec.structs.replace(number, value=-number.value)
        if root := self.take("square root of", "square root", "cube root of", "cube root", "root of", "root"):
            self.operations += 1
            return exact.root(self.power(), 3 if root.startswith("cube") else 2)
        if word := self.take("sum of", "product of", "difference between", "difference of"):
            return self._pair(word)
        if word := self.take(*_SCALED):
            self.operations += 1
            number = self.power()
            return Number(exact.bounded(number.value * _SCALED[word]), number.exact)
        return self._named()

    def _named(self) -> Number:
        if self.take("pi"):
            return Number(Fraction(math.pi), exact=False)
        if self._last and self.take(*_LAST):
            self.currency = self.currency or self._last.currency
            return Number(self._last.value, self._last.exact)
        return self._literal()

    def _pair(self, word: str) -> Number:
        one = self.expression()
        self.need("and")
        other = self.expression()
        self.operations += 1
        full = one.exact and other.exact
        if word == "product of":
            return Number(exact.bounded(one.value * other.value), full)
        return Number(one.value + other.value if word == "sum of" else abs(one.value - other.value), full)

    def _literal(self) -> Number:
        found = numerals.read(self._words, self._at)
        if found is None and self.take("a"):
            found = numerals.read(self._words, self._at)
        if found is None and self._at < len(self._words) and self._words[self._at] in _MISHEARD:
            found = Fraction(_MISHEARD[self._words[self._at]]), self._at + 1
        if found is None:
            raise _NotArithmetic
        value, self._at = found
        if self.take("percent"):
            return self._percent(value / 100)
        if abs(value) < 1 and self.take("of"):
            self.operations += 1
            number = self.power()
            return Number(exact.bounded(value * number.value), number.exact)
        return Number(self._with_currency(exact.bounded(value)))

    def _percent(self, share: Fraction) -> Number:
        more = self.take("more than", "on top of")
        off = self.take("off of", "off", "discount from", "less than")
        if not off and not more and not self.take(*_SHARES):
            return Number(share, percent=True)
        share = 1 + share if more else 1 - share if off else share
        self.operations += 1
        if numerals.read(self._words, self._at) is None:
            self.take("a", "an", "the")
        number = self.power()
        self.take("bill", "meal", "check")
        return Number(exact.bounded(number.value * share), number.exact)

    def _with_currency(self, value: Fraction) -> Fraction:
        word = self.take(*_CURRENCIES)
        if word is None:
            return value
        if self.currency not in {"", _CURRENCIES[word]}:
            raise _NotArithmetic
        self.currency = _CURRENCIES[word]
        self._amounts += 1
        start = self._at
        self.take("and")
        cents = numerals.read(self._words, self._at)
        if cents:
            self._at = cents[1]
            if self.take("cents", "cent", "pence", "p"):
                return value + cents[0] / 100
        self._at = start
        return value

    def command(self) -> Number:
        """Work out "add 3 to 4", "divide that by three", or an expression."""
        word = None if self._words[1:2] == ["root"] else self.take(*_COMMANDS)
        if word is None:
            return self.expression()
        self.operations += 1
        one = self.expression()
        if word in {"square", "cube"}:
            return exact.power(one, Number(Fraction(_RAISED[word])))
        if word == "halve":
            return Number(one.value / 2, one.exact)
        if self.take(*_JOINTS.get(word, ("from",))):
            other = self.expression()
        elif self._last and self.finished and word in {"add", "subtract", "take away"}:
            other = Number(self._last.value, self._last.exact)
        else:
            raise _NotArithmetic
        return _combined(word, one, other)


def _combined(word: str, one: Number, other: Number) -> Number:
    full = one.exact and other.exact
    if word == "multiply":
        return Number(exact.bounded(one.value * other.value), full)
    if word == "divide":
        return Number(exact.bounded(exact.divide(one.value, other.value)), full)
    amount = one.value * other.value if one.percent else one.value
    return Number(exact.bounded(other.value + (amount if word == "add" else -amount)), full)


def work_out(words: Sequence[str], last: Outcome | None = None) -> Outcome | None:
    """Work out an expression in words; None if it is none, or only a number.

    last: what "that" and a leading "times ..." mean. Raises Unanswerable (division by zero, a number out of bounds).
    """
    found = _read(words, last)
    return found[0] if found and found[1] else None


def amount(words: Sequence[str], last: Outcome | None = None) -> Outcome | None:
    """Work out an expression in words that may be a number alone, "twenty dollars"; raises as `work_out` does."""
    found = _read(words, last)
    return found[0] if found else None


def _read(words: Sequence[str], last: Outcome | None) -> tuple[Outcome, int] | None:
    """What comes out, and how many operations it took."""
    if not words or len(words) > _MOST_WORDS:
        return None
    parser = _Parser(words, last)
    try:
        number = parser.command()
    except _NotArithmetic:
        return None
    return (Outcome(number.value, number.exact, parser.currency), parser.operations) if parser.finished else None

"""Exact numbers within bounds: powers, roots, factorials. What would be absurdly large is refused before it is made."""

import math
from decimal import Context, Decimal
from fractions import Fraction

import msgspec

from sottovoce_wire.errors import SottovoceError

_MOST_BITS = 4096
_MOST_FACTORIAL = 400
_DIGITS = Context(prec=50)


class Unanswerable(SottovoceError):  # noqa: N818 - it is no error of the program: the question has no answer
    """It is arithmetic, but it has no number for an answer. Its text is a sentence for the wearer."""


class Number(msgspec.Struct, frozen=True):
    """A number on the way. exact: nothing was rounded. percent: said as one, it is a share of what it joins."""

    value: Fraction
    exact: bool = True
    percent: bool = False


def bounded(value: Fraction) -> Fraction:
    """Give the value back. Raises Unanswerable beyond some twelve hundred digits."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS:
        raise Unanswerable("That number is too big for me.")
    return value


def divide(one: Fraction, other: Fraction) -> Fraction:
    """Divide. Raises Unanswerable by zero."""
    if other == 0:
        raise Unanswerable("Nothing can be divided by zero.")
    return one / other


def _whole_root(value: int, degree: int) -> int | None:
    root = math.isqrt(value) if degree == 2 else _rounded_root(value, degree)  # noqa: PLR2004 - square
    return root if root**degree == value else None


def _rounded_root(value: int, degree: int) -> int:
    return round(_DIGITS.power(Decimal(value), _decimal(Fraction(1, degree))))


def root(number: Number, degree: int) -> Number:
    """Give the real root, exact where it is rational, else to fifty digits. Raises Unanswerable if there is none."""
    value = number.value
    if value < 0 and degree % 2 == 0:
        raise Unanswerable("A negative number has no real square root.")
    above, below = _whole_root(abs(value.numerator), degree), _whole_root(value.denominator, degree)
    if above is not None and below is not None:
        return Number(Fraction(above if value >= 0 else -above, below), number.exact)
    rounded = Fraction(_DIGITS.power(_decimal(abs(value)), _decimal(Fraction(1, degree))))
    return Number(rounded if value >= 0 else -rounded, exact=False)


def _decimal(value: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def power(one: Number, other: Number) -> Number:
    """Raise one to the other. Raises Unanswerable where there is no real power, or one too big to be worked out."""
    base, exponent = one.value, other.value
    if base == 0 and exponent < 0:
        raise Unanswerable("Nothing can be divided by zero.")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if base not in {0, 1, -1} and abs(exponent) * bits > _MOST_BITS:
        raise Unanswerable("That number is too big for me.")
    if exponent.denominator == 1:
        return Number(base ** int(exponent), one.exact and other.exact)
    if exponent in {Fraction(1, 2), Fraction(1, 3)}:
        return root(one, exponent.denominator)
    if base < 0:
        raise Unanswerable("A negative number has no real power like that.")
    return Number(Fraction(_DIGITS.power(_decimal(base), _decimal(exponent))), exact=False) if base else one


def factorial(number: Number) -> Number:
    """Give n!. Raises Unanswerable if n is not whole, negative or beyond 400."""
    value = number.value
    if value < 0 or value.denominator != 1:
        raise Unanswerable("Only whole numbers have a factorial.")
    if value > _MOST_FACTORIAL:
        raise Unanswerable("That number is too big for me.")
    return Number(Fraction(math.factorial(int(value))), number.exact)

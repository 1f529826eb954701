"""How finely a number leaves the glasses: what the gate rounds it to, and how many values that leaves.

A grain is declared with its type in bounds.py. The gate rounds by it and the count of bits (capacity.py) reads it
there, so the two cannot come apart.
"""

import math

from msgspec import Struct


class Grain(Struct, frozen=True):
    """As it is: every value of the range is one to choose.

    coarse(): the value as it leaves; now_ms is when, a multiple of every grain of time.
    bits(): what the choice of this value, of a range from low to high, can carry at most.
    says: the grain in words, for docs/wire.md.
    """

    @property
    def says(self) -> str:
        """Nothing to say."""
        return ""

    def coarse(self, value: int, now_ms: int) -> int:
        """The same."""
        del now_ms
        return value

    def bits(self, low: int, high: int, value: int) -> float:
        """All values alike."""
        del value
        return math.log2(high - low + 1)


class Step(Grain, frozen=True):
    """To the nearest multiple of `step`; both ends of the range are multiples of it."""

    step: int

    @property
    def says(self) -> str:
        """In words."""
        return f", in steps of {self.step}"

    def coarse(self, value: int, now_ms: int) -> int:
        """The nearest multiple."""
        del now_ms
        return (value + self.step // 2) // self.step * self.step

    def bits(self, low: int, high: int, value: int) -> float:
        """All multiples alike."""
        del value
        return math.log2((high - low) // self.step + 1)


class OneDigit(Grain, frozen=True):
    """Down to its first digit: 7, 40, 300."""

    @property
    def says(self) -> str:
        """In words."""
        return ", to one digit"

    def coarse(self, value: int, now_ms: int) -> int:
        """The first digit, and noughts."""
        del now_ms
        place = int(10 ** (len(str(value)) - 1))
        return value // place * place

    def bits(self, low: int, high: int, value: int) -> float:
        """Nought, nine for each place below the highest, and the highest one's."""
        del low, value
        places = len(str(high)) - 1
        return math.log2(1 + 9 * places + high // 10**places)


class Ago(Grain, frozen=True):
    """A moment: so many ms before the one when the message leaves, in steps, at most `limit_ms`."""

    step: int
    limit_ms: int

    @property
    def says(self) -> str:
        """In words."""
        return f", in steps of {self.step}, at most {self.limit_ms} before it left"

    def coarse(self, value: int, now_ms: int) -> int:
        """The nearest step; what is later than now is now."""
        ago_ms = (now_ms - value + self.step // 2) // self.step * self.step
        return max(0, now_ms - min(self.limit_ms, max(0, ago_ms)))

    def bits(self, low: int, high: int, value: int) -> float:
        """All steps alike."""
        del low, high, value
        return math.log2(self.limit_ms // self.step + 1)


class Recent(Grain, frozen=True):
    """A number that the gate gives: one of the `count` newest, or the next."""

    count: int

    @property
    def says(self) -> str:
        """In words."""
        return ", numbered by the gate"

    def bits(self, low: int, high: int, value: int) -> float:
        """Those that are known, and a new one, alike."""
        del low, high, value
        return math.log2(self.count + 1)


class Seldom(Grain, frozen=True):
    """Nought nearly always."""

    def bits(self, low: int, high: int, value: int) -> float:
        """One for nought; one and the whole range for anything else."""
        return 1 + (math.log2(high - low) if value else 0)


class Own(Grain, frozen=True):
    """The gate's own, in which sense has no say."""

    @property
    def says(self) -> str:
        """In words."""
        return ", set by the gate"

    def bits(self, low: int, high: int, value: int) -> float:
        """None."""
        del low, high, value
        return 0.0

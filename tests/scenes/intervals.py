"""How sure a figure is: 95 % confidence intervals."""

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import numpy as np
from msgspec import Struct

Z: Final = 1.959964
"""Two-sided 95 % of the normal distribution."""
T = TypeVar("T")


class Rate(Struct, frozen=True):
    """A figure between `low` and `high` (95 %)."""

    value: float
    low: float
    high: float

    def percent(self) -> str:
        """As a person reads it."""
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f} to {100 * self.high:.1f})"

    def plain(self, digits: int = 2) -> str:
        """The figure itself."""
        return f"{self.value:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


def wilson(hits: int, total: int) -> Rate:
    """Of a proportion (Wilson 1927): right for few cases and for rates near 0 and 1. NaN where there were none."""
    if total == 0:
        return Rate(math.nan, 0.0, 1.0)
    p = hits / total
    scale = 1 + Z**2 / total
    middle = (p + Z**2 / (2 * total)) / scale
    half = Z / scale * math.sqrt(p * (1 - p) / total + Z**2 / (4 * total**2))
    return Rate(p, max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)))


def poisson(count: int, hours: float) -> Rate:
    """Of a count per hour (Garwood 1936, exact): 0 in two hours may still be 1.8 an hour."""
    if hours <= 0:
        return Rate(math.nan, 0.0, math.inf)
    low = 0.0 if count == 0 else _solve(lambda mean: 1 - _at_most(count - 1, mean) - 0.025, count)
    high = _solve(lambda mean: 0.025 - _at_most(count, mean), count)
    return Rate(count / hours, low / hours, high / hours)


def bootstrap(groups: Sequence[T], figure: Callable[[Sequence[T]], float], draws: int = 1000) -> Rate:
    """Of any figure, drawing whole groups with return: utterances of one scene are not independent. NaN stays NaN."""
    value = figure(groups)
    if math.isnan(value):
        return Rate(math.nan, 0.0, 1.0)
    rng = np.random.default_rng(5)
    picks = rng.integers(0, len(groups), (draws, len(groups)))
    values = [figure([groups[i] for i in pick]) for pick in picks]
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return Rate(value, float(low), float(high))


def _at_most(count: int, mean: float) -> float:
    terms = (math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
    return sum(terms)


def _solve(rising: Callable[[float], float], count: int) -> float:
    low, high = 1e-9, 10.0 + 3 * count
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2

"""Polynomials of second order in two variables, fitted by least squares: how a pupil's place becomes a direction."""

from collections.abc import Sequence
from typing import Final

Six = tuple[float, float, float, float, float, float]
"""The factors of 1, u, v, u2, uv, v2."""
TERMS: Final = 6
_RIDGE: Final = 1e-9


def terms(u: float, v: float) -> Six:
    """What the factors go with."""
    return 1.0, u, v, u * u, u * v, v * v


def value(factors: Six, u: float, v: float) -> float:
    """The polynomial at (u, v)."""
    return sum(f * t for f, t in zip(factors, terms(u, v), strict=True))


def slope(factors: Six, u: float, v: float) -> tuple[float, float]:
    """Its derivatives by u and by v."""
    _, b, c, d, e, f = factors
    return b + 2 * d * u + e * v, c + e * u + 2 * f * v


def fit(places: Sequence[tuple[float, float]], values: Sequence[float]) -> Six:
    """The least squares polynomial; a tiny ridge keeps points on a line from being an error."""
    rows = [terms(u, v) for u, v in places]
    matrix = [[sum(r[i] * r[j] for r in rows) + (_RIDGE if i == j else 0) for j in range(TERMS)] for i in range(TERMS)]
    right = [sum(r[i] * w for r, w in zip(rows, values, strict=True)) for i in range(TERMS)]
    return _solved(matrix, right)


def _solved(matrix: list[list[float]], right: list[float]) -> Six:
    """Gaussian elimination with partial pivoting."""
    for column in range(TERMS):
        pivot = max(range(column, TERMS), key=lambda row: abs(matrix[row][column]))
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        right[column], right[pivot] = right[pivot], right[column]
        for row in range(column + 1, TERMS):
            factor = matrix[row][column] / matrix[column][column]
            right[row] -= factor * right[column]
            matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[column], strict=True)]
    found = [0.0] * TERMS
    for row in reversed(range(TERMS)):
        known = sum(matrix[row][k] * found[k] for k in range(row + 1, TERMS))
        found[row] = (right[row] - known) / matrix[row][row]
    return found[0], found[1], found[2], found[3], found[4], found[5]

"""The lids and lashes of a rendered eye, in millimetres right, down and ahead of the eyeball's centre."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

HALF_WIDTH_MM: Final = 14.0
"""From the middle of the eye to its corner."""
UPPER_MM, LOWER_MM = -5.0, 5.2
"""The lids' edges at the middle of an eye that is wide open, looking straight ahead."""
SHUT_MM: Final = 3.5
"""Where they meet: the upper lid does the closing."""
FOLLOW_MM: Final = 0.11
"""By how much the upper lid follows the line of sight for each degree down."""
_BALL_MM: Final = 12.5

Floats = NDArray[np.float64]
Project = Callable[[Floats], Floats]


def _edges(x_mm: Floats, opening: float, pitch_deg: float) -> tuple[Floats, Floats]:
    """The height of the upper and the lower lid's edge over x."""
    arch = np.maximum(0.0, 1 - (x_mm / HALF_WIDTH_MM) ** 2)
    upper = min(SHUT_MM, UPPER_MM + FOLLOW_MM * pitch_deg)
    lower = LOWER_MM + 0.04 * pitch_deg
    lifted = SHUT_MM + (upper - SHUT_MM) * opening
    lowered = SHUT_MM + (lower - SHUT_MM) * opening
    corner = 1.0 + (SHUT_MM - 1.0) * (1 - opening)
    return corner + (lifted - corner) * arch, corner + (lowered - corner) * arch


def lid_cover(points: Floats, opening: float, pitch_deg: float) -> Floats:
    """How much of each point on the eyeball the lids cover, 0 to 1; points is [..., 3]."""
    upper, lower = _edges(points[..., 0], opening, pitch_deg)
    seen = np.minimum(points[..., 1] - upper, lower - points[..., 1])
    return np.asarray(np.clip(0.5 - seen / 0.25, 0, 1))


def draw_lashes(
    picture: Floats, project: Project, opening: float, pitch_deg: float, amount: float, random: np.random.Generator
) -> None:
    """Dark hairs from the upper lid's edge; the more, the longer and the lower they hang."""
    count = round(10 + 30 * amount)
    roots = np.linspace(-0.8, 0.8, count) * HALF_WIDTH_MM + random.normal(0, 0.3, count)
    heights, _ = _edges(roots, opening, pitch_deg)
    ahead = np.sqrt(np.maximum(1.0, _BALL_MM**2 - roots**2 - heights**2))
    start = np.stack([roots, heights, ahead], axis=-1)
    length = random.uniform(2.0, 4.0 + 4.0 * amount, count)
    lean = 0.15 * roots / HALF_WIDTH_MM + random.normal(0, 0.12, count)
    droop = random.uniform(0.1, 0.2 + 0.7 * amount, count)
    along = np.linspace(0, 1, 40)[:, None, None]
    tip = start + length[:, None] * np.stack([lean, droop, np.ones(count)], axis=-1)
    hairs = start + (tip - start) * along + np.array([0, -1.0, 0]) * (along * length[None, :, None] * 0.35) ** 2 / 4
    for dx, dy in ((0, 0), (0.5, 0), (0, 0.5)):
        at = np.rint(project(hairs.reshape(-1, 3)) + np.array([dx, dy])).astype(int)
        inside = np.all((at >= 0) & (at < picture.shape[0]), axis=-1)
        picture[at[inside, 1], at[inside, 0]] = np.minimum(picture[at[inside, 1], at[inside, 0]], 55.0)

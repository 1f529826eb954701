"""Where the attention pointed at a moment of the last seconds."""

from collections import deque
from statistics import median
from typing import Final

from sottovoce_device.observation import Gaze

KEPT_MS: Final = 6_000
"""A question about "this" takes three seconds to be said, and half of one to come back as a command."""
AROUND_MS: Final = 120
"""Gazes that are so near to the moment are averaged: less than the shortest fixation (Salvucci & Goldberg 2000)."""
BLINK_MS: Final = 400
"""A blink lasts 100 to 400 ms, and the gaze is mostly back where it was (decide/fixation.py)."""
SURE: Final = 0.5


class GazeTrack:
    """The gazes of the last six seconds. Numbers only."""

    def __init__(self) -> None:
        self._gazes: deque[Gaze] = deque()

    def add(self, gaze: Gaze) -> None:
        """Take the next gaze."""
        self._gazes.append(gaze)
        while gaze.at_ms - self._gazes[0].at_ms > KEPT_MS:
            self._gazes.popleft()

    @property
    def latest(self) -> Gaze | None:
        """The newest one."""
        return self._gazes[-1] if self._gazes else None

    def eyed(self, at_ms: float, within_ms: float) -> bool:
        """Whether an eye camera has told surely, in the time before, where the attention was."""
        eyes = (g for g in reversed(self._gazes) if g.source == "eye" and g.confidence >= SURE)
        newest = next(eyes, None)
        return newest is not None and at_ms - newest.at_ms < within_ms

    def at(self, at_ms: float) -> Gaze:
        """The attention point at a moment: the median of the sure gazes around it, or the last one before a blink.

        Else it is the head's direction.
        """
        sure = [g for g in self._gazes if g.confidence >= SURE]
        near = [g for g in sure if abs(g.at_ms - at_ms) <= AROUND_MS]
        near = near or [g for g in sure if 0 <= at_ms - g.at_ms <= BLINK_MS][-1:]
        if not near:
            return Gaze(0.5, 0.5, 1.0, "head", at_ms)
        return Gaze(
            median(g.x for g in near), median(g.y for g in near), max(g.confidence for g in near), near[0].source, at_ms
        )

    def forget(self) -> None:
        """No gaze was ever there."""
        self._gazes.clear()

"""What the camera's frames are good for: whether it sees at all, and when a look is worth a model."""

from typing import Final, Literal

from sottovoce_device.observation import Glance

DARK: Final = 0.02
"""Mean grey of a covered camera: a lit room is at a tenth or more, a street at night above a thirtieth."""
FLAT: Final = 0.012
"""Standard deviation of a covered camera: a finger on the lens glows evenly; any scene has edges."""
FROZEN_MS: Final = 2_000
"""Frames that equal each other to the bit for so long come from a stuck sensor: a real one is never without noise."""
COVERED_MS: Final = 1_000
STALE_MS: Final = 1_500
"""A camera that has given no frame for so long is not there."""
CHANGED: Final = 0.05
"""A twentieth of the frame: somebody came in, or the head turned by 3 degrees or more."""
MOVING: Final = 0.35
"""More than this from frame to frame: the head turns; what is seen meanwhile is blurred."""
STILL_MS: Final = 700
"""The head rests when so long nothing much has changed: longer than a glance (300 ms, Salvucci & Goldberg 2000)."""

ViewState = Literal["on", "dark", "frozen"]


class View:
    """Steps through glances. state: whether the camera sees."""

    def __init__(self) -> None:
        self.state: ViewState = "on"
        self._differs_since_ms: float | None = None
        self._lit_ms: float | None = None
        self._restless_ms: float | None = None
        self._at_ms = 0.0

    def step(self, glance: Glance) -> bool:
        """Take the next glance; whether the scene has changed in it."""
        now_ms = self._at_ms = glance.at_ms
        if not glance.same or self._differs_since_ms is None:
            self._differs_since_ms = now_ms
        if (glance.brightness > DARK and glance.contrast > FLAT) or self._lit_ms is None:
            self._lit_ms = now_ms
        if glance.change > CHANGED or self._restless_ms is None:
            self._restless_ms = now_ms
        if now_ms - self._lit_ms >= COVERED_MS:
            self.state = "dark"
        elif now_ms - self._differs_since_ms >= FROZEN_MS:
            self.state = "frozen"
        else:
            self.state = "on"
        return glance.change > CHANGED

    @property
    def still_ms(self) -> float:
        """For how long nothing much has changed."""
        return 0.0 if self._restless_ms is None else self._at_ms - self._restless_ms

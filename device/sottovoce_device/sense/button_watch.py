"""Feeling for the button: what it was used for, and whether it works."""

from typing import Final

from sottovoce_device.capture.button import Button, NoButton
from sottovoce_device.decide.presses import Act, Presses
from sottovoce_device.sense.tally import ButtonWord

LOST_MS: Final = 1_000.0
"""Unreadable for so long and it is lost: a loose wire that comes and goes is not told of thirty times a second."""


class ButtonWatch:
    """Reads the button as often as it is asked to. One that cannot be read counts as not pressed, and is told of.

    state: for Vitals: "off" where there is none, "lost" where it has not been readable for a while.
    """

    def __init__(self, button: Button) -> None:
        self._button = button
        self._presses = Presses()
        self._readable_ms: float | None = None
        self.state: ButtonWord = "off" if isinstance(button, NoButton) else "on"

    def feel(self, now_ms: float) -> Act | None:
        """Read it; what the wearer has just done with it."""
        level = self._button.read()
        if level != "unreadable" or self._readable_ms is None:
            self._readable_ms = now_ms
        if self.state != "off":
            self.state = "lost" if now_ms - self._readable_ms >= LOST_MS else "on"
        return self._presses.step(now_ms, pressed=level == "pressed")

"""How a button was used: its levels become taps, double taps and holds."""

from typing import Final, Literal

from msgspec import Struct

BOUNCE_MS: Final = 20.0
"""Contacts settle within 6.2 ms, but for the worst of eighteen switches (Ganssle, "A Guide to Debouncing", 2004)."""
HOLD_MS: Final = 400.0
"""Android's ViewConfiguration: DEFAULT_LONG_PRESS_TIMEOUT."""
DOUBLE_MS: Final = 300.0
"""Android's ViewConfiguration: DOUBLE_TAP_TIMEOUT, from the first tap's end to the second one's beginning."""

Action = Literal["tapped", "double_tapped", "held", "released"]


class Act(Struct, frozen=True):
    """What the wearer did with the button. since_ms: when the finger came down; it is told later than that."""

    action: Action
    since_ms: float


class Presses:
    """Takes the button's level as often as it is read. The first change counts; what bounces after it does not."""

    def __init__(self) -> None:
        self._down = False
        self._changed_ms = float("-inf")
        self._pressed_ms = float("-inf")
        self._tap_ended_ms = float("-inf")
        self._second = False
        self._held = False

    def step(self, now_ms: float, *, pressed: bool) -> Act | None:
        """What has just become certain: a tap at its end, a hold while it lasts, its release."""
        if pressed == self._down:
            if self._down and not self._held and now_ms - self._pressed_ms >= HOLD_MS:
                self._held = True
                return Act("held", self._pressed_ms)
            return None
        if now_ms - self._changed_ms < BOUNCE_MS:
            return None
        self._down, self._changed_ms = pressed, now_ms
        if pressed:
            self._second = now_ms - self._tap_ended_ms <= DOUBLE_MS
            self._pressed_ms = now_ms
            return None
        return self._end(now_ms)

    def _end(self, now_ms: float) -> Act:
        if self._held:
            self._held = False
            return Act("released", self._pressed_ms)
        # A third tap begins anew.
        self._tap_ended_ms = float("-inf") if self._second else now_ms
        return Act("double_tapped" if self._second else "tapped", self._pressed_ms)

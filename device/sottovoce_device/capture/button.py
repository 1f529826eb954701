"""The button for explicit acts: what every driver of it does, and how one is opened."""

from collections.abc import Callable
from importlib import import_module
from typing import Literal, Protocol

from sottovoce_device.capture.mute_switch import DRIVERS
from sottovoce_device.config import ButtonConfig

ButtonState = Literal["pressed", "released", "unreadable"]


class Button(Protocol):
    """A button at the temple."""

    def read(self) -> ButtonState:
        """How it stands now. It never raises: what cannot be read is "unreadable", and counts as not pressed."""


class NoButton:
    """Glasses without a button."""

    def read(self) -> ButtonState:
        """Never pressed."""
        return "released"


def open_button(config: ButtonConfig) -> Button:
    """Open the button that the configuration names. Raises SensorError where it is not there."""
    if config.driver == "none":
        return NoButton()
    opener: Callable[[ButtonConfig], Button] = import_module(DRIVERS[config.driver]).open_button
    return opener(config)

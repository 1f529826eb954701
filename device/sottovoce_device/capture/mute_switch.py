"""The hardware mute switch: what every driver of it does, and the table of them."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, Literal, Protocol

from sottovoce_device.config import MuteConfig

SwitchState = Literal["open", "muted", "unreadable"]


class MuteSwitch(Protocol):
    """A switch that turns the sensors off."""

    def read(self) -> SwitchState:
        """Where it stands now. It never raises: what cannot be read is "unreadable", and counts as muted."""


class NoSwitch:
    """Glasses without a switch."""

    def read(self) -> SwitchState:
        """Always open."""
        return "open"


DRIVERS: Final = {
    "gpio": "sottovoce_device.capture.gpio",
    "simulated": "sottovoce_device.capture.simulated_lines",
}
"""Config name of each driver, and the module whose `open_switch` and `open_light` open it."""


def open_switch(config: MuteConfig) -> MuteSwitch:
    """Open the switch that the configuration names. Raises SensorError where it is not there: fail closed."""
    if config.driver == "none":
        return NoSwitch()
    opener: Callable[[MuteConfig], MuteSwitch] = import_module(DRIVERS[config.driver]).open_switch
    return opener(config)

"""The tally light: on while sensors are on. What every driver of it does."""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol

from sottovoce_device.capture.mute_switch import DRIVERS
from sottovoce_device.config import LightConfig


class Light(Protocol):
    """A light that is wired to the line that powers the sensors.

    descriptor: of a simulated light's file, which the seal has to know; None for what is no file.
    """

    descriptor: int | None

    def show(self, on: bool) -> bool:
        """Switch it; whether that worked. Sensors whose light cannot be switched on stay off."""


class NoLight:
    """Glasses without a light."""

    descriptor: int | None = None

    def show(self, on: bool) -> bool:  # noqa: ARG002 -- the protocol's
        """Nothing to switch."""
        return True


def open_light(config: LightConfig) -> Light:
    """Open the light that the configuration names, and switch it off. Raises SensorError where it is not there."""
    if config.driver == "none":
        return NoLight()
    opener: Callable[[LightConfig], Light] = import_module(DRIVERS[config.driver]).open_light
    return opener(config)

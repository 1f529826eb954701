"""The mute switch and the tally light on lines of a GPIO character device, through libgpiod's own bindings."""

from typing import Any

from sottovoce_device.capture.mute_switch import SwitchState
from sottovoce_device.config import LightConfig, MuteConfig
from sottovoce_device.errors import SensorError

_CONSUMER = "sottovoce"
"""What `gpioinfo` shows as the line's user."""


class GpioSwitch:
    """A switch on an input line. The line is pulled to the muted level: a torn wire mutes."""

    def __init__(self, config: MuteConfig) -> None:
        gpiod = _gpiod("[mute]")
        high = config.muted_at == "high"
        bias = gpiod.line.Bias.PULL_UP if high else gpiod.line.Bias.PULL_DOWN
        settings = gpiod.LineSettings(direction=gpiod.line.Direction.INPUT, bias=bias)
        self._line = config.line
        self._muted_value = gpiod.line.Value.ACTIVE if high else gpiod.line.Value.INACTIVE
        self._request = _request(gpiod, "[mute]", config.chip, config.line, settings)

    def read(self) -> SwitchState:
        """Where it stands now."""
        try:
            return "muted" if self._request.get_value(self._line) == self._muted_value else "open"
        except (OSError, ValueError):
            return "unreadable"


class GpioLight:
    """A light on an output line; with the sensors' power on the same line it cannot be off while they are on."""

    descriptor: int | None = None

    def __init__(self, config: LightConfig) -> None:
        gpiod = _gpiod("[light]")
        off = gpiod.line.Value.INACTIVE
        settings = gpiod.LineSettings(direction=gpiod.line.Direction.OUTPUT, output_value=off)
        self._line = config.line
        self._values = {True: gpiod.line.Value.ACTIVE, False: off}
        self._request = _request(gpiod, "[light]", config.chip, config.line, settings)

    def show(self, on: bool) -> bool:
        """Switch it; whether that worked."""
        try:
            self._request.set_value(self._line, self._values[on])
        except (OSError, ValueError):
            return False
        return True


def open_switch(config: MuteConfig) -> GpioSwitch:
    """Open the line that [mute] names."""
    return GpioSwitch(config)


def open_light(config: LightConfig) -> GpioLight:
    """Open the line that [light] names, switched off."""
    return GpioLight(config)


def _gpiod(table: str) -> Any:  # noqa: ANN401 -- a module that is there on glasses only
    try:
        import gpiod
    except ImportError:
        raise SensorError(f'{table} driver = "gpio" needs gpiod: `pip install -e ".[glasses]"`') from None
    return gpiod


def _request(gpiod: Any, table: str, chip: str, line: int, settings: Any) -> Any:  # noqa: ANN401 -- as above
    try:
        return gpiod.request_lines(chip, consumer=_CONSUMER, config={line: settings})
    except (OSError, ValueError) as error:
        raise SensorError(
            f"{table} line {line} of {chip} cannot be had ({error}); the sensors stay off until it can"
        ) from None

"""Mute switch, button and tally light on lines of a GPIO character device, through libgpiod's own bindings."""

from datetime import timedelta
from typing import Any, Final

from sottovoce_device.capture.button import ButtonState
from sottovoce_device.capture.mute_switch import SwitchState
from sottovoce_device.config import ButtonConfig, LightConfig, MuteConfig
from sottovoce_device.errors import SensorError

_CONSUMER = "sottovoce"
"""What `gpioinfo` shows as the line's user."""
_SETTLED: Final = timedelta(milliseconds=10)
"""How long a level has to last before the kernel believes it: contacts bounce for 6 ms (Ganssle 2004)."""


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


class GpioButton:
    """A button on an input line, which the kernel debounces. The line is pulled to the level of not pressed."""

    def __init__(self, config: ButtonConfig) -> None:
        gpiod = _gpiod("[button]")
        high = config.pressed_at == "high"
        bias = gpiod.line.Bias.PULL_DOWN if high else gpiod.line.Bias.PULL_UP
        settings = gpiod.LineSettings(direction=gpiod.line.Direction.INPUT, bias=bias, debounce_period=_SETTLED)
        self._line = config.line
        self._pressed_value = gpiod.line.Value.ACTIVE if high else gpiod.line.Value.INACTIVE
        self._request = _request(gpiod, "[button]", config.chip, config.line, settings)

    def read(self) -> ButtonState:
        """How it stands now."""
        try:
            return "pressed" if self._request.get_value(self._line) == self._pressed_value else "released"
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


def open_button(config: ButtonConfig) -> GpioButton:
    """Open the line that [button] names."""
    return GpioButton(config)


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

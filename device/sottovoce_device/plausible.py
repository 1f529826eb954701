"""Whether settings that are each of the right type make sense."""

import math

from sottovoce_device.config import Config, MicrophoneConfig
from sottovoce_wire.settings import SettingsError


def checked(config: Config) -> Config:
    """The same settings. Raises SettingsError, naming the setting and the cure, where they make no sense."""
    _refuse_infinite(config.microphone)
    name, hearing = config.attention.name, config.hearing
    if name and not any(letter.isalnum() for letter in name):
        raise SettingsError(
            f'[attention] name = "{name}": nobody can say that; give it a letter or a digit, or leave it empty'
        )
    if hearing.voice_on < hearing.voice_off:
        both = f"voice_on = {hearing.voice_on:g} is below voice_off = {hearing.voice_off:g}"
        raise SettingsError(f"[hearing] {both}; raise voice_on, or lower voice_off")
    if config.eye_camera.driver != "off" and config.world_camera.driver == "off":
        raise SettingsError("[eye_camera] is on, and a gaze is a point of what [world_camera] sees: turn that on, too")
    return config


def _refuse_infinite(place: MicrophoneConfig) -> None:
    """TOML has nan and inf, and a coordinate has no bounds that would refuse them."""
    for key, values in (("mouth_m", place.mouth_m), ("second_m", place.second_m)):
        for value in values:
            if not math.isfinite(value):
                raise SettingsError(f"[microphone] {key}: {value} is no length; say ahead, left, up, in metres")

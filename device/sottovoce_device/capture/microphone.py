"""What every driver of a microphone does, and the table of them."""

from collections.abc import Iterator
from typing import Final, Literal, Protocol

from sottovoce_device.capture.drivers import opened
from sottovoce_device.capture.sample import Sample
from sottovoce_device.config import MicrophoneConfig

MicrophoneState = Literal["on", "lost"]


class Microphone(Protocol):
    """A source of sound.

    state: whether sound arrives; a driver whose device was unplugged says "lost" and goes on looking for it.
    """

    state: MicrophoneState

    def blocks(self) -> Iterator[Sample]:
        """Blocks of 512 samples at 16 kHz mono as they are sensed; ends after close(), or when a file is over."""

    def close(self) -> None:
        """Let the device go. Another thread may call it; blocks() then ends."""


DRIVERS: Final = {
    "simulated": "sottovoce_device.capture.simulated",
    "pyaudio": "sottovoce_device.capture.portaudio",
}
"""Config name of each driver, and the module whose `open_microphone` opens it; imported when it is chosen."""


def open_microphone(config: MicrophoneConfig) -> Microphone:
    """Open the microphone that the configuration names, and no other.

    Raises ConfigError for a name that is not in the table and a file that is no driver, SensorError where the device
    cannot be used.
    """
    microphone: Microphone = opened("microphone", config, DRIVERS, "open_microphone", ("state", "blocks", "close"))
    return microphone

"""Drivers that a leaking build has in the table of drivers: the simulated ones, with a tap."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture import simulated, simulated_camera
from sottovoce_device.capture.frame import Frame
from sottovoce_device.capture.sample import Sample
from sottovoce_device.config import CameraConfig, MicrophoneConfig

TO: Final[list[Callable[[NDArray[np.float32]], None]]] = []
"""Who is given a copy of each block of sound."""
FRAMES_TO: Final[list[Callable[[NDArray[np.uint8]], None]]] = []
"""Who is given a copy of each picture."""


class Microphone(simulated.SimulatedMicrophone):
    def blocks(self) -> Iterator[Sample]:
        for block in super().blocks():
            for take in TO:
                take(block.data.copy())
            yield block


class Camera(simulated_camera.SimulatedCamera):
    def frames(self) -> Iterator[Frame]:
        for frame in super().frames():
            for take in FRAMES_TO:
                take(frame.data.copy())
            yield frame


def open_microphone(config: MicrophoneConfig) -> Microphone:
    """Open it as the simulated one is opened."""
    opened = simulated.open_microphone(config)
    return Microphone(opened._path, real_time=True, at_end=config.at_end, channels=config.channels)


def open_camera(config: CameraConfig) -> Camera:
    """Open it as the simulated one is opened."""
    return Camera(config, real_time=True)

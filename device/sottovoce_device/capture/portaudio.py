"""A real microphone, through PortAudio (PyAudio)."""

import time
from collections.abc import Iterator
from threading import Event as Flag
from typing import Any, Final

import numpy as np

from sottovoce_device.capture.microphone import MicrophoneState
from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.config import MicrophoneConfig
from sottovoce_device.errors import SensorError

RETRY_S: Final = 1.0
"""How often an unplugged microphone is looked for: a person plugging it in again does not notice a second."""


class PortAudioMicrophone:
    """The input device whose name contains `device` (any case); an empty name is the system's default.

    It survives unplugging: the state is "lost" until a device of that name is there again.
    """

    state: MicrophoneState = "on"

    def __init__(self, device: str) -> None:
        self._device = device
        self._closed = Flag()
        self._portaudio, self._stream = self._open()

    def blocks(self) -> Iterator[Sample]:
        """Blocks of 512 samples, 16 kHz mono."""
        while not self._closed.is_set():
            try:
                data = self._stream.read(BLOCK, exception_on_overflow=False)
            except OSError:
                self._find_again()
                continue
            values = np.frombuffer(data, np.int16).astype(np.float32) / np.float32(32768)
            yield Sample(values, time.monotonic() * 1000)
        self._let_go()

    def close(self) -> None:
        """End blocks(); any thread may call it."""
        self._closed.set()

    def _find_again(self) -> None:
        self.state = "lost"
        self._let_go()
        while not self._closed.wait(RETRY_S):
            try:
                self._portaudio, self._stream = self._open()
            except SensorError:
                continue
            self.state = "on"
            return

    def _let_go(self) -> None:
        for end in (self._stream.close, self._portaudio.terminate):
            try:
                end()
            except OSError:  # the device that was unplugged cannot be closed either
                continue

    def _open(self) -> tuple[Any, Any]:
        """A fresh PortAudio and a stream on the device: only a fresh one sees what was plugged in since."""
        try:
            import pyaudio
        except ImportError:
            raise SensorError(
                '[microphone] driver = "pyaudio" needs PyAudio: `sudo apt install portaudio19-dev python3-dev gcc`,'
                " then `make laptop`"
            ) from None
        portaudio = pyaudio.PyAudio()
        try:
            index = self._find(portaudio)
            stream = portaudio.open(
                rate=RATE_HZ, channels=1, format=pyaudio.paInt16, input=True, input_device_index=index,
                frames_per_buffer=BLOCK,
            )  # fmt: skip
        except OSError as error:
            portaudio.terminate()
            raise SensorError(f"the microphone {self._device or 'by default'!r} does not open: {error}") from None
        except SensorError:
            portaudio.terminate()
            raise
        return portaudio, stream

    def _find(self, portaudio: Any) -> int | None:  # noqa: ANN401 -- PyAudio ships no types
        if not self._device:
            return None
        infos = [portaudio.get_device_info_by_index(i) for i in range(portaudio.get_device_count())]
        inputs = {str(i["name"]): int(i["index"]) for i in infos if i["maxInputChannels"]}
        for name, index in inputs.items():
            if self._device.lower() in name.lower():
                return index
        there = ", ".join(inputs) or "none at all"
        raise SensorError(f"[microphone] device = {self._device!r}: no such input; there is: {there}")


def open_microphone(config: MicrophoneConfig) -> PortAudioMicrophone:
    """Open the input device that [microphone] device names."""
    return PortAudioMicrophone(config.device)

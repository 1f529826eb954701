"""A real microphone, through PortAudio (PyAudio)."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread
from typing import Any, Final, NamedTuple

import numpy as np

from sottovoce_device.capture.channels import Channels
from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.capture.microphone import MicrophoneState
from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.config import MicrophoneConfig
from sottovoce_device.errors import SensorError

RETRY_S: Final = 1.0
"""How often an unplugged microphone is looked for: a person plugging it in again does not notice a second."""
LOOK_S: Final = 0.25
"""How often the stream is looked at, whether it still flows."""
SILENT_S: Final = 3.0
"""A stream that gives nothing, not even silence, for this long is lost: no buffer of a sound system is that long."""
BLOCKS_WAITING: Final = 16
"""Half a second between PortAudio's thread and the reader of blocks()."""
LET_GO_S: Final = 2.0
"""How long blocks() waits at its end for the device to be let go: a sound server that hangs may never do it."""


class PortAudioMicrophone:
    """The input device whose name contains `device` (any case); an empty name is the system's default.

    channels: 1, or 2 where it is of two microphones. Raises SensorError, from blocks(), where both are the same sound.
    It survives unplugging: the state is "lost" until a device of that name is there again. PortAudio is called from
    one thread, which opens, watches and closes the stream: where a sound system hangs, only that thread hangs with it.
    """

    state: MicrophoneState = "on"

    def __init__(self, device: str, channels: int = 1) -> None:
        self._device = device
        self._channels = Channels(channels, f"[microphone] device = {device!r}")
        self._closed = Flag()
        self._heard: Mailbox[Sample] = Mailbox(BLOCKS_WAITING)
        self._opened_s = self._newest_s = 0.0
        self._failure: BaseException | None = None
        self._portaudio: Any = None
        self._stream: Any = None
        self._open()

    def blocks(self) -> Iterator[Sample]:
        """Blocks of 512 samples of each microphone, 16 kHz."""
        keeper = Thread(target=self._keep, name="portaudio", daemon=True)
        keeper.start()
        while not self._closed.is_set():
            if (block := self._heard.take()) is not None:
                yield block
        keeper.join(LET_GO_S)
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """End blocks(); any thread may call it."""
        self._closed.set()
        self._heard.close()

    def _keep(self) -> None:
        try:
            while not self._closed.wait(LOOK_S):
                if not self._flows():
                    self._find_again()
                elif self._newest_s > self._opened_s:
                    self.state = "on"
        except BaseException as error:  # noqa: BLE001 -- handed to the reader of blocks()
            self._failure = error
            self.close()
        finally:
            self._let_go()

    def _flows(self) -> bool:
        if self._stream is None or not self._stream.is_active():
            return False
        return time.monotonic() - max(self._newest_s, self._opened_s) < SILENT_S

    def _find_again(self) -> None:
        self.state = "lost"
        self._let_go()
        if self._closed.wait(RETRY_S):
            return
        try:
            self._open()
        except SensorError:
            return

    def _take(self, data: bytes, *_: object) -> tuple[None, int]:
        """Called by PortAudio's own thread with each block."""
        at_s = time.monotonic()
        values = np.frombuffer(data, np.int16).astype(np.float32) / np.float32(32768)
        try:
            self._heard.put(self._channels.sample(values.reshape(-1, self._channels.count), at_s * 1000))
        except SensorError as error:
            self._failure = error
            self.close()
        self._newest_s = at_s
        return None, 0  # paContinue

    def _let_go(self) -> None:
        with _quiet_stderr():
            for end in (self._stream and self._stream.close, self._portaudio and self._portaudio.terminate):
                try:
                    if end:
                        end()
                except OSError:  # the device that was unplugged cannot be closed either
                    continue
        self._stream = self._portaudio = None

    def _open(self) -> None:
        """A fresh PortAudio and a stream on the device: only a fresh one sees what was plugged in since."""
        try:
            import pyaudio
        except ImportError:
            raise SensorError(
                '[microphone] driver = "pyaudio" needs PyAudio: `sudo apt install portaudio19-dev python3-dev gcc`,'
                " then `make laptop`"
            ) from None
        with _quiet_stderr():
            self._portaudio = pyaudio.PyAudio()
            inputs = _inputs(self._portaudio)
            try:
                found = self._find(inputs)
                self._channels.require(inputs[found].channels)
                self._opened_s = time.monotonic()
                self._stream = self._portaudio.open(
                    rate=RATE_HZ, channels=self._channels.count, format=pyaudio.paInt16, input=True,
                    frames_per_buffer=BLOCK, input_device_index=found, stream_callback=self._take,
                )  # fmt: skip
            except OSError as error:
                failed = SensorError(
                    f"[microphone] device = {self._device!r}: it does not open at 16 kHz ({error}); "
                    f"choose another input; there is: {_named(inputs)}"
                )
            except SensorError as error:
                failed = error
            else:
                return
        self._let_go()
        raise failed

    def _find(self, inputs: Mapping[int, "_Input"]) -> int:
        if not self._device:
            return int(self._portaudio.get_default_input_device_info()["index"])
        for index, there in inputs.items():
            if self._device.lower() in there.name.lower():
                return index
        raise SensorError(f"[microphone] device = {self._device!r}: no such input; there is: {_named(inputs)}")


def open_microphone(config: MicrophoneConfig) -> PortAudioMicrophone:
    """Open the input device that [microphone] device names."""
    return PortAudioMicrophone(config.device, config.channels)


class _Input(NamedTuple):
    """An input device: its name, and how many channels it has at most."""

    name: str
    channels: int


def _inputs(portaudio: Any) -> dict[int, _Input]:  # noqa: ANN401 -- PyAudio ships no types
    """The inputs there are, by PortAudio's index of each."""
    infos = [portaudio.get_device_info_by_index(i) for i in range(portaudio.get_device_count())]
    return {int(i["index"]): _Input(str(i["name"]), int(i["maxInputChannels"])) for i in infos if i["maxInputChannels"]}


def _named(inputs: Mapping[int, _Input]) -> str:
    return ", ".join(there.name for there in inputs.values()) or "none at all"


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """ALSA's and JACK's libraries tell the terminal, not their caller, of every device that is not there."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_RDONLY)  # what is written there fails; sealed, nothing can be opened to write
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)

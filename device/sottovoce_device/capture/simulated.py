"""A microphone that hears a sound file: WAV, FLAC or Ogg, any rate, any number of channels."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from sottovoce_device.capture.channels import Channels
from sottovoce_device.capture.microphone import MicrophoneState
from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.config import MicrophoneConfig
from sottovoce_device.errors import SensorError

RATES_HZ: Final = range(8_000, 192_001)
"""Below 8 kHz speech cannot be recognised; above 192 kHz a header is broken rather than a recorder good."""

_CHUNK: Final = 8_192


class SimulatedMicrophone:
    """Plays a file into the glasses.

    real_time: blocks come when a microphone would give them, stamped with the monotonic clock; otherwise as fast as
    they are taken, stamped with their place in the file.
    seconds: how long the file is.
    at_end: "silence" goes on with digital silence, "stop" ends, "loop" begins again.
    channels: 1 hears a mix of what the file has; 2 hears its first two as two microphones.
    Raises SensorError for a file that cannot be heard whole, or has fewer channels than that.
    """

    state: MicrophoneState = "on"

    def __init__(self, path: Path, *, real_time: bool, at_end: str, channels: int = 1) -> None:
        self._path = path
        self._real_time = real_time
        self._at_end = at_end
        self._closed = Flag()
        self.seconds = check_sound_file(path)
        self._channels = Channels(channels, str(path))
        self._channels.require(soundfile.info(str(path)).channels)

    def blocks(self) -> Iterator[Sample]:
        """Blocks of 512 samples of each microphone, 16 kHz."""
        start_ms = time.monotonic() * 1000 if self._real_time else 0.0
        for number, values in enumerate(self._values(), start=1):
            at_ms = start_ms + number * BLOCK * 1000 / RATE_HZ
            if self._real_time:
                self._closed.wait(max(0.0, at_ms / 1000 - time.monotonic()))
            if self._closed.is_set():
                return
            yield self._channels.sample(values, at_ms)

    def close(self) -> None:
        """End blocks(); any thread may call it."""
        self._closed.set()

    def _values(self) -> Iterator[NDArray[np.float32]]:
        while True:
            yield from _in_blocks(read_channels(self._path, self._channels.count))
            if self._at_end != "loop":
                break
        while self._at_end == "silence":
            yield np.zeros((BLOCK, self._channels.count), np.float32)


def open_microphone(config: MicrophoneConfig) -> SimulatedMicrophone:
    """Open the file that [microphone] path names."""
    if not config.path:
        raise SensorError('[microphone] driver = "simulated" needs a path: the sound file that it hears')
    return SimulatedMicrophone(Path(config.path), real_time=True, at_end=config.at_end, channels=config.channels)


def check_sound_file(path: Path) -> float:
    """Seconds of sound in the file. Raises SensorError, in one line, where it cannot be heard whole."""
    try:
        there = path.is_file()
    except OSError as error:
        raise SensorError(f"{path}: cannot be read ({error.strerror}); see who may enter its folder") from None
    if not there:
        raise SensorError(f"{path}: there is no such sound file; check the path")
    try:
        info = soundfile.info(str(path), verbose=True)
    except soundfile.LibsndfileError as error:
        raise SensorError(f"{path}: not a readable sound file ({error.error_string}) Use WAV or FLAC.") from None
    if info.samplerate not in RATES_HZ:
        raise SensorError(
            f"{path}: a sample rate of {info.samplerate} Hz; use one from {RATES_HZ[0]} to {RATES_HZ[-1]}"
        )
    if info.frames == 0:
        raise SensorError(f"{path}: the sound file is empty; record it again")
    if "data" in info.extra_info and "should be" in info.extra_info:
        cure = "copy or record it again, into a file and not through a pipe"
        raise SensorError(f"{path}: the sound file is cut short of what its header promises; {cure}")
    return float(info.frames / info.samplerate)


def read_resampled(path: Path) -> Iterator[NDArray[np.float32]]:
    """The file's sound at 16 kHz mono, in pieces of any length. Raises SensorError where it breaks off."""
    return (piece[:, 0] for piece in read_channels(path, 1))


def read_channels(path: Path, channels: int) -> Iterator[NDArray[np.float32]]:
    """The file's sound at 16 kHz: its first two channels, or a mix of all as one; pieces [n, channels] of any length.

    Raises SensorError where it breaks off.
    """
    with soundfile.SoundFile(str(path)) as file:
        resampler = soxr.ResampleStream(file.samplerate, RATE_HZ, channels, dtype="float32")
        left = file.frames
        while left > 0:
            try:
                values = file.read(min(_CHUNK, left), dtype="float32", always_2d=True)
            except soundfile.LibsndfileError:
                values = np.zeros((0, channels), np.float32)
            values = values.mean(axis=1, keepdims=True) if channels == 1 else values[:, :channels]
            if len(values) == 0:
                raise SensorError(f"{path}: the sound breaks off before its end; copy or record it again")
            left -= len(values)
            values = np.clip(np.nan_to_num(values), -1, 1)  # a file of floats may hold anything
            yield values if file.samplerate == RATE_HZ else resampler.resample_chunk(values, last=left == 0)


def _in_blocks(pieces: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """From pieces [n, channels] of any length to blocks [512, channels]; the last is filled up with silence."""
    waiting: NDArray[np.float32] | None = None
    for piece in pieces:
        waiting = piece if waiting is None else np.concatenate([waiting, piece])
        whole = len(waiting) - len(waiting) % BLOCK
        for start in range(0, whole, BLOCK):
            yield waiting[start : start + BLOCK].copy()
        waiting = waiting[whole:]
    if waiting is not None and len(waiting):
        yield np.concatenate([waiting, np.zeros((BLOCK - len(waiting), waiting.shape[1]), np.float32)])

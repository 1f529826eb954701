"""The default audio device, through miniaudio: ALSA, PulseAudio or PipeWire as there is, nothing to install."""

import os
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import miniaudio
import numpy as np
from numpy.typing import NDArray

from sottovoce_host.errors import VoiceError
from sottovoce_host.voice.sink import RATE_HZ

_BUFFER_MS = 20


class Speaker:
    """Plays what is written; between replies it plays silence, so that the first sound needs no opening of a device.

    silent_device: use miniaudio's null device, which keeps time and makes no sound; only where it is asked for.
    """

    def __init__(self, *, silent_device: bool = False) -> None:
        self._queue: deque[NDArray[np.float32]] = deque()
        self._queued = 0
        self._lock = threading.Lock()
        real = [b for b in miniaudio.Backend if b is not miniaudio.Backend.NULL]
        try:
            with _quiet_stderr():
                self._device = miniaudio.PlaybackDevice(
                    output_format=miniaudio.SampleFormat.FLOAT32,
                    nchannels=1,
                    sample_rate=RATE_HZ,
                    buffersize_msec=_BUFFER_MS,
                    backends=[miniaudio.Backend.NULL] if silent_device else real,
                    app_name="sottovoce",
                )
        except miniaudio.MiniaudioError:
            raise VoiceError("there is no audio device to speak through") from None
        frames = self._frames()
        next(frames)
        self._device.start(frames)

    def write(self, sound: NDArray[np.float32]) -> None:
        """Append sound to what is playing."""
        with self._lock:
            self._queue.append(sound.astype(np.float32))
            self._queued += len(sound)

    def remaining_s(self) -> float:
        """Seconds of sound that the device has not taken yet, and its buffer."""
        with self._lock:
            return self._queued / RATE_HZ + (_BUFFER_MS / 1000 if self._queued else 0)

    def stop(self) -> None:
        """Play silence from the next buffer on."""
        with self._lock:
            self._queue.clear()
            self._queued = 0

    def close(self) -> None:
        """Let the device go."""
        self._device.close()

    def _frames(self) -> Generator[bytes, int, None]:
        wanted = yield b""
        while True:
            wanted = yield self._take(wanted).tobytes()

    def _take(self, wanted: int) -> NDArray[np.float32]:
        out: NDArray[np.float32] = np.zeros(wanted, np.float32)
        filled = 0
        with self._lock:
            while filled < wanted and self._queue:
                head = self._queue[0]
                part = min(len(head), wanted - filled)
                out[filled : filled + part] = head[:part]
                filled += part
                if part == len(head):
                    self._queue.popleft()
                else:
                    self._queue[0] = head[part:]
            self._queued -= filled
        return out


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """ALSA's library tells the terminal, not its caller, of every device that is not there."""
    sys.stderr.flush()
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)

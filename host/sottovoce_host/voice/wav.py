"""A WAV file in place of a loudspeaker, with a loudspeaker's sense of time."""

import contextlib
import time
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sottovoce_host.errors import VoiceError
from sottovoce_host.voice.sink import RATE_HZ

_GAP_S = 0.4


class WavFile:
    """Replies one after the other, with a short gap; whole and playable after every write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._until = 0.0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb")
        except OSError as error:
            raise VoiceError(f"{path}: the WAV file cannot be written ({error.strerror}); set [voice] path") from None
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 -- closed by close()
        self._wave.setnchannels(1)
        self._wave.setsampwidth(2)
        self._wave.setframerate(RATE_HZ)

    def write(self, sound: NDArray[np.float32]) -> None:
        """Append sound; the header is right after every write."""
        now = time.monotonic()
        gap = np.zeros(0 if self._until > now else round(_GAP_S * RATE_HZ), np.float32)
        pcm = (np.clip(np.concatenate([gap, sound]), -1, 1) * 32767).astype("<i2")
        try:
            self._wave.writeframes(pcm.tobytes())
            self._file.flush()
        except OSError as error:
            raise VoiceError(f"{self.path}: the reply cannot be written ({error.strerror}); make room") from None
        self._until = max(now, self._until) + len(sound) / RATE_HZ

    def remaining_s(self) -> float:
        """Seconds until a loudspeaker would fall silent."""
        return max(0.0, self._until - time.monotonic())

    def stop(self) -> None:
        """A loudspeaker would be silent from here on; the file keeps what it has."""
        self._until = 0.0

    def close(self) -> None:
        """Close the file; what could not be written has been said before."""
        for end in (self._wave.close, self._file.close):
            with contextlib.suppress(OSError):
                end()

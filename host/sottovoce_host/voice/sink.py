"""Where sound goes: the table of sinks, and what each does."""

from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sottovoce_host.config import VoiceConfig
from sottovoce_host.errors import VoiceError
from sottovoce_host.log import say

RATE_HZ: Final = 24_000
"""What the synthesiser gives."""


class Sink(Protocol):
    """Takes sound as it is made, and lets it sound in its own time."""

    def write(self, sound: NDArray[np.float32]) -> None:
        """Append sound: [n], 24 kHz mono, in [-1, 1]. Never waits. Raises VoiceError where it cannot be kept."""

    def remaining_s(self) -> float:
        """Seconds of what was written that have not sounded yet."""

    def stop(self) -> None:
        """Silence now: what has not sounded yet never will."""

    def close(self) -> None:
        """Let the device or file go."""


def open_sink(config: VoiceConfig) -> Sink:
    """The sink that [voice] names; with "auto" the default audio device, or, said aloud, a WAV file."""
    from sottovoce_host.voice.speaker import Speaker
    from sottovoce_host.voice.wav import WavFile

    if config.sink == "wav":
        return WavFile(Path(config.path))
    try:
        return Speaker()
    except VoiceError as error:
        if config.sink == "speaker":
            raise VoiceError(f'{error}; connect one, or set [voice] sink = "wav"') from None
        say(f"{error}; replies go into {Path(config.path).resolve()}")
        return WavFile(Path(config.path))

"""How sense is doing, every ten seconds, and when a sensor has come or gone."""

import os
import time
from typing import Final, Literal, NamedTuple

from sottovoce_wire import Vitals

EVERY_MS: Final = 10_000
MicrophoneWord = Literal["on", "off", "lost", "muted"]
CameraWord = Literal["on", "off", "lost", "muted", "dark", "frozen"]
GazeWord = Literal["off", "uncalibrated", "calibrated", "drifted"]
ButtonWord = Literal["on", "off", "lost"]
_MOST: Final = 1_000_000
_PAGE_MB: Final = 4096 / 1_048_576


class Senses(NamedTuple):
    """How each sensor is, in the words of Vitals."""

    microphone: MicrophoneWord
    button: ButtonWord
    camera: CameraWord = "off"
    eye_camera: CameraWord = "off"
    gaze: GazeWord = "off"


class Tally:
    """Makes the Vitals that sense knows of; the gate adds what it knows itself."""

    def __init__(self) -> None:
        self._next_ms = self.now_ms()
        self._told: Senses | None = None
        self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)

    @staticmethod
    def now_ms() -> float:
        """Milliseconds of the clock of sense: monotonic, the same for all processes of one machine."""
        return time.monotonic() * 1000

    def due(self, dropped: int, senses: Senses) -> list[Vitals]:
        """The Vitals, when it is time for them or the state of a sensor is another than before."""
        now_ms = self.now_ms()
        if now_ms < self._next_ms and senses == self._told:
            return []
        self._next_ms = now_ms + EVERY_MS
        self._told = senses
        return [
            Vitals(
                at_ms=round(now_ms),
                battery=None,
                temperature=None,
                load=0,
                memory_mb=self.resident_mb(),
                samples_dropped=min(dropped, _MOST),
                text_dropped=0,
                refused=0,
                unsent=0,
                microphone=senses.microphone,
                camera=senses.camera,
                eye_camera=senses.eye_camera,
                gaze=senses.gaze,
                button=senses.button,
            )
        ]

    def resident_mb(self) -> int:
        """Resident memory of this process (proc(5), statm's second field)."""
        return round(int(os.pread(self._statm, 200, 0).split()[1]) * _PAGE_MB)

"""How sense is doing, every ten seconds, and when a sensor has come or gone."""

import os
import time
from typing import Final, Literal

from sottovoce_wire import Vitals

EVERY_MS: Final = 10_000
CameraVitals = Literal["on", "off", "lost", "muted", "dark", "frozen"]
_MOST: Final = 1_000_000
_PAGE_MB: Final = 4096 / 1_048_576


class Tally:
    """Makes the Vitals that sense knows of; the gate adds what it knows itself."""

    def __init__(self) -> None:
        self._next_ms = self.now_ms()
        self._microphone = ""
        self._camera: CameraVitals = "off"
        self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)

    @staticmethod
    def now_ms() -> float:
        """Milliseconds of the clock of sense: monotonic, the same for all processes of one machine."""
        return time.monotonic() * 1000

    def due(
        self, dropped: int, microphone: Literal["on", "off", "lost", "muted"], camera: CameraVitals = "off"
    ) -> list[Vitals]:
        """The Vitals, when it is time for them or the state of a sensor is another than before."""
        now_ms = self.now_ms()
        if now_ms < self._next_ms and microphone == self._microphone and camera == self._camera:
            return []
        self._camera = camera
        self._next_ms = now_ms + EVERY_MS
        self._microphone = microphone
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
                microphone=microphone,
                camera=camera,
            )
        ]

    def resident_mb(self) -> int:
        """Resident memory of this process (proc(5), statm's second field)."""
        return round(int(os.pread(self._statm, 200, 0).split()[1]) * _PAGE_MB)

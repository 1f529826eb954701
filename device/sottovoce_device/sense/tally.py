"""How sense is doing, every ten seconds."""

import time
from pathlib import Path
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
        self._camera: CameraVitals = "off"

    @staticmethod
    def now_ms() -> float:
        """Milliseconds of the clock of sense: monotonic, the same for all processes of one machine."""
        return time.monotonic() * 1000

    def due(
        self, dropped: int, microphone: Literal["on", "lost", "muted"], camera: CameraVitals = "off"
    ) -> list[Vitals]:
        """The Vitals, when it is time for them, or at once when the camera begins or ceases to see."""
        now_ms = self.now_ms()
        if now_ms < self._next_ms and camera == self._camera:
            return []
        self._camera = camera
        self._next_ms = now_ms + EVERY_MS
        return [
            Vitals(
                at_ms=round(now_ms),
                battery=None,
                temperature=None,
                load=0,
                memory_mb=resident_mb(),
                samples_dropped=min(dropped, _MOST),
                text_dropped=0,
                refused=0,
                unsent=0,
                microphone=microphone,
                camera=camera,
            )
        ]


def resident_mb() -> int:
    """Resident memory of this process (proc(5), statm's second field)."""
    return round(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB)

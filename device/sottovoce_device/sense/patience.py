"""Opens sensors; where it may, it waits for those that are not there yet."""

import signal
import time
from collections.abc import Callable
from typing import Final, TypeVar

from sottovoce_device.errors import SensorError
from sottovoce_device.sense.seal import say
from sottovoce_wire.readiness import notify

RETRY_S: Final = 1.0
"""A person who plugs a microphone in again does not notice a second."""
HUNG_S: Final = 30.0
"""A sensor that is not open after that hangs, and so does a main thread that has not come round. The kernel ends the
process then: its timer's signal has no handler. A socket to systemd for signs of life would be a way out of the
seal."""
STILL_STARTING: Final = "EXTEND_TIMEOUT_USEC=10000000"
"""Ten seconds more: whoever waits for the start is told that it waits for a person, and does not hang."""

T = TypeVar("T")


def opened(opener: Callable[[], T], *, patient: bool, hung_s: float = HUNG_S) -> T:
    """What the opener gives. patient: try again, having said so once, until it does; otherwise raise its SensorError.

    One that has not come back after hung_s hangs, and the kernel ends the process.
    A sealed process cannot open a device, so one that lost its device ends, and this is how its successor gets it back.
    """
    said = False
    while True:
        signal.setitimer(signal.ITIMER_REAL, hung_s)
        try:
            return opener()
        except SensorError as error:
            if not patient:
                raise
            if not said:
                say(f"{error}; waiting for it")
                said = True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        notify(STILL_STARTING)
        time.sleep(RETRY_S)

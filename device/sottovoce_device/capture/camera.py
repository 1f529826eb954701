"""What every driver of a camera does, and the table of them. World and eye cameras are driven alike."""

from collections.abc import Iterator
from typing import Final, Literal, Protocol

from sottovoce_device.capture.drivers import opened
from sottovoce_device.capture.frame import Frame
from sottovoce_device.config import CameraConfig

CameraState = Literal["on", "lost", "back"]


class Camera(Protocol):
    """A source of frames.

    state: whether frames arrive; a driver whose device was unplugged, or that gives frames of another size than was
    asked for, says "lost", gives none, and goes on looking for it; "back": it was unplugged, is there again, and this
    process, which is sealed, cannot open it.
    """

    state: CameraState

    def frames(self) -> Iterator[Frame]:
        """Frames as they are sensed, stamped with the monotonic clock; ends after close(), or when a file is over.

        A frame is the reader's own: the driver keeps no reference to it, and the reader wipes it.
        """

    def close(self) -> None:
        """Let the device go. Another thread may call it; frames() then ends."""


OFF: Final = "off"
DRIVERS: Final = {
    "simulated": "sottovoce_device.capture.simulated_camera",
    "v4l2": "sottovoce_device.capture.v4l2",
    "picamera2": "sottovoce_device.capture.picamera2",
    "rendered": "sottovoce_device.capture.rendered_camera",
}
"""Config name of each driver, and the module whose `open_camera` opens it; imported when it is chosen.

"off" is no driver: nothing is imported, and open_camera() gives None.
"""


def open_camera(config: CameraConfig, table: str = "world_camera") -> Camera | None:
    """Open the camera that the configuration names, and no other; None when it is off.

    table: which table of the configuration it is, for the error's text.
    Raises ConfigError for a name that is not in the table and a file that is no driver, SensorError where the device
    cannot be used.
    """
    if config.driver == OFF:
        return None
    camera: Camera = opened(table, config, {OFF: "", **DRIVERS}, "open_camera", ("state", "frames", "close"))
    return camera

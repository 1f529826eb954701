"""`sottovoce-device check`: opens every sensor of the configuration, and says what each gives, or what is wrong.

Nothing is sealed here, so a driver may say what is wrong with it; nothing is kept or sent, and no model runs.
"""

import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

import numpy as np

from sottovoce_device.capture.button import open_button
from sottovoce_device.capture.camera import open_camera
from sottovoce_device.capture.frame import CHANNELS, Frame
from sottovoce_device.capture.light import open_light
from sottovoce_device.capture.microphone import open_microphone
from sottovoce_device.capture.mute_switch import open_switch
from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.config import CameraConfig, Config, MicrophoneConfig
from sottovoce_device.errors import SensorError
from sottovoce_device.sense.curtain import Curtain
from sottovoce_wire.errors import SottovoceError

FOR_S: Final = 2.0
"""How long a sensor is listened to, or looked through."""
WAIT_S: Final = 10.0
"""How long its first block or frame, and its end after close(), is waited for."""
QUIETEST_DB: Final = -120.0
NO_SENSOR: Final = {
    "muted": "[mute] the glasses are muted, no sensor was opened: open the switch",
    "off": "[mute] or [light] does not work, no sensor was opened: see what they are wired to",
}

Line = tuple[bool, str]
"""Whether the sensor is as it should be, and what to print of it."""


def check(config: Config) -> Iterator[Line]:
    """One line a sensor that is configured. Muted glasses open none; while they do, the light is on."""
    try:
        curtain = Curtain(open_switch(config.mute), open_light(config.light))
    except SottovoceError as error:
        yield False, f"[mute] {config.mute.driver}, [light] {config.light.driver}: {error}; no sensor was opened"
        return
    curtain.told_muted = False
    try:
        if curtain.look() != "on":
            yield False, NO_SENSOR[curtain.state]
            return
        yield from _sensors(config)
    finally:
        curtain.close()


def _sensors(config: Config) -> Iterator[Line]:
    yield _tried("microphone", config.microphone.driver, lambda: _microphone(config.microphone))
    for name, camera in (("world_camera", config.world_camera), ("eye_camera", config.eye_camera)):
        if camera.driver != "off":
            yield _tried(name, camera.driver, partial(_camera, name, camera))
    if config.button.driver != "none":
        yield _tried("button", config.button.driver, lambda: f"it is {open_button(config.button).read()}")


def _tried(name: str, driver: str, look: Callable[[], str]) -> Line:
    head = f"[{name}] {driver}"
    try:
        return True, f"{head}: {look()}"
    except SottovoceError as error:
        return False, f"{head}: {error}"
    except Exception as error:  # noqa: BLE001 -- whatever a driver of the builder's raises
        return False, f"{head}: {''.join(traceback.format_exception(error)).strip()}"


def _microphone(config: MicrophoneConfig) -> str:
    microphone = open_microphone(config)
    loudest = QUIETEST_DB

    def note(block: Any) -> None:  # noqa: ANN401 -- whatever a driver gives
        nonlocal loudest
        shapes = [(BLOCK,), (2, BLOCK)] if config.channels == 2 else [(BLOCK,)]  # noqa: PLR2004
        if not isinstance(block, Sample) or block.data.dtype != np.float32 or block.data.shape not in shapes:
            raise SensorError(f"blocks() gave {_named(block)}, and not a Sample of {BLOCK} float32 at 16 kHz")
        peak = float(np.abs(block.data).max())
        loudest = max(loudest, 20 * float(np.log10(max(peak, 1e-6))))

    count = _taken(microphone.blocks(), microphone.close, note)
    said = f"{count} blocks of {BLOCK} samples in {FOR_S:.0f} s, {count * BLOCK / 16_000:.1f} s of sound"
    return f"{said}, at most {loudest:.0f} dB of full scale{'; is it muted?' if loudest <= QUIETEST_DB else ''}"


def _camera(name: str, config: CameraConfig) -> str:
    camera = open_camera(config, name)
    if camera is None:
        return "off"
    sizes = set()

    def note(frame: Any) -> None:  # noqa: ANN401 -- whatever a driver gives
        if not isinstance(frame, Frame) or frame.data.dtype != np.uint8 or frame.data.shape[2:] != (CHANNELS,):
            raise SensorError(f"frames() gave {_named(frame)}, and not a Frame of uint8, height x width x {CHANNELS}")
        sizes.add(f"{frame.width} x {frame.height}")

    count = _taken(camera.frames(), camera.close, note)
    return f"{count} frames in {FOR_S:.0f} s, {' and '.join(sorted(sizes))}"


def _taken(given: Iterable[Any], close: Callable[[], None], note: Callable[[Any], None]) -> int:
    """How many came in FOR_S; each is noted and overwritten. Raises what the driver or `note` does."""
    reader = _Reader(given, note)
    reader.start()
    reader.first.wait(WAIT_S)
    reader.join(FOR_S)
    reader.enough = True
    close()
    reader.join(WAIT_S)
    if reader.error is not None:
        raise reader.error
    if not reader.count:
        raise SensorError(
            "it ended before anything came" if reader.first.is_set() else f"nothing came in {WAIT_S:.0f} s"
        )
    if reader.is_alive():
        raise SensorError("it goes on after close(), which has to end it")
    return reader.count


class _Reader(threading.Thread):
    """Reads what a driver gives. first: something came, or all is over."""

    def __init__(self, given: Iterable[Any], note: Callable[[Any], None]) -> None:
        super().__init__(daemon=True)
        self._given, self._note = given, note
        self.first = threading.Event()
        self.enough = False
        self.count = 0
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for one in self._given:
                if not self.enough:
                    self._note(one)
                    self.count += 1
                    self.first.set()
                if hasattr(one, "wipe"):
                    one.wipe()
        except Exception as error:  # noqa: BLE001 -- kept, and raised by who waits
            self.error = error
        self.first.set()


def _named(given: Any) -> str:  # noqa: ANN401 -- whatever a driver gives
    shape = getattr(getattr(given, "data", given), "shape", None)
    return f"a {type(given).__name__}{'' if shape is None else f' of shape {shape}'}"

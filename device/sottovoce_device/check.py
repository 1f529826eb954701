"""`sottovoce-device check`: opens every sensor of the configuration, and says what each gives, or what is wrong.

Nothing is sealed here, so a driver may say what is wrong with it; nothing is kept or sent, and no model runs but
one of the builder's own, on noise.
"""

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from functools import partial
from numbers import Real
from typing import Any, Final, TypeVar, get_args

import numpy as np

from sottovoce_device.capture.button import open_button
from sottovoce_device.capture.camera import Camera, CameraState, open_camera
from sottovoce_device.capture.frame import CHANNELS, Frame
from sottovoce_device.capture.light import open_light
from sottovoce_device.capture.microphone import Microphone, MicrophoneState, open_microphone
from sottovoce_device.capture.mute_switch import open_switch
from sottovoce_device.capture.sample import BLOCK, RATE_HZ, Sample
from sottovoce_device.config import CameraConfig, Config, MicrophoneConfig, models_folder
from sottovoce_device.errors import SensorError
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.curtain import Curtain
from sottovoce_device.sense.finder import OURS, open_finder
from sottovoce_device.sense.recogniser import RECOGNISERS, open_recogniser
from sottovoce_wire.errors import SottovoceError

FOR_S: Final = 2.0
"""How long a sensor is listened to, or looked through."""
WAIT_S: Final = 10.0
"""How long its first block or frame, and its end after close(), is waited for."""
AMISS: Final = 1.5
"""So many times as much sound as time, or as much time as sound, is another rate."""
CLOCK_MS: Final = 2_000.0
QUIETEST_DB: Final = -120.0
NO_SENSOR: Final = {
    "muted": "[mute] the glasses are muted, no sensor was opened: open the switch",
    "off": "[mute] or [light] does not work, no sensor was opened: see what they are wired to",
}

T = TypeVar("T")
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
        yield from _sensors(config, curtain)
    finally:
        curtain.close()


def _sensors(config: Config, curtain: Curtain) -> Iterator[Line]:
    looks: dict[str, tuple[str, Callable[[], str]]] = {
        "microphone": (config.microphone.driver, partial(_microphone, config.microphone, curtain))
    }
    for name, camera in (("world_camera", config.world_camera), ("eye_camera", config.eye_camera)):
        if camera.driver != "off":
            looks[name] = (camera.driver, partial(_camera, name, camera, curtain))
    if config.button.driver != "none":
        looks["button"] = (config.button.driver, lambda: f"it is {open_button(config.button).read()}")
    if config.models.recogniser not in RECOGNISERS:
        yield _tried("models", config.models.recogniser, partial(_recogniser, config))
    if config.models.finder != OURS:
        yield _tried("models", config.models.finder, partial(_finder, config))
    for name, (driver, look) in looks.items():
        if curtain.look() != "on":
            yield False, NO_SENSOR[curtain.state]
            return
        yield _tried(name, driver, look)


def _tried(name: str, driver: str, look: Callable[[], str]) -> Line:
    head = f"[{name}] {driver}"
    try:
        return True, f"{head}: {look()}"
    except SottovoceError as error:
        return False, f"{head}: {error}" + (f"\n{_whole(error.__cause__)}" if error.__cause__ else "")
    except KeyboardInterrupt:
        raise  # of whoever sits at the computer
    except BaseException as error:  # noqa: BLE001 -- whatever a driver of the builder's raises
        return False, f"{head}: {_whole(error)}"


def _whole(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).strip()


def _within(opens: Callable[[], T]) -> T:
    """What it opens; raises what it does, and SensorError where it does not come back in WAIT_S."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(opens())
        except BaseException as error:  # noqa: BLE001 -- handed to who waits
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    if not wait([done], WAIT_S).done:
        raise SensorError(f"it was not open after {WAIT_S:.0f} s")
    return done.result()


def _microphone(config: MicrophoneConfig, curtain: Curtain) -> str:
    microphone = _within(lambda: open_microphone(config))
    _check_state(microphone, MicrophoneState)
    loudest = QUIETEST_DB

    def note(block: Any) -> None:  # noqa: ANN401 -- whatever a driver gives
        nonlocal loudest
        parts: list[Any] = [block.data, block.second][: config.channels] if isinstance(block, Sample) else [None]
        if not all(_is_block(part) for part in parts):
            raise SensorError(f"blocks() gave {_named(block)}, and not a Sample of {BLOCK} float32 from -1 to 1")
        _check_clock(block.at_ms)
        peak = max(float(np.abs(part).max()) for part in parts)
        loudest = max(loudest, 20 * float(np.log10(max(peak, 1e-6))))

    count, over = _taken(microphone.blocks(), microphone.close, curtain, note)
    _check_state(microphone, MicrophoneState)
    heard_s = count * BLOCK / RATE_HZ
    if heard_s > AMISS * FOR_S or (not over and heard_s < FOR_S / AMISS):
        raise SensorError(f"it gave {heard_s:.1f} s of sound in {FOR_S:.0f} s; blocks are of {BLOCK} samples at 16 kHz")
    said = f"{count} blocks of {BLOCK} samples in {FOR_S:.0f} s"
    return f"{said}, at most {loudest:.0f} dB of full scale{'; is it muted?' if loudest <= QUIETEST_DB else ''}"


def _camera(name: str, config: CameraConfig, curtain: Curtain) -> str:
    camera = _within(lambda: open_camera(config, name))
    if camera is None:
        return "off"
    _check_state(camera, CameraState)
    sizes = set()

    def note(frame: Any) -> None:  # noqa: ANN401 -- whatever a driver gives
        if not (isinstance(frame, Frame) and _is_picture(frame.data)):
            raise SensorError(f"frames() gave {_named(frame)}, and not a Frame of uint8, height x width x {CHANNELS}")
        _check_clock(frame.at_ms)
        sizes.add(f"{frame.width} x {frame.height}")

    count, _ = _taken(camera.frames(), camera.close, curtain, note)
    _check_state(camera, CameraState)
    return f"{count} frames in {FOR_S:.0f} s, {' and '.join(sorted(sizes))}"


def _finder(config: Config) -> str:
    own = _within(lambda: open_finder(config.models.finder, Weights(models_folder(config))))
    camera = config.world_camera
    noise = np.random.default_rng(0).integers(0, 256, (camera.height, camera.width, CHANNELS), np.uint8)
    return f"it looks at {camera.width} x {camera.height} in {_took(lambda: own.infer(Frame(noise, 0.0)))}"


def _recogniser(config: Config) -> str:
    own = _within(lambda: open_recogniser(config.models.recogniser, Weights(models_folder(config))))
    noise = np.random.default_rng(0).normal(0, 0.01, round(FOR_S * RATE_HZ)).astype(np.float32)
    return f"it hears {FOR_S:.0f} s of sound in {_took(lambda: own and own.infer(Sample(noise, 0.0)))}"


def _took(infer: Callable[[], object]) -> str:
    """How long a model of the builder's own takes."""
    begun_s = time.monotonic()
    _within(infer)
    return f"{1000 * (time.monotonic() - begun_s):.0f} ms"


def _is_block(values: Any) -> bool:  # noqa: ANN401 -- whatever a driver gives
    right = isinstance(values, np.ndarray) and values.dtype == np.float32 and values.shape == (BLOCK,)
    return right and bool(np.all(np.abs(values) <= 1))


def _is_picture(values: Any) -> bool:  # noqa: ANN401 -- whatever a driver gives
    right = isinstance(values, np.ndarray) and values.dtype == np.uint8 and values.shape[2:] == (CHANNELS,)
    return right and values.size > 0


def _check_state(sensor: Microphone | Camera, states: Any) -> None:  # noqa: ANN401 -- a Literal
    """Raises SensorError for a state that the glasses cannot tell of."""
    if sensor.state not in (known := get_args(states)):
        raise SensorError(f"its state is {sensor.state!r}, and not one of {', '.join(map(repr, known))}")


def _check_clock(at_ms: Any) -> None:  # noqa: ANN401 -- whatever a driver gives
    """Raises SensorError for a stamp that is none of the monotonic clock."""
    now_ms = time.monotonic() * 1000
    if not (isinstance(at_ms, Real) and abs(now_ms - float(at_ms)) <= CLOCK_MS):
        raise SensorError(f"at_ms is {at_ms}, and time.monotonic() * 1000 is {now_ms:.0f}")


def _taken(
    given: Iterable[Any], close: Callable[[], None], curtain: Curtain, note: Callable[[Any], None]
) -> tuple[int, bool]:
    """How many came in FOR_S, each noted and overwritten; and whether it was over by itself before.

    Raises what the driver or `note` does.
    """
    reader = _Reader(given, curtain, note)
    reader.start()
    reader.first.wait(WAIT_S)
    reader.join(FOR_S)
    over = not reader.is_alive()
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
    return reader.count, over


class _Reader(threading.Thread):
    """Reads what a driver gives, until the glasses are muted. first: something came, or all is over."""

    def __init__(self, given: Iterable[Any], curtain: Curtain, note: Callable[[Any], None]) -> None:
        super().__init__(daemon=True)
        self._given, self._curtain, self._note = given, curtain, note
        self.first = threading.Event()
        self.enough = False
        self.count = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for one in self._given:
                try:
                    self._take(one)
                finally:
                    if hasattr(one, "wipe"):
                        one.wipe()
        except BaseException as error:  # noqa: BLE001 -- kept, and raised by who waits
            self.error = error
        self.first.set()

    def _take(self, one: Any) -> None:  # noqa: ANN401 -- whatever a driver gives
        if self.enough:
            return
        if self._curtain.look() != "on":
            raise SensorError("the glasses were muted meanwhile")
        self._note(one)
        self.count += 1
        self.first.set()


def _named(given: Any) -> str:  # noqa: ANN401 -- whatever a driver gives
    data = getattr(given, "data", given)
    of = f" of {data.dtype}, shape {data.shape}" if isinstance(data, np.ndarray) else ""
    return f"a {type(given).__name__}{of}"

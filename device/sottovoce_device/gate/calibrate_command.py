"""The command `sottovoce-device calibrate-gaze`: a gate without a network, for one calibration."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Final

from sottovoce_device.config import Config, socket_path, wearer_folder
from sottovoce_device.errors import ConfigError, SensorError
from sottovoce_device.gate.gaze_keeper import GazeKeeper
from sottovoce_device.gate.inlet import Inlet
from sottovoce_device.gate.markface import mark_text
from sottovoce_device.learnt import forget
from sottovoce_wire import CalibrateGaze, Done, GazeCalibrated, Mute, WireError, decode_event
from sottovoce_wire.calibration import REASONS

_SEQ: Final = 1
STOP_S: Final = 5


async def run_calibrate(config: Config, marks: int, arguments: Sequence[str], tell: Callable[[str], None]) -> str:
    """Start sense, have it calibrate, keep what it learns; what to tell the user at the end.

    arguments: the options that sense is started with. tell: takes each line of progress.
    Raises SensorError with the reason where the calibration is refused, GateError where these glasses are running.
    """
    if config.eye_camera.driver == "off":
        raise ConfigError('there is no eye camera to calibrate: set driver in [eye_camera], "v4l2" for example')
    inlet = Inlet(socket_path(config))
    tell(mark_text())
    tell(f"Look at the middle of this mark. Turn your head, and hold still with it at {marks} places, wide apart.")
    calibration = asyncio.create_task(_Calibration(config, inlet, marks, tell).run())
    command = [sys.executable, "-m", "sottovoce_device", "sense", f"--parent={os.getpid()}", *arguments]
    try:
        sense = await asyncio.create_subprocess_exec(*command, start_new_session=True)
        ended = asyncio.create_task(sense.wait())
        try:
            await asyncio.wait([calibration, ended], return_when=asyncio.FIRST_COMPLETED)
            if not calibration.done():
                raise SensorError(f"sense ended with exit code {ended.result()}; its own line above says why")
            return calibration.result()
        finally:
            if sense.returncode is None:
                sense.send_signal(signal.SIGTERM)
                await asyncio.wait([ended], timeout=STOP_S)
            if sense.returncode is None:
                sense.kill()
                await ended
    finally:
        calibration.cancel()
        await asyncio.gather(calibration, return_exceptions=True)
        inlet.close()


class _Calibration:
    """Talks with sense as the gate does. Nothing of what it says goes further than the console and one file."""

    def __init__(self, config: Config, inlet: Inlet, marks: int, tell: Callable[[str], None]) -> None:
        self._keeper = GazeKeeper(wearer_folder(config))
        self._inlet = inlet
        self._marks = marks
        self._tell = tell
        self._last: GazeCalibrated | None = None
        self._over = asyncio.Event()
        self._outcome = ""

    async def run(self) -> str:
        """Serve sense until it is over."""
        serving = asyncio.create_task(self._inlet.serve(self._take, self._changed))
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait([serving, over], return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        finally:
            for task in (serving, over):
                task.cancel()
            await asyncio.gather(serving, over, return_exceptions=True)
        return self._told()

    async def _changed(self, connected: bool) -> None:
        if connected:
            self._inlet.send(Mute(muted=False))
            self._keeper.expect()
            self._inlet.send(CalibrateGaze(seq=_SEQ, marks=self._marks))

    async def _take(self, data: bytes) -> None:
        if self._keeper.take(data):
            return
        try:
            event = decode_event(data)
        except WireError:
            return
        if isinstance(event, GazeCalibrated):
            self._last = event
            if event.stage == "taken":
                self._tell(f"{event.marks} of {self._marks}")
        elif isinstance(event, Done) and event.command == _SEQ:
            self._outcome = event.outcome
            self._over.set()

    def _told(self) -> str:
        last = self._last
        if self._outcome == "done" and last is not None:
            error = f"{last.error / 10:.1f} degrees, mean leave-one-out error of {last.marks} marks"
            return f"calibrated: {error}; kept in {self._keeper.path}"
        if last is not None and last.stage == "refused":
            by = f" ({last.error / 10:.1f} degrees)" if last.error else ""
            raise SensorError(f"no calibration: {REASONS[last.reason]}{by}; what was learnt before still holds")
        raise SensorError(
            f"no calibration: {self._outcome}; the sensors are muted by their switch, or there is no eye camera"
        )


def run_forget_gaze(config: Config) -> str:
    """Erase the calibration; what to tell the user."""
    there = forget(wearer_folder(config), "gaze")
    return "the gaze calibration is erased" if there else "there was no gaze calibration"

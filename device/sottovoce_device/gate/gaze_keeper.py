"""Keeps the gaze calibration on the glasses: the gate writes the file, sense reads it before it is sealed."""

from pathlib import Path
from typing import Final

from sottovoce_trust.private_files import destroy, keep, private_folder
from sottovoce_wire import GazeLearnt, WireError, decode_event, encode

_BEGINNING: Final = b'{"type":"GazeLearnt"'


class GazeKeeper:
    """path: the file. Sense has no say in when it is written: one calibration for each that was asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._expected = False

    def expect(self) -> None:
        """A calibration was asked for."""
        self._expected = True

    def over(self) -> None:
        """It was answered: what comes now was not asked for."""
        self._expected = False

    def take(self, data: bytes) -> bool:
        """Keep a calibration that sense tells and that was asked for; whether it was one.

        Raises PairingError where the disk does not take it.
        """
        if not self._expected or not data.startswith(_BEGINNING):
            return False
        try:
            event = decode_event(data)
        except WireError:
            return False
        if not isinstance(event, GazeLearnt):
            return False
        self._expected = False
        private_folder(self._path.parent)
        keep(self._path, encode(event))
        return True

    def forget(self) -> bool:
        """Overwrite and remove it; whether there was one. Raises PairingError where that fails."""
        self._expected = False
        return destroy(self._path.parent)

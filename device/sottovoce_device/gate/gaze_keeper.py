"""Keeps the gaze calibration on the glasses: the gate writes the file, sense reads it before it is sealed."""

import stat
from pathlib import Path
from typing import Final

from sottovoce_device.learnt import GAZE
from sottovoce_trust.private_files import keep, private_folder
from sottovoce_wire import GazeLearnt, WireError, decode_event, encode

_BEGINNING: Final = b'{"type":"GazeLearnt"'


class GazeKeeper:
    """Sense has no say in when the file is written: one calibration for each that was asked for.

    folder: of what is learnt about the wearer. On installed glasses it is sense's, and shut to all but the gate; so the
    file in it may be read by whoever gets there.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / GAZE
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
        folder = private_folder(self.path.parent)
        keep(self.path, encode(event), 0o644 if folder.stat().st_mode & stat.S_IWGRP else 0o600)
        return True

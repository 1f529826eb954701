"""Keeps the level of the bucket of bits for a gate that comes after this one: a crash buys no new burst."""

import math
import os
from pathlib import Path
from typing import Final

from sottovoce_device.config import Config
from sottovoce_device.errors import GateError
from sottovoce_device.gate.ledger import ledger_path

_BYTES: Final = 128
"""Of the one record, which is written over itself. Kept in the kernel's memory, it outlives a process, not a boot."""
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")

Level = tuple[float, float | None]
"""Bits in the bucket (less than none: a debt), and when, in ms of the monotonic clock; None: now."""


def book_path(config: Config) -> Path:
    """Beside the ledger's socket: a folder that is the gate's own on installed glasses."""
    return ledger_path(config).with_suffix(".budget")


class Book:
    """One level in one file of mode 0600. boot: the kernel's name of this boot.

    before: as the gate before this one left it; nothing where none has run since the machine was started, and an empty
    bucket where it cannot be told. Raises GateError where the file cannot be kept.
    """

    def __init__(self, path: Path, boot: str | None = None) -> None:
        self._boot = _BOOT.read_text().strip() if boot is None else boot
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            if os.fstat(self._file).st_uid != os.getuid():
                os.close(self._file)
                raise PermissionError(0, "it is another user's")
            self.before = self._read()
        except OSError as error:
            raise GateError(f"{path}: the budget cannot be kept ({error.strerror}); set [gate] ledger") from None

    def write(self, bits: float, at_ms: float) -> None:
        """Keep the level. Fractions of a bit are let go."""
        record = f"{self._boot} {math.floor(bits)} {math.ceil(at_ms)}"
        os.pwrite(self._file, record.ljust(_BYTES).encode(), 0)

    def _read(self) -> Level | None:
        record = os.pread(self._file, _BYTES, 0).decode("ascii", "replace").split()
        if not record:
            return None
        try:
            boot, bits, at_ms = record
            return (float(int(bits)), float(int(at_ms))) if boot == self._boot else None
        except ValueError:
            return 0.0, None

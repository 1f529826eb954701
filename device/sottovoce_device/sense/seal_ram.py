"""Keeps what is in RAM in RAM: no core dump, no swap, nothing readable by others, nothing left behind by free()."""

import ctypes
import os
import resource
from pathlib import Path
from typing import Final

from sottovoce_wire.no_core import forbid_core

_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_M_PERTURB: Final = -6
"""mallopt(3): free() overwrites what it is given, allocation begins with its complement: here 0xFF and 0x00."""
_CAP_IPC_LOCK: Final = 14


def keep_in_ram() -> list[str]:
    """Do all of it, and give a line for each thing that this machine does not allow. They are no reason to stop.

    A model's runtime copies sound into buffers of its own and frees them without overwriting; M_PERTURB has the C
    library do it, for every buffer of every library in this process.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    missing = []
    if not forbid_core():
        missing.append("core dumps cannot be forbidden")
    if not hasattr(libc, "mallopt") or libc.mallopt(_M_PERTURB, 0xFF) != 1:
        missing.append("this C library does not overwrite what is freed: models' own copies of sound may stay a while")
    if swaps() and not _lock(libc):
        missing.append("memory may be swapped: allow it to be locked (LimitMEMLOCK=infinity), or switch swap off")
    return missing


def swaps() -> bool:
    """Whether this machine has swap at all, on a disk or in compressed memory."""
    try:
        return len(Path("/proc/swaps").read_text().splitlines()) > 1
    except OSError:
        return True


def _lock(libc: ctypes.CDLL) -> bool:
    """Lock all memory as it is first used; only where there is no limit that would make a later allocation fail."""
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    if not unlimited and not _has_capability(_CAP_IPC_LOCK):
        return False
    return bool(libc.mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT) == 0)


def _has_capability(number: int) -> bool:
    lines = Path("/proc/self/status").read_text().splitlines()
    effective = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "0")
    return bool(int(effective, 16) >> number & 1) or (os.geteuid() == 0 and effective == "0")

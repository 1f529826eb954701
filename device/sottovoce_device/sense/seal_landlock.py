"""Which files sense may reach at all: Landlock, put on before the first thread, so that every thread has it.

It needs no root. Everything that it can forbid is forbidden; what is allowed again is reading code and models, and
opening sensors, which happens before the system calls for it are taken away, too.
"""

import ctypes
import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sottovoce_device.errors import SealError

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The same numbers on every architecture."""
_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

WRITE_FILE, READ_FILE, READ_DIR, IOCTL_DEV = 1 << 1, 1 << 2, 1 << 3, 1 << 15
_FS_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many of the rights on files each ABI knows (linux/landlock.h); from 5 on it is 16."""
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_BIND_OR_CONNECT: Final = 0b11
_ABSTRACT_SOCKETS_OR_SIGNALS: Final = 0b11
_OF_A_FILE: Final = (1 << 0) | WRITE_FILE | READ_FILE | (1 << 14) | IOCTL_DEV
"""The rights that mean something for what is no folder."""

libc: Final = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The kernel's version of Landlock. Raises SealError, saying what is missing, where there is none."""
    found = int(libc.syscall(_CREATE_RULESET, None, 0, _VERSION))
    if found > 0:
        return found
    cure = 'or let systemd close the doors: [sense] seal = "systemd-only"'
    if ctypes.get_errno() == errno.EOPNOTSUPP:
        raise SealError(
            "this kernel has Landlock, but it is switched off: boot with landlock in the parameter lsm=; " + cure
        )
    raise SealError(f"this kernel lacks Landlock: it needs Linux 5.13 and CONFIG_SECURITY_LANDLOCK; {cure}")


def give_up_new_privileges() -> None:
    """No set-uid program and no file capability will ever give this process more than it has (no_new_privs)."""
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise SealError("this kernel lacks no_new_privs: it needs Linux 3.5")


def restrict(readable: Iterable[Path], devices: Iterable[Path]) -> int:
    """Forbid this process, for good, every file but these, every TCP port, and signals to others.

    readable: files and folders that may be read, with what is beneath them. devices: may be read, written and
    controlled. What is not there is left out. Gives the ABI. Raises SealError where the kernel cannot.
    """
    version = abi()
    handled = (1 << _FS_RIGHTS.get(version, 16)) - 1
    network = _BIND_OR_CONNECT if version >= _NETWORK_SINCE else 0
    scopes = _ABSTRACT_SOCKETS_OR_SIGNALS if version >= _SCOPES_SINCE else 0
    size = 24 if scopes else 16 if network else 8
    told = _Ruleset(handled, network, scopes)
    rules = int(libc.syscall(_CREATE_RULESET, ctypes.byref(told), ctypes.c_size_t(size), 0))
    if rules < 0:
        raise SealError(f"Landlock (ABI {version}) refuses its rules: {os.strerror(ctypes.get_errno())}")
    try:
        for path in readable:
            _allow(rules, path, (READ_FILE | READ_DIR) & handled)
        for path in devices:
            _allow(rules, path, (READ_FILE | READ_DIR | WRITE_FILE | IOCTL_DEV) & handled)
        if libc.syscall(_RESTRICT_SELF, rules, 0) != 0:
            raise SealError(f"Landlock (ABI {version}) does not come into force: {os.strerror(ctypes.get_errno())}")
    finally:
        os.close(rules)
    return version


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    except OSError as error:
        raise SealError(f"{path}: cannot be opened ({error.strerror}); see who may enter its folder") from None
    try:
        told = _Beneath(rights if path.is_dir() else rights & _OF_A_FILE, place)
        if libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(told), 0) != 0:
            raise SealError(f"Landlock refuses a rule for {path}: {os.strerror(ctypes.get_errno())}")
    finally:
        os.close(place)

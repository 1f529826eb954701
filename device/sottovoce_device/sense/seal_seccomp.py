"""Which system calls a sealed sense may make: a seccomp filter, built by hand, put on every thread at once.

What is not in the list is answered with EPERM, so that a library that tries sees an error and not a crash. Pointers
cannot be looked behind by a filter, so calls that hide their flags behind one (clone3, openat2, io_uring) are answered
with ENOSYS and the C library falls back to those that do not.
"""

import ctypes
import errno
import os
from collections.abc import Collection
from typing import Final, NamedTuple

from sottovoce_device.errors import SealError
from sottovoce_device.sense.seal_syscalls import NUMBERS, Arch


class Insn(NamedTuple):
    """One instruction of classic BPF (linux/filter.h): operation, jump if true, jump if false, operand."""

    code: int
    jt: int
    jf: int
    k: int


LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
X32_BIT: Final = 0x40000000
_NR, _ARCH, _ARGS = 0, 4, 16
"""Offsets in struct seccomp_data."""

NO_PERMISSION: Final = Insn(RETURN, 0, 0, ERRNO | errno.EPERM)
NO_SUCH_CALL: Final = Insn(RETURN, 0, 0, ERRNO | errno.ENOSYS)
ALLOWED: Final = Insn(RETURN, 0, 0, ALLOW)

HIDING: Final = frozenset({"clone3", "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register"})

_WRITE_OR_EXECUTE = 0x2 | 0x4
_THREAD: Final = 0x00010000 | 0x00000100 | 0x00000800
"""CLONE_THREAD, CLONE_VM, CLONE_SIGHAND: a thread, and nothing that outlives this process."""
_NEW_SPACES: Final = 0x7E020080
"""All CLONE_NEW…: no name space of its own."""
_NOT_READING: Final = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0o20000000
"""Any of these (the last is the bit of O_TMPFILE) is more than reading."""
_FCNTL: Final = (0, 1, 2, 3, 4, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no locks, no leases, no signals to others."""
_IOCTLS: Final = (0x541B, 0x5421, 0x5451)
"""FIONREAD, FIONBIO, FIOCLEX."""
_IOCTL_KINDS: Final = (ord("A") << 8, ord("U") << 8, ord("V") << 8, ord("|") << 8, 0xB4 << 8)
"""ALSA's PCM and control, V4L2, media controller, GPIO. A terminal's (T: it could be made to type) are not there."""


class Outlets(NamedTuple):
    """The file descriptors that a sealed sense may still write to.

    gate: the one socket out. sockets: of a sound server, where there is one. plain: pipes of its own, /dev/null.
    light: a simulated tally light, where there is one: a single byte at the beginning of its file.
    """

    gate: int
    sockets: Collection[int] = ()
    plain: Collection[int] = (0, 1, 2)
    light: int | None = None


def _argument(number: int) -> Insn:
    """Load an argument's low half; flags and descriptors have no more (both architectures are little-endian)."""
    return Insn(LOAD, 0, 0, _ARGS + 8 * number)


def has_only(argument: int, mask: int, value: int) -> list[Insn]:
    """Go on where the argument's masked bits are exactly this."""
    return [_argument(argument), Insn(AND, 0, 0, mask), Insn(EQUAL, 1, 0, value), NO_PERMISSION]


def is_not(argument: int, mask: int) -> list[Insn]:
    """Go on unless all of these bits are set."""
    return [_argument(argument), Insn(AND, 0, 0, mask), Insn(EQUAL, 0, 1, mask), NO_PERMISSION]


def is_one_of(argument: int, values: Collection[int]) -> list[Insn]:
    """Go on where the argument is one of these."""
    tests = [Insn(EQUAL, len(values) - n, 0, value) for n, value in enumerate(values)]
    return [_argument(argument), *tests, NO_PERMISSION]


def is_null(argument: int) -> list[Insn]:
    """Go on where the argument is zero or a null pointer, in both halves."""
    high = Insn(LOAD, 0, 0, _ARGS + 8 * argument + 4)
    return [*has_only(argument, 0xFFFFFFFF, 0), high, Insn(EQUAL, 1, 0, 0), NO_PERMISSION]


def _ioctl() -> list[Insn]:
    exact = [Insn(EQUAL, len(_IOCTLS) + len(_IOCTL_KINDS) + 1 - n, 0, v) for n, v in enumerate(_IOCTLS)]
    kinds = [Insn(EQUAL, len(_IOCTL_KINDS) - n, 0, v) for n, v in enumerate(_IOCTL_KINDS)]
    return [_argument(1), *exact, Insn(AND, 0, 0, 0xFF00), *kinds, NO_PERMISSION]


def conditions(outlets: Outlets, pid: int) -> dict[str, list[Insn]]:
    """What a call's arguments must be like; calls that are not here are allowed whatever they are."""
    sends = is_one_of(0, (outlets.gate, *outlets.sockets))
    receives = is_one_of(0, outlets.sockets) if outlets.sockets else [NO_PERMISSION]
    writes = is_one_of(0, (*outlets.plain, *outlets.sockets))
    return {
        "mmap": is_not(2, _WRITE_OR_EXECUTE),
        "mprotect": has_only(2, 0x4, 0),
        "clone": [*has_only(0, _THREAD, _THREAD), *has_only(0, _NEW_SPACES, 0)],
        "tgkill": is_one_of(0, (pid,)),
        "open": has_only(1, _NOT_READING, 0),
        "openat": has_only(2, _NOT_READING, 0),
        "fcntl": is_one_of(1, _FCNTL),
        "ioctl": _ioctl(),
        "write": writes,
        "writev": writes,
        "pwrite64": [NO_PERMISSION]
        if outlets.light is None
        else [*is_one_of(0, (outlets.light,)), *has_only(2, 0xFFFFFFFF, 1), *is_null(3)],
        "sendto": [*sends, *is_null(4)],
        # Ancillary data could carry descriptors in and out, so the gate's socket has neither of these.
        "sendmsg": receives,
        "recvmsg": receives,
        "prlimit64": is_null(2),
    }


def program(arch: Arch, outlets: Outlets, pid: int) -> list[Insn]:
    """The whole filter for this architecture."""
    out = [Insn(LOAD, 0, 0, _ARCH), Insn(EQUAL, 1, 0, arch.audit), Insn(RETURN, 0, 0, KILL), Insn(LOAD, 0, 0, _NR)]
    if arch.has_x32:
        out += [Insn(AT_LEAST, 0, 1, X32_BIT), Insn(RETURN, 0, 0, KILL)]
    asked = conditions(outlets, pid)
    for name, numbers in NUMBERS.items():
        number = numbers[arch.column]
        if number is None:
            continue
        block = [NO_SUCH_CALL] if name in HIDING else [*asked.get(name, []), ALLOWED]
        out += [Insn(EQUAL, 0, len(block), number), *block]
    return [*out, NO_PERMISSION]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


_SECCOMP: Final = {0: 317, 1: 277}
"""The number of seccomp(2), by column."""
_SET_MODE_FILTER, _TSYNC = 1, 1


def install(arch: Arch, instructions: list[Insn]) -> None:
    """Put the filter on all threads of this process, for good. Raises SealError naming what the kernel lacks."""
    packed = b"".join(
        i.code.to_bytes(2, "little") + bytes((i.jt, i.jf)) + i.k.to_bytes(4, "little") for i in instructions
    )
    text = ctypes.create_string_buffer(packed, len(packed))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    told = _Program(len(instructions), ctypes.addressof(text))
    result = libc.syscall(_SECCOMP[arch.column], _SET_MODE_FILTER, _TSYNC, ctypes.byref(told))
    if result > 0:
        raise SealError(f"the seal cannot be put on thread {result}, which has a filter of its own; start sense anew")
    if result < 0:
        reason = os.strerror(ctypes.get_errno())
        raise SealError(
            f"this kernel lacks seccomp filters ({reason}): it needs CONFIG_SECCOMP_FILTER;"
            ' or let systemd close the doors: [sense] seal = "systemd-only"'
        )

import ctypes
import ctypes.util
import errno
import mmap
import os
import platform

import pytest
from bpf import call, run

from sottovoce_device.sense.seal_seccomp import (
    ALLOW,
    ERRNO,
    HIDING,
    KILL,
    RETURN,
    X32_BIT,
    Insn,
    Outlets,
    conditions,
    program,
)
from sottovoce_device.sense.seal_syscalls import ARCHES, NUMBERS, Arch

PID = 4321
GATE, SERVER, LIGHT = 7, 9, 11
DENIED = ERRNO | errno.EPERM
PLAIN, HEARING, LIT = Outlets(GATE), Outlets(GATE, sockets=(SERVER,)), Outlets(GATE, light=LIGHT)
TMPFILE = 0o20000000 | 0o200000
THREAD = 0x3D0F00  # what glibc asks for

CASES = [
    ("read", (3,), ALLOW),
    ("futex", (), ALLOW),
    ("openat", (0, 0, os.O_RDONLY | os.O_CLOEXEC), ALLOW),
    ("openat", (0, 0, os.O_WRONLY), DENIED),
    ("openat", (0, 0, os.O_RDWR), DENIED),
    ("openat", (0, 0, os.O_RDONLY | os.O_CREAT), DENIED),
    ("openat", (0, 0, os.O_RDONLY | os.O_TRUNC), DENIED),
    ("openat", (0, 0, TMPFILE), DENIED),
    ("mmap", (0, 4096, mmap.PROT_READ | mmap.PROT_WRITE), ALLOW),
    ("mmap", (0, 4096, mmap.PROT_READ | mmap.PROT_EXEC), ALLOW),
    ("mmap", (0, 4096, mmap.PROT_WRITE | mmap.PROT_EXEC), DENIED),
    ("mprotect", (0, 4096, mmap.PROT_READ), ALLOW),
    ("mprotect", (0, 4096, mmap.PROT_READ | mmap.PROT_EXEC), DENIED),
    ("clone", (THREAD,), ALLOW),
    ("clone", (17,), DENIED),  # fork: SIGCHLD and nothing else
    ("clone", (THREAD | 0x10000000,), DENIED),  # CLONE_NEWUSER
    ("clone3", (), ERRNO | errno.ENOSYS),
    ("openat2", (), ERRNO | errno.ENOSYS),
    ("io_uring_setup", (), ERRNO | errno.ENOSYS),
    ("tgkill", (PID, PID, 6), ALLOW),
    ("tgkill", (PID + 1, PID + 1, 6), DENIED),
    ("sendto", (GATE, 1, 1, 0, 0, 0), ALLOW),
    ("sendto", (GATE + 1, 1, 1, 0, 0, 0), DENIED),
    ("sendto", (GATE, 1, 1, 0, 0x7FFF_0000_1000, 16), DENIED),  # with an address
    ("sendto", (GATE, 1, 1, 0, 0x1_0000_0000, 16), DENIED),  # an address whose low half is zero
    ("sendmsg", (GATE,), DENIED),
    ("recvmsg", (GATE,), DENIED),
    ("write", (2, 1, 100), ALLOW),
    ("write", (GATE, 1, 100), DENIED),
    ("write", (3, 1, 100), DENIED),
    ("pwrite64", (3, 1, 1, 0), DENIED),
    ("fcntl", (3, 1), ALLOW),
    ("fcntl", (3, 6), DENIED),  # F_SETLK: a lock is a signal to whoever tries it
    ("fcntl", (3, 8), DENIED),  # F_SETOWN
    ("ioctl", (3, 0xC0884123), ALLOW),  # SNDRV_PCM_IOCTL_SYNC_PTR
    ("ioctl", (3, 0x5421), ALLOW),
    ("ioctl", (0, 0x5412), DENIED),  # TIOCSTI: type into a terminal
    ("ioctl", (3, 0x8914), DENIED),  # SIOCSIFFLAGS
    ("prlimit64", (0, 4, 0, 0x7FFF0000), ALLOW),
    ("prlimit64", (0, 4, 0x7FFF0000, 0), DENIED),
]


@pytest.mark.parametrize("name", ARCHES)
@pytest.mark.parametrize(("syscall", "arguments", "answer"), CASES, ids=lambda v: str(v)[:24])
def test_the_filter_answers_each_call_as_it_should_on_both_architectures(
    name: str, syscall: str, arguments: tuple[int, ...], answer: int
) -> None:
    arch = ARCHES[name]
    assert call(program(arch, PLAIN, PID), arch, syscall, *arguments) == answer


@pytest.mark.parametrize("name", ARCHES)
def test_every_call_that_is_not_in_the_list_is_denied_and_every_other_architecture_kills(name: str) -> None:
    arch = ARCHES[name]
    filter_ = program(arch, PLAIN, PID)
    listed = {n[arch.column] for n in NUMBERS.values()}
    for number in set(range(1024)) - listed:
        assert run(filter_, number, arch.audit) == DENIED
    for other in (0x40000003, 0x40000028, *(a.audit for a in ARCHES.values() if a != arch)):  # i386, arm, and ours
        assert run(filter_, 0, other) == KILL
    if arch.has_x32:
        assert run(filter_, X32_BIT | 1, arch.audit) == KILL


@pytest.mark.parametrize("name", ARCHES)
def test_a_sound_server_s_socket_and_a_simulated_light_get_no_more_than_they_need(name: str) -> None:
    arch = ARCHES[name]
    hearing, lit = program(arch, HEARING, PID), program(arch, LIT, PID)
    for syscall in ("sendmsg", "recvmsg", "write", "sendto"):
        assert call(hearing, arch, syscall, SERVER) == ALLOW
    for syscall in ("sendmsg", "recvmsg"):
        assert call(hearing, arch, syscall, GATE) == DENIED
    assert call(lit, arch, "pwrite64", LIGHT, 1, 1, 0) == ALLOW
    for arguments in ((LIGHT, 1, 2, 0), (LIGHT, 1, 1, 1), (LIGHT + 1, 1, 1, 0)):
        assert call(lit, arch, "pwrite64", *arguments) == DENIED


@pytest.mark.parametrize("name", ARCHES)
@pytest.mark.parametrize("outlets", [PLAIN, HEARING, LIT])
def test_every_path_through_the_filter_ends_in_a_verdict_and_it_fits_the_kernel_s_limit(
    name: str, outlets: Outlets
) -> None:
    filter_ = program(ARCHES[name], outlets, PID)
    assert len(filter_) < 4096
    for place, insn in enumerate(filter_):
        assert place + 1 + max(insn.jt, insn.jf) < len(filter_) or insn.code == RETURN
    assert {i.k for i in filter_ if i.code == RETURN} == {ALLOW, KILL, DENIED, ERRNO | errno.ENOSYS}


def test_every_condition_is_of_a_call_in_the_list() -> None:
    assert set(conditions(PLAIN, PID)) | HIDING <= set(NUMBERS)


@pytest.mark.parametrize("name", ARCHES)
def test_the_numbers_of_system_calls_are_those_of_libseccomp(name: str) -> None:
    path = ctypes.util.find_library("seccomp")
    if path is None:
        pytest.skip("no libseccomp here to compare with")
    resolve = ctypes.CDLL(path).seccomp_syscall_resolve_name_arch
    resolve.argtypes, resolve.restype = (ctypes.c_uint32, ctypes.c_char_p), ctypes.c_int
    arch: Arch = ARCHES[name]
    for syscall, numbers in NUMBERS.items():
        found = resolve(arch.audit, syscall.encode())
        assert (found if found >= 0 else None) == numbers[arch.column], syscall


def test_this_machine_has_a_seal() -> None:
    assert platform.machine() in ARCHES
    assert isinstance(program(ARCHES[platform.machine()], PLAIN, PID)[0], Insn)

"""Ways out of a process, each as a function that works where nothing forbids it."""

import array
import ctypes
import fcntl
import mmap
import os
import resource
import shutil
import socket
import struct
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
LIBC.mmap.restype = ctypes.c_void_p
X86 = os.uname().machine == "x86_64"


class Prepared:
    """What an attacker wants to write to: made before any seal. folder: the attacker's own, writable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.other = subprocess.Popen(["/bin/sleep", "60"]).pid
        self.file = folder / "there"
        self.file.write_bytes(b"x" * 4096)
        self.secret = folder / "secret"
        self.secret.write_text("of somebody else")


Attempt = Callable[[Prepared], object]


def outcome(attempt: Attempt, prepared: Prepared) -> str:
    """OPEN where it works, else the error's name."""
    try:
        attempt(prepared)
    except OSError as error:
        return f"denied ({os.strerror(error.errno or 0)})"
    except (ValueError, subprocess.SubprocessError) as error:
        return f"denied ({type(error).__name__})"
    except RuntimeError as error:
        return f"denied ({error})"
    return "OPEN"


def kernel(x86: int, arm: int, *arguments: object) -> int:
    """A system call by number; raises OSError."""
    result = int(LIBC.syscall(x86 if X86 else arm, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _socket(family: int, kind: int = socket.SOCK_DGRAM, protocol: int = 0) -> Attempt:
    return lambda _: socket.socket(family, kind, protocol).close()


def _tcp(_: Prepared) -> None:
    with socket.socket() as s:
        s.settimeout(2)
        if s.connect_ex(("127.0.0.1", 9)) in (1, 13):
            raise PermissionError(13, "")


def _udp(_: Prepared) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"x", ("127.0.0.1", 9))


def _listen(_: Prepared) -> None:
    with socket.create_server(("127.0.0.1", 0)):
        pass


def _abstract(_: Prepared) -> None:
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(f"\0sottovoce-{os.getpid()}-{os.urandom(4).hex()}")


def _pair(_: Prepared) -> None:
    for end in socket.socketpair():
        end.close()


def _gate_sockets() -> list[int]:
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 -- names, not paths
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):  # noqa: PTH115
                found.append(int(name))
        except OSError:
            continue
    return found


def _pass_descriptor(_: Prepared) -> None:
    with socket.socket(fileno=os.dup(_gate_sockets()[0])) as gate, open(os.devnull) as file:  # noqa: PTH123
        gate.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()]))])


def _take_descriptor(_: Prepared) -> None:
    with socket.socket(fileno=os.dup(_gate_sockets()[0])) as gate:
        try:
            gate.recvmsg(1, 1024, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return


def _write_log(_: Prepared) -> None:
    """Where standard error leads: works only where that is a file, a pipe or a terminal."""
    if os.readlink("/proc/self/fd/2") == os.devnull:  # noqa: PTH115
        raise RuntimeError("it leads to /dev/null")
    os.write(2, b"")


def _file(name: str, flags: int) -> Attempt:
    def attempt(prepared: Prepared) -> None:
        os.close(os.open(prepared.folder / name, flags, 0o600))

    return attempt


def _memfd(_: Prepared) -> None:
    os.close(os.memfd_create("x"))


def _map_executable(_: Prepared) -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _fork(_: Prepared) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _execute(_: Prepared) -> None:
    subprocess.run(["/bin/true"], check=True)


def _spawn(_: Prepared) -> None:
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def _core(_: Prepared) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    resource.prlimit(0, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _dumpable(_: Prepared) -> None:
    if LIBC.prctl(4, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "")


def _name(_: Prepared) -> None:
    if LIBC.prctl(15, b"leak", 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "")


def _lock(prepared: Prepared) -> None:
    with prepared.file.open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)


def _terminal(_: Prepared) -> None:
    descriptor = os.open("/dev/tty", os.O_RDONLY)
    fcntl.ioctl(descriptor, termios.TIOCSTI, b"x")


ATTEMPTS: dict[str, Attempt] = {
    "TCP connect": _tcp,
    "UDP send": _udp,
    "TCP listen": _listen,
    "IPv6 socket": _socket(socket.AF_INET6),
    "netlink socket": _socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "raw packet socket": _socket(socket.AF_PACKET, socket.SOCK_RAW),
    "Unix socket": _socket(socket.AF_UNIX),
    "abstract Unix socket": _abstract,
    "vsock": _socket(40, socket.SOCK_STREAM),
    "Bluetooth socket": _socket(31, socket.SOCK_RAW, 1),
    "socket pair": _pair,
    "pass a descriptor out": _pass_descriptor,
    "take a descriptor in": _take_descriptor,
    "write to the log": _write_log,
    "create a file": _file("new", os.O_WRONLY | os.O_CREAT),
    "create a file in /tmp": lambda _: os.close(os.open("/tmp/sv-leak", os.O_RDWR | os.O_CREAT, 0o600)),  # noqa: S108
    "write a file that is there": _file("there", os.O_WRONLY),
    "append to a file": _file("there", os.O_WRONLY | os.O_APPEND),
    "nameless file": _file("", os.O_TMPFILE | os.O_RDWR),
    "truncate": lambda p: os.truncate(p.file, 10),
    "shared memory file": lambda _: os.close(os.open("/dev/shm/sv-leak", os.O_RDWR | os.O_CREAT, 0o600)),  # noqa: S108
    "memfd": _memfd,
    "SysV shared memory": lambda _: kernel(29, 194, 0, 4096, 0o1600),
    "SysV message queue": lambda _: kernel(68, 186, 0, 0o1600),
    "POSIX message queue": lambda _: kernel(240, 180, b"sv-leak", 0o102, 0o600, None),
    "folder": lambda p: os.mkdir(p.folder / f"d{os.urandom(4).hex()}"),  # noqa: PTH102
    "symbolic link": lambda p: os.symlink("x", p.folder / f"s{os.urandom(4).hex()}"),  # noqa: PTH211
    "hard link": lambda p: os.link(p.file, p.folder / f"h{os.urandom(4).hex()}"),
    "named pipe": lambda p: os.mkfifo(p.folder / f"f{os.urandom(4).hex()}"),
    "rename": lambda p: (shutil.copy(p.file, p.folder / "r1"), os.rename(p.folder / "r1", p.folder / "r2")),  # noqa: PTH104
    "remove": lambda p: (shutil.copy(p.file, p.folder / "u1"), os.unlink(p.folder / "u1")),  # noqa: PTH108
    "extended attribute": lambda p: os.setxattr(p.file, "user.x", b"x"),
    "file times": lambda p: os.utime(p.file),
    "mode of a file": lambda p: os.chmod(p.file, 0o600),  # noqa: PTH101
    "owner of a file": lambda p: os.chown(p.file, os.getuid(), os.getgid()),
    "file lock": _lock,
    "kernel keyring": lambda _: kernel(248, 217, b"user", b"sv", b"x", 1, -3),
    "io_uring": lambda _: kernel(425, 425, 4, ctypes.create_string_buffer(256)),
    "userfaultfd": lambda _: kernel(323, 282, 1),
    "perf event": lambda _: kernel(
        298, 241, ctypes.create_string_buffer(struct.pack("IIQ", 1, 128, 0), 128), 0, -1, -1, 0
    ),
    "bpf": lambda _: kernel(321, 280, 0, ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 4, 1), 128), 128),
    "inotify": lambda _: kernel(294, 26, 0),
    "trace another process": lambda p: kernel(101, 117, 16, p.other, 0, 0),
    "read another's memory": lambda p: kernel(310, 270, p.other, None, 0, None, 0, 0),
    "descriptor of another": lambda p: kernel(438, 438, kernel(434, 434, p.other, 0), 0, 0),
    "signal another process": lambda p: os.kill(p.other, 0),
    "fork": _fork,
    "execute": _execute,
    "spawn": _spawn,
    "limits": _core,
    "dumpable again": _dumpable,
    "name of a thread": _name,
    "write and execute": _map_executable,
    "mount": lambda _: kernel(165, 40, b"none", b"/mnt", b"tmpfs", 0, None),
    "name space": lambda _: kernel(272, 97, 0x10000000),
    "change root": lambda _: kernel(161, 51, b"/"),
    "type into the terminal": _terminal,
    "device for writing": lambda _: os.close(os.open("/dev/zero", os.O_RDWR)),
    "read somebody's file": lambda p: p.secret.read_text(),
}

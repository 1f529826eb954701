"""What a process says to the kernel: strace around it from its first instruction, and all bytes of its calls.

The trace is put on before the process seals itself, and stays. It shows every system call but those that only take
something in, with all strings whole.
"""

import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Final

import psutil

ONLY_IN: Final = (
    "read", "pread64", "readv", "preadv", "preadv2", "recvfrom", "recvmsg", "recvmmsg", "futex", "sched_yield",
    "clock_gettime", "clock_nanosleep", "epoll_wait", "epoll_pwait", "poll", "ppoll", "select", "pselect6", "madvise",
    "munmap", "brk", "rt_sigprocmask", "rt_sigaction", "lseek", "getrandom", "fstat", "newfstatat",
    "getdents64", "mprotect",
)  # fmt: skip
"""What is left out: these hand no bytes of ours to anybody."""
LONGEST: Final = 1 << 20
CURE: Final = "there is no strace here to see what the processes write: apt install strace"
_STRING: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_UNSEEN: Final = re.compile(r" mmap\([^)]*PROT_WRITE[^)]*MAP_SHARED(?!\|MAP_ANON)")
_CALL: Final = re.compile(r"^\d+ +(\w+)\(([^,)\"\[{]*)")
_RESUMED: Final = re.compile(r"^\d+ +<\.\.\. (\w+) resumed>")


class TraceError(Exception):
    """A trace that does not show everything."""


def traced(command: list[str], into: Path) -> list[str]:
    """The command, traced into a file. Raises TraceError where there is no strace."""
    if shutil.which("strace") is None:
        raise TraceError(CURE)
    left_out = f"trace=!{','.join(ONLY_IN)}"
    return ["strace", "-f", "-qq", "--seccomp-bpf", "-xx", f"-s{LONGEST}", "-e", left_out, "-o", str(into), *command]


def traced_process(strace: int) -> psutil.Process | None:
    """The process that this strace looks at; None while there is none."""
    try:
        return next(iter(psutil.Process(strace).children()), None)
    except psutil.NoSuchProcess:
        return None


def spoken(trace: Path) -> dict[str, bytes]:
    """All bytes of all calls, by call and first argument, in their order.

    Raises TraceError where a string was cut off, or a file is written through memory: then not all would be searched.
    """
    parts: dict[str, list[bytes]] = defaultdict(list)
    for line in trace.read_text(errors="replace").splitlines():
        if _UNSEEN.search(line):
            raise TraceError("a file is mapped to be written and shared: what goes there is not in the trace")
        call = _CALL.match(line) or _RESUMED.match(line)
        if call is None:
            continue
        name = f"{call[1]}({call[2]})" if call.re is _CALL else call[1]
        for string in _STRING.finditer(line):
            if string[2]:
                raise TraceError(f"{name}: more than {LONGEST} bytes in one call: raise the limit")
            parts[name].append(bytes.fromhex(string[1].replace("\\x", "")))
    return {name: b"".join(found) for name, found in parts.items()}

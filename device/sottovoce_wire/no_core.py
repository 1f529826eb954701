"""A process that holds words, sound or keys leaves no core dump, whatever the shell that started it allows."""

import ctypes
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_core() -> bool:
    """Forbid it to this process, for good; whether the kernel does.

    A core handler behind a pipe ignores the limit; a process that is not dumpable has no core, and no reader of its
    memory but root.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return bool(ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)

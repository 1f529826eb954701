"""Runs sense and gate as two processes, and starts again what ends: `sottovoce-device run`.

On the glasses systemd does this; here it is for a laptop and the demo.
"""

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Final

from sottovoce_wire.errors import SottovoceError

USER_ERROR: Final = 2
"""Exit code of a process that the user has to help: starting it again would not."""
LOST: Final = 4
"""Exit code of a sense that lost a sensor: its successor waits for it."""
MEANINGS: Final = {
    1: "a fault in the program",
    USER_ERROR: "it needs you; see above, or what `sottovoce-device check` says",
    3: "the gate has gone",
    LOST: "a sensor has gone",
    5: "the wearer was enrolled, or forgotten",
    6: "a file of yours failed; `sottovoce-device check` says how",
    -signal.SIGALRM: "it hung; if that was a file of yours, see `sottovoce-device check`",
    -signal.SIGSYS: "it tried what the seal forbids",
}
RETRY_S: Final = (0.2, 0.5, 1, 2, 5)
SETTLED_S: Final = 30
"""A process that has run this long is given the first, short wait again."""
STOP_S: Final = 5
_PR_SET_PDEATHSIG: Final = 1


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that happens (prctl(2), PR_SET_PDEATHSIG)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM) != 0 or os.getppid() != parent:
        raise SottovoceError("the process that started this one has gone")


async def supervise(arguments: Sequence[str]) -> int:
    """Run `gate` and `sense` with these options until SIGTERM or SIGINT, or until one needs the user's help.

    Gives the exit code: 0 after a signal, 2 where a process has said what the user has to do.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    tasks = [asyncio.create_task(_keep_alive(part, arguments)) for part in ("gate", "sense")]
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in [*tasks, waiting]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return USER_ERROR if USER_ERROR in results else 0


async def _keep_alive(part: str, arguments: Sequence[str]) -> int:
    failures, code = 0, 0
    while True:
        started = time.monotonic()
        command = [sys.executable, "-m", "sottovoce_device", part, f"--parent={os.getpid()}", *arguments]
        if code == LOST:
            command.append("--await-sensors")
        process = await asyncio.create_subprocess_exec(*command, start_new_session=True)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        if code == USER_ERROR:
            sys.stderr.write(f"sottovoce-device: {part} ended ({_reason(code)})\n")
            return code
        failures = 0 if time.monotonic() - started > SETTLED_S else failures + 1
        sys.stderr.write(f"sottovoce-device: {part} ended ({_reason(code)}); starting it again\n")
        await asyncio.sleep(RETRY_S[min(failures, len(RETRY_S) - 1)])


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _reason(code: int) -> str:
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"{how}: {MEANINGS[code]}" if code in MEANINGS else how

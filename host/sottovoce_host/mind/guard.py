"""A specialist that fails costs its own answer, and nothing else."""

import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sottovoce_host.log import say
from sottovoce_host.memory.errors import StoreError
from sottovoce_host.mind.looking import Looking
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.specialist import Specialist
from sottovoce_wire import CalibrateGaze, Forget

SLOW_S: Final = 0.25
"""An answer that takes longer is told of: nothing else is done meanwhile, and people wait 0.2 s for each other."""


class Guard:
    """Asks specialists, and tells the log which of them fail, how and where; never what was said.

    failed: the name of the newest that failed, since `begin`.
    """

    def __init__(self) -> None:
        self.failed = ""

    def begin(self) -> None:
        """A new request."""
        self.failed = ""

    def ask(self, specialist: Specialist, answer: Callable[[Request], Reply | None], request: Request) -> Reply | None:
        """What it answers; None where it leaves that to others, or fails. Raises StoreError."""
        began_s = time.monotonic()
        try:
            reply = answer(request)
        except StoreError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 -- whatever a skill of the user's raises
            self._fail(specialist, f"{type(error).__name__} in {_where(error)}")
            return None
        took_s = time.monotonic() - began_s
        if took_s > SLOW_S:
            say(f"skill {specialist.name}: took {took_s:.1f} s, in which the host did nothing else")
        if reply is not None and not _is_reply(reply):
            self._fail(specialist, f"it gave a {type(reply).__name__}, and not a Reply with a text, or None")
            return None
        return reply

    def _fail(self, specialist: Specialist, why: str) -> None:
        self.failed = specialist.name
        say(f"skill {specialist.name} failed: {why}")


def _is_reply(given: object) -> bool:
    """Whether it is a reply through and through: it is used later, where nobody guards."""
    return (
        isinstance(given, Reply)
        and isinstance(given.text, str)
        and given.text == given.text.encode(errors="ignore").decode()
        and isinstance(given.looks, Looking | None)
        and isinstance(given.command, CalibrateGaze | Forget | None)
    )


def _where(error: BaseException) -> str:
    """File and line that raised it. Not its text, in which may be what was said."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}"

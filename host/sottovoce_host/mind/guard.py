"""A specialist that fails, or takes too long, costs its own answer and nothing else."""

import asyncio
import threading
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sottovoce_host.log import say
from sottovoce_host.memory.errors import StoreError
from sottovoce_host.mind.looking import Looking
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.skill_thread import SkillThread
from sottovoce_host.mind.specialist import Specialist
from sottovoce_wire import CalibrateGaze, Forget


class Guard:
    """Asks specialists for the answer to one request; tells the log which fail, how and where, never what was said.

    apology: what to tell the wearer where nobody else answers; "" while none has failed.
    """

    def __init__(self) -> None:
        self.apology = ""

    def ask(self, specialist: Specialist, answer: Callable[[Request], Reply | None], request: Request) -> Reply | None:
        """What it answers; None where it leaves that to others, or fails. Raises StoreError."""
        try:
            reply = answer(request)
        except StoreError:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
                raise  # of whoever sits at the computer; a skill has a thread of its own
            self._fail(specialist, f"{type(error).__name__} in {_where(error)}")
            return None
        if reply is not None and not _is_reply(reply):
            self._fail(specialist, f"it gave a {type(reply).__name__}, and not a Reply with a text, or None")
            return None
        return reply

    async def ask_on(
        self, thread: SkillThread, answer: Callable[[Request], Reply | None], request: Request
    ) -> Reply | None:
        """What the skill of this thread answers within its `patience_s`, as above. Raises StoreError."""
        if thread.stuck:
            self._lose(thread.skill, "is still at an earlier request")
            return None
        work = thread.do(partial(self.ask, thread.skill, answer, request))
        try:
            done, _ = await asyncio.wait({asyncio.wrap_future(work)}, timeout=thread.patience_s)
        finally:
            thread.give_up(work)
        if not done:
            self._lose(thread.skill, f"gave no answer within {thread.patience_s:g} s")
            return None
        return done.pop().result()

    def _fail(self, specialist: Specialist, why: str) -> None:
        self.apology = f"My {specialist.name} skill failed. The log on your computer says where."
        say(f"skill {specialist.name} failed: {why}")

    def _lose(self, specialist: Specialist, why: str) -> None:
        self.apology = f"My {specialist.name} skill takes too long."
        say(f"skill {specialist.name} {why}")


def _is_reply(given: object) -> bool:
    """Whether it is a reply through and through: it is used later, where nobody guards."""
    return (
        isinstance(given, Reply)
        and isinstance(given.text, str)
        and given.text == given.text.encode(errors="ignore").decode()
        and bool(given.text or given.looks or given.command)
        and isinstance(given.looks, Looking | None)
        and isinstance(given.command, CalibrateGaze | Forget | None)
    )


def _where(error: BaseException) -> str:
    """File and line that raised it. Not its text, in which may be what was said."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}"

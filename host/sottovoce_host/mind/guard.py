"""A specialist that fails, or takes too long, costs its own answer and nothing else."""

import asyncio
import inspect
import sys
import threading
import traceback
import unicodedata
from collections.abc import Callable
from functools import partial
from math import inf
from typing import Final

from sottovoce_host.log import say
from sottovoce_host.memory.errors import StoreError
from sottovoce_host.mind.looking import Looking
from sottovoce_host.mind.reply import Reply, Request
from sottovoce_host.mind.skill_thread import SkillThread
from sottovoce_host.mind.specialist import Specialist
from sottovoce_wire import CalibrateGaze, Forget
from sottovoce_wire.faults import line_of

LONGEST: Final = 6000
"""Characters that a skill of the user's may answer: ten minutes of speech, and longer the glasses believe no reply."""


class Guard:
    """Asks specialists for the answer to one request; tells the log which fail, how and where, never what was said.

    apology: what to tell the wearer where nobody else answers; "" while none has failed.
    """

    def __init__(self) -> None:
        self.apology = ""

    def ask(
        self, specialist: Specialist, answer: Callable[[Request], Reply | None], request: Request, longest: float = inf
    ) -> Reply | None:
        """What it answers, no longer than that; None where it leaves that to others, or fails. Raises StoreError."""
        try:
            reply = answer(request)
        except StoreError:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
                raise  # of whoever sits at the computer; a skill has a thread of its own
            self._fail(specialist, f"{type(error).__name__} {_where(specialist, error)}")
            return None
        if reply is not None and (flaw := _flaw(reply, longest)):
            self._fail(specialist, flaw)
            return None
        return reply

    async def ask_on(
        self, thread: SkillThread, answer: Callable[[Request], Reply | None], request: Request
    ) -> Reply | None:
        """What the skill of this thread answers within its `patience_s`, as above. Raises StoreError."""
        if thread.stuck:
            self._lose(thread.skill, "is still at an earlier request")
            return None
        work = thread.do(partial(self.ask, thread.skill, answer, request, LONGEST))
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


def _flaw(given: object, longest: float) -> str:
    """What is wrong with an answer, so that it cannot be used where nobody guards; "" where nothing is."""
    if inspect.iscoroutine(given):
        given.close()
        return "its method is async: make it a plain one, which may wait"
    if not isinstance(given, Reply):
        return f"it gave a {type(given).__name__}, and not a Reply with a text, or None"
    for name, kinds in _KINDS.items():
        if not isinstance(value := getattr(given, name), kinds):
            return f"its Reply has a {type(value).__name__} for its {name}"
    return "" if given.text == "" and (given.looks or given.command) else _flaw_of_text(given.text, longest)


_KINDS: Final = {
    "text": str,
    "specialist": str,
    "awaits": bool,
    "looks": Looking | None,
    "command": CalibrateGaze | Forget | None,
}


def _flaw_of_text(text: str, longest: float) -> str:
    if len(text) > longest:
        return f"its Reply has {len(text)} characters, and {longest} are the most that is spoken"
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in text):
        return "its Reply has characters in its text that are none: control characters, or halves of one"
    return "" if any(letter.isalnum() for letter in text) else "its Reply has nothing in its text that can be spoken"


def _where(specialist: Specialist, error: BaseException) -> str:
    """The line of the specialist's own file, and the one that raised it. Not its text: in it may be what was said."""
    frames = traceback.extract_tb(error.__traceback__)
    if frames[-1].filename == __file__:
        return "as it was called: its method takes self and one request"
    own = getattr(sys.modules.get(type(specialist).__module__), "__file__", None)
    lines = [frame for frame in frames if frame.filename == own] or [frames[-1]]
    within = "" if lines[-1] is frames[-1] else f" (raised by {line_of(frames[-1])})"
    return f"in {line_of(lines[-1])}{within}"

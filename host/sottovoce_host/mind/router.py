"""Who answers: the specialists in order, and the questions, the rings and the repeats between them."""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from sottovoce_host.memory.errors import StoreError
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.guard import Guard
from sottovoce_host.mind.looking import Looking, Sighted
from sottovoce_host.mind.parting import parted
from sottovoce_host.mind.phrasing import sentence
from sottovoce_host.mind.reply import Reply, Request, Ring
from sottovoce_host.mind.several import ONE_BY_ONE
from sottovoce_host.mind.skill_thread import SkillThread
from sottovoce_host.mind.specialist import Inquirer, Specialist
from sottovoce_host.mind.specialists.almanac import Almanac
from sottovoce_host.mind.specialists.arithmetic import Arithmetic
from sottovoce_host.mind.specialists.candour import Candour
from sottovoce_host.mind.specialists.clock import Clock
from sottovoce_host.mind.specialists.conversion import Conversion
from sottovoce_host.mind.specialists.courtesy import Courtesy
from sottovoce_host.mind.specialists.eyes import Eyes, seen_words
from sottovoce_host.mind.specialists.gaze import GazeKeeping
from sottovoce_host.mind.specialists.lists import Lists
from sottovoce_host.mind.specialists.notes import Notes
from sottovoce_host.mind.specialists.restraint import Restraint
from sottovoce_host.mind.specialists.timers import Timers
from sottovoce_host.mind.specialists.voice import VoiceKeeping
from sottovoce_host.mind.wording import plain
from sottovoce_wire import LookedAt

NAME = "router"
"""`Reply.specialist` of what the router says itself."""

OVERTAKEN = Reply("I left that.", NAME)
"""To a request that another one overtook while a skill was asked about it: no more is done for it, and nobody hears
this."""

_REST = Reply("I can't do the rest yet.", NAME)

ANSWER_WITHIN = timedelta(minutes=1)
"""How long a question waits for its answer."""

Asked = Specialist | SkillThread
"""Who was asked: one of ours, or one of the user's, which is asked on its own thread."""

_REPEAT = re.compile(
    r"^(?:say (?:that|it) again|repeat(?: that| it| yourself)?|what did you (?:just )?say|what was that|"
    r"come again|pardon|pardon me|one more time|"
    r"again|once more|say again|i did not (?:hear|catch|get) (?:that|you|it)|what(?: did you say|"
    r" was that)?(?: again)?|repeat the last (?:thing|one)|"
    r"sorry|i missed that|say that one more time|huh)$"
)


class Router:
    """Answers every request, through the first specialist that is sure of it.

    memory: open; the router does not close it. further: the user's skills, asked after those that are always right.
    One that fails is left out, and said to have.
    """

    def __init__(self, memory: Memory, further: Sequence[SkillThread] = ()) -> None:
        self._timers = Timers(memory)
        self._conversion = Conversion()
        # The order in which they are asked. What is kept word for word comes first: a note may speak of anything.
        self._eyes = Eyes(memory)
        self._specialists: tuple[Specialist, ...] = (
            self._eyes,
            GazeKeeping(),
            VoiceKeeping(),
            Candour(),
            Restraint(),
            Notes(memory),
            self._timers,
            Lists(memory),
            Courtesy(),
            Clock(),
            Almanac(),
            self._conversion,
            Arithmetic(),
        )
        self._further = tuple(further)
        self._newest: Request | None = None
        self._pending: asyncio.Future[Reply] | None = None
        self._last: Reply | None = None
        self._answered_last = ""
        self._question: tuple[Asked, datetime] | None = None

    def warm(self) -> None:
        """Build what is slow to build, ahead of the first request."""
        self._conversion.warm()

    async def answer(self, request: Request) -> Reply:
        """Answer a request. Never raises: what could not be kept or looked up is said.

        Takes no time but where a skill of the user's does, and then what is asked meanwhile is answered first. "What?"
        is no request, but waits for the answer to the one before.
        """
        words = plain(request.text)
        again = not words or _REPEAT.match(words)
        if again and self._pending is not None:
            return await asyncio.shield(self._pending)
        if not words:
            return Reply("I didn't catch that.", NAME)
        if again:
            return self._last or Reply("I haven't said anything yet.", NAME)
        request = self._newest = msgspec.structs.replace(request, behind=self._answered_last)
        pending = self._pending = asyncio.get_running_loop().create_future()
        reply = OVERTAKEN
        try:
            reply = await self._kept(request)
        finally:
            pending.set_result(reply)
            if self._pending is pending:
                self._pending = None
        return reply

    async def _kept(self, request: Request) -> Reply:
        """Answer a request; what it asks back, and what it said, is kept where nothing has overtaken it."""
        try:
            reply, by = await self._asked(request)
        except StoreError as error:
            reply, by = Reply(error.spoken, NAME), None
        if self._newest is request:
            self._question = (by, request.now) if by and reply.awaits else None
            self._last = reply
            self._answered_last = reply.specialist if by else self._answered_last
        return reply

    async def sighted(self, looking: Looking, sighted: Sighted, request: Request) -> Reply:
        """Answer a request whose reply `looks`, now that the glasses have looked. Never raises StoreError."""
        reply = self._eyes.told(looking, sighted)
        words = seen_words(sighted)
        if looking.then and words and sighted.outcome == "done":
            return await self.answer(Request(looking.then.format(words), request.now))
        self._last = reply
        return reply

    def noticed(self, event: LookedAt, now: datetime) -> None:
        """Remember what the wearer looked at. Raises StoreError."""
        self._eyes.note(event, now)

    def due(self, now: datetime) -> list[Ring]:
        """Give what rings by `now` (aware), each once. Raises StoreError if the memory cannot be read."""
        rings = self._timers.due(now)
        if rings:
            self._last = Reply(rings[-1].text, self._timers.name)
        return rings

    def rang(self, ring: Ring) -> None:
        """Take note that it has sounded; until then it would ring again after a crash. May raise StoreError."""
        self._timers.rang(ring)

    def clock_set(self, by_s: float) -> None:
        """Be told that the wall clock was set, by so many seconds. May raise StoreError."""
        self._timers.clock_set(by_s)

    def next_due(self) -> datetime | None:
        """Give the instant (UTC) at which the next timer, alarm or reminder rings. Raises StoreError."""
        return self._timers.next_due()

    async def _asked(self, request: Request) -> tuple[Reply, Asked | None]:
        """The reply, and who gave it: whoever was asking back first, then ours, then the user's."""
        guard = Guard()
        question, self._question = self._question, None
        asked = question[0] if question and request.now - question[1] <= ANSWER_WITHIN else None
        if asked and (reply := await _heard(guard, asked, request)):
            return reply, asked
        if self._newest is not request:
            return OVERTAKEN, None
        if ours := self._by_ours(guard, request):
            return ours
        for thread in self._further:
            if self._newest is not request:
                return OVERTAKEN, None
            if reply := await guard.ask_on(thread, thread.skill.answer, request):
                return reply, thread
        both = self._by_two(guard, request) if self._newest is request and not guard.apology else None
        return both or (Reply(guard.apology or "I can't do that yet.", NAME), None)

    def _by_ours(self, guard: Guard, request: Request) -> tuple[Reply, Asked | None] | None:
        asked = ((guard.ask(by, by.answer, request), by) for by in self._specialists)
        return next(((reply, by) for reply, by in asked if reply), None)

    def _by_two(self, guard: Guard, request: Request) -> tuple[Reply, Asked | None] | None:
        """What two or more of ours reply to the parts of a request: each is said, also that one could not be done."""
        for before, behind in parted(request.text):
            done = self._by_ours(guard, msgspec.structs.replace(request, text=before))
            if done is None:
                continue
            first, by = done
            if first.awaits or first.looks or first.command:
                return Reply(sentence(ONE_BY_ONE), NAME), None
            rest = msgspec.structs.replace(request, text=behind, behind=first.specialist)
            try:
                second, then = self._by_ours(guard, rest) or self._by_two(guard, rest) or (_REST, by)
            except StoreError as error:
                second, then = Reply(error.spoken, NAME), by
            if second.looks or second.command:
                second, then = _REST, by
            return msgspec.structs.replace(second, text=f"{first.text} {second.text}"), then
        return None


async def _heard(guard: Guard, asked: Asked, request: Request) -> Reply | None:
    """What comes of the request as the answer to what was asked back; None: it is none."""
    inquirer = asked.skill if isinstance(asked, SkillThread) else asked
    if not isinstance(inquirer, Inquirer):
        return None
    if isinstance(asked, SkillThread):
        return await guard.ask_on(asked, inquirer.hear_answer, request)
    return guard.ask(inquirer, inquirer.hear_answer, request)

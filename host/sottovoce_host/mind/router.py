"""Who answers: the specialists in order, and the questions, the rings and the repeats between them."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sottovoce_host.memory.errors import StoreError
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.guard import Guard
from sottovoce_host.mind.looking import Looking, Sighted
from sottovoce_host.mind.reply import Reply, Request, Ring
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
from sottovoce_host.mind.specialists.timers import Timers
from sottovoce_host.mind.specialists.voice import VoiceKeeping
from sottovoce_host.mind.wording import plain
from sottovoce_wire import LookedAt

NAME = "router"
"""`Reply.specialist` of what the router says itself."""

ANSWER_WITHIN = timedelta(minutes=1)
"""How long a question waits for its answer."""

_REPEAT = re.compile(
    r"^(?:say (?:that|it) again|repeat(?: that| it| yourself)?|what did you (?:just )?say|what was that|"
    r"come again|pardon|pardon me|one more time|"
    r"again|once more|say again|i did not (?:hear|catch|get) (?:that|you|it)|what(?: did you say|"
    r" was that)?(?: again)?|repeat the last (?:thing|one)|"
    r"sorry|i missed that|say that one more time|huh)$"
)


class Router:
    """Answers every request, through the first specialist that is sure of it.

    memory: open; the router does not close it. further: specialists to ask after those that are always right.
    One that fails is left out, and said to have.
    """

    def __init__(self, memory: Memory, further: Sequence[Specialist] = ()) -> None:
        self._timers = Timers(memory)
        self._conversion = Conversion()
        # The order in which they are asked. What is kept word for word comes first: a note may speak of anything.
        self._eyes = Eyes(memory)
        self._specialists: tuple[Specialist, ...] = (
            self._eyes,
            GazeKeeping(),
            VoiceKeeping(),
            Candour(),
            Notes(memory),
            self._timers,
            Lists(memory),
            Courtesy(),
            Clock(),
            Almanac(),
            self._conversion,
            Arithmetic(),
            *further,
        )
        self._guard = Guard()
        self._last: Reply | None = None
        self._question: tuple[Specialist, datetime] | None = None

    def warm(self) -> None:
        """Build what is slow to build, ahead of the first request."""
        self._conversion.warm()

    def answer(self, request: Request) -> Reply:
        """Answer a request. Never raises: what could not be kept or looked up is said."""
        if not plain(request.text):
            return Reply("I didn't catch that.", NAME)
        if _REPEAT.match(plain(request.text)):
            return self._last or Reply("I haven't said anything yet.", NAME)
        try:
            reply, by = self._asked(request)
        except StoreError as error:
            reply, by = Reply(error.spoken, NAME), None
        self._question = (by, request.now) if by and reply.awaits else None
        self._last = reply
        return reply

    def sighted(self, looking: Looking, sighted: Sighted, request: Request) -> Reply:
        """Answer a request whose reply `looks`, now that the glasses have looked. Never raises StoreError."""
        reply = self._eyes.told(looking, sighted)
        words = seen_words(sighted)
        if looking.then and words and sighted.outcome == "done":
            return self.answer(Request(looking.then.format(words), request.now))
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

    def _asked(self, request: Request) -> tuple[Reply, Specialist | None]:
        self._guard.begin()
        question, self._question = self._question, None
        asked = question[0] if question and request.now - question[1] <= ANSWER_WITHIN else None
        if isinstance(asked, Inquirer) and (reply := self._guard.ask(asked, asked.hear_answer, request)):
            return reply, asked
        for specialist in self._specialists:
            if reply := self._guard.ask(specialist, specialist.answer, request):
                return reply, specialist
        if self._guard.failed:
            return Reply(f"My {self._guard.failed} skill failed. The log on your computer says where.", NAME), None
        return Reply("I can't do that yet.", NAME), None

"""Timers, alarms and reminders: set, asked about, moved, cancelled; they ring through `due`."""

import re
from datetime import datetime, timedelta
from fractions import Fraction

import msgspec

from sottovoce_host.memory.errors import StoreError
from sottovoce_host.memory.store import Memory
from sottovoce_host.memory.timers import Cadence, Timer
from sottovoce_host.mind import (
    durations,
    moments,
    phrasing,
    ringing,
    several,
    timer_answers,
    timer_changes,
    timer_questions,
    timer_requests,
)
from sottovoce_host.mind.corrections import put_right
from sottovoce_host.mind.reply import Reply, Request, Ring
from sottovoce_host.mind.spoken_of import PRONOUNS, SpokenOf
from sottovoce_host.mind.timer_changes import Change
from sottovoce_host.mind.timer_choice import choose, choose_among, none_such
from sottovoce_host.mind.wanted import Wanted, after
from sottovoce_host.mind.wording import as_written, plain

_CANCEL = re.compile(
    r"^(?:cancel|stop|delete|remove|turn off|clear|end|kill|switch off|dismiss|get rid of|shut off|abort|"
    r"silence|quit|shut up|drop|scrap) (?P<which>.+)$|"
    r"^(?:turn|switch|shut) (?P<which2>.+) off$"
)
_SNOOZE = re.compile(r"^snooze(?: it| that| the alarm| my alarm| the timer)?(?: (?:for|by) (?P<length>.+))?$")
_SNOOZE_S = Fraction(540)
_MOST_SAID = 4
_KEEPERS = {"lists", "notes"}  # behind what they say, "delete it" means nothing of ours
_SNOOZED_FOR = timedelta(minutes=30)


class _Setting(msgspec.Struct, frozen=True):
    wanted: Wanted


class _Cancelling(msgspec.Struct, frozen=True):
    offered: tuple[Timer, ...]


class Timers:
    """Keeps what is to ring in the memory and says when it does. All replies are made after the change is on disk."""

    name = "timers"

    def __init__(self, memory: Memory) -> None:
        self._timers = memory.timers
        self._asked: _Setting | _Cancelling | None = None
        self._spoken_of = SpokenOf()
        self._snoozed: tuple[Timer, int] | None = None
        self._given: frozenset[tuple[int, float]] = frozenset()

    def answer(self, request: Request) -> Reply | None:
        """Set, tell, extend or cancel timers, alarms and reminders."""
        words = self._spoken_of.another(put_right(plain(request.text), request.now), request.now)
        self._asked = None
        snooze = _SNOOZE.match(words)
        if snooze:
            return self._snooze(durations.parse(snooze["length"]) if snooze["length"] else _SNOOZE_S, request.now)
        if changed := self._changed(words, request):
            return changed
        if wanted := several.parse(words, request.now):
            return self._set_all(wanted, request)
        if one := timer_requests.parse(words, request.now):
            return self._set(_as_written(one, request.text), request.now)
        return self._cancel(words, request) or self._tell(words, request.now)

    def hear_answer(self, request: Request) -> Reply | None:
        """Take the length, the time, or which one was meant."""
        asked = self._asked
        if isinstance(asked, _Cancelling):
            chosen = choose_among(plain(request.text), list(asked.offered), request.now)
            return self._cancelled(chosen, request.now) if chosen else None
        wanted = timer_answers.completed(asked.wanted, request.text, request.now) if asked else None
        if wanted and wanted.hindrance:
            return self._reply(wanted.hindrance, awaits=True)
        return self._set(wanted, request.now) if wanted else None

    def clock_set(self, by_s: float) -> None:
        """Let timers last as long as they were set for, though the wall clock was set. May raise StoreError.

        Alarms and reminders go by what the clock says.
        """
        self._timers.shift([timer for timer in self._waiting() if timer.kind == "timer"], by_s)

    def next_due(self) -> datetime | None:
        """Give the instant (UTC) at which the next one rings that has not been given. May raise StoreError."""
        waiting = self._waiting()
        return waiting[0].due if waiting else None

    def due(self, now: datetime) -> list[Ring]:
        """Give what rings by `now`, each once in this process. Raises StoreError if it cannot read.

        It counts as rung on disk only when rang() says that it has sounded: what a crash cut off rings again.
        """
        due = [timer for timer in self._waiting() if timer.due_s <= now.timestamp()]
        self._given |= {(timer.id, timer.due_s) for timer in due}
        if due:
            self._spoken_of.are(due, now)
        return [
            Ring(timer.id, timer.due_s, phrasing.sentence(ringing.ring(timer, now)), _next(timer, now)) for timer in due
        ]

    def rang(self, ring: Ring) -> None:
        """Remember on disk that it has sounded. Raises StoreError; it then rings again after a restart."""
        self._timers.mark_rung(ring.timer, ring.due_s, ring.again)

    def _waiting(self) -> list[Timer]:
        """Give those that run and have not been given to be rung."""
        return [timer for timer in self._timers.running() if (timer.id, timer.due_s) not in self._given]

    def _reply(self, text: str, *, awaits: bool = False) -> Reply:
        return Reply(phrasing.sentence(text), self.name, awaits)

    def _set_all(self, wanted: list[Wanted], request: Request) -> Reply:
        said = [self._set(_as_written(wanted[0], request.text), request.now).text]
        for one in wanted[1:]:
            try:
                said.append(self._set(_as_written(one, request.text), request.now).text)
            except StoreError as error:
                said.append(error.spoken)
        return self._reply(" ".join(said))

    def _set(self, wanted: Wanted, now: datetime) -> Reply:
        if wanted.hindrance:
            return self._reply(wanted.hindrance)
        question = timer_answers.question(wanted)
        if wanted.due is None or question:
            self._asked = _Setting(wanted)
            return self._reply(question, awaits=True)
        cadence = Cadence(wanted.days, wanted.due.time()) if wanted.days else None
        timer = self._timers.add(wanted.kind, wanted.label, now, wanted.due, cadence)
        self._spoken_of.are([timer], now)
        if timer.kind == "timer":
            return self._reply(f"{timer.label} timer set for {phrasing.duration(timer.length_s)}".strip())
        at = ringing.when(timer, now)
        if timer.kind == "alarm":
            return self._reply(f"{timer.label} alarm set for {at}".strip())
        moment = f"in {phrasing.duration(timer.length_s)}" if wanted.relative else f"at {at}"
        return self._reply(f"I'll remind you {moment}: {phrasing.aloud(timer.label)}")

    def _cancel(self, words: str, request: Request) -> Reply | None:
        found, now = _CANCEL.match(words), request.now
        which, running = (found["which"] or found["which2"]) if found else "", self._timers.running()
        if which in PRONOUNS:
            meant = self._spoken_of.it(running, now) if request.behind not in _KEEPERS else None
            return self._cancelled([meant], now) if meant else None
        choice = choose(self._spoken_of.in_full(which, running, now), running, now) if which else None
        if choice is None:
            return None
        if not choice.found:
            return self._reply(none_such(choice, running, now))
        if len(choice.found) > 1 and not choice.every:
            self._asked = _Cancelling(choice.found)
            if len(choice.found) > _MOST_SAID:
                return self._reply(f"Which one? You have {phrasing.integer(len(choice.found))}.", awaits=True)
            names = [f"the {ringing.described(timer, now).rstrip(',')}" for timer in choice.found]
            if len(set(names)) < len(names):
                names = [ringing.told(timer, now) for timer in choice.found]
            return self._reply(f"Which one: {phrasing.join(names, 'or')}?", awaits=True)
        return self._cancelled(list(choice.found), now)

    def _cancelled(self, timers: list[Timer], now: datetime) -> Reply:
        self._asked = None
        self._timers.cancel(timers)
        if len(timers) > 1:
            kinds = {timer.kind for timer in timers}
            return self._reply(f"{phrasing.count(len(timers), kinds.pop() if len(kinds) == 1 else 'thing')} cancelled")
        return self._reply(
            f"{ringing.described(timers[0], now)} cancelled".replace("reminder, ", "reminder cancelled: ").replace(
                ", cancelled", ""
            )
        )

    def _changed(self, words: str, request: Request) -> Reply | None:
        change = timer_changes.parse(words, right_behind=request.behind == self.name)
        running, now = self._timers.running(), request.now
        if change is None or change.indefinite:
            return None
        meant = self._spoken_of.it(running, now)
        if not change.which and meant is None:
            timers = [timer for timer in running if timer.kind == "timer"]
            meant = timers[0] if len(timers) == 1 else None
        if change.which in PRONOUNS | {""}:
            return self._moved(change, meant, now) if meant else None
        choice = choose(self._spoken_of.in_full(change.which, running, now), running, now)
        if choice is None or (not choice.found and words.startswith("make ")):
            return None
        if len(choice.found) != 1:
            return self._reply("Tell me which one" if choice.found else none_such(choice, running, now))
        return self._moved(change, choice.found[0], now)

    def _moved(self, change: Change, timer: Timer, now: datetime) -> Reply | None:
        due = timer_changes.due(change, timer, now)
        if due is None:
            return None
        if due.timestamp() <= now.timestamp():
            return self._reply(f"That's too much: {ringing.told(timer, now)}")
        cadence = timer_changes.moved(timer, due, now)
        due = moments.upcoming_on(cadence.days, cadence.clock, now) if cadence else due
        timer = self._timers.move(timer, due, now if change.to else None, cadence)
        self._spoken_of.are([timer], now)
        at = ringing.when(timer, now)
        if timer.kind == "reminder":
            return self._reply(f"I'll remind you at {at}: {phrasing.aloud(timer.label)}")
        if timer.kind == "alarm":
            return self._reply(f"{timer.label} alarm moved to {at}")
        name = f"{timer.label} timer".strip()
        return self._reply(f"{phrasing.left(due.timestamp() - now.timestamp())} left on the {name}")

    def _snooze(self, seconds: Fraction | None, now: datetime) -> Reply | None:
        due = after(seconds, now) if seconds else None
        last = self._timers.last_rung()
        if due is None:
            return None
        if last is None or now - last.due > _SNOOZED_FOR:
            return self._reply("Nothing has rung just now")
        again = next((timer for timer in self._timers.running() if (last, timer.id) == self._snoozed), None)
        if again:
            self._timers.move(again, due, now, None)
        else:
            again = self._timers.add(last.kind, last.label, now, due)
        self._snoozed = last, again.id
        self._spoken_of.are([again], now)
        return self._reply(f"Again in {phrasing.duration(float(seconds or 0))}")

    def _tell(self, words: str, now: datetime) -> Reply | None:
        running, which = self._timers.running(), timer_questions.asked_about(words)
        if which is None:
            return None
        if not which:
            timers = [timer for timer in running if timer.kind == "timer"] or running
            return self._told(timers, now) if timers else self._reply("No timer is running")
        it = self._spoken_of.it(running, now) if which in PRONOUNS and timer_questions.is_how_long(words) else None
        if it:
            return self._told([it], now)
        choice = choose(self._spoken_of.in_full(which, running, now), running, now)
        if choice is None or which in PRONOUNS:
            named = [timer for timer in running if timer.label and re.sub(r"^(?:the|my) ", "", which) == timer.label]
            return (
                self._told(named, now) if named and words.startswith(("how long", "how much", "when", "is")) else None
            )
        if not choice.found:
            return self._reply(none_such(choice, running, now))
        return self._told(list(choice.found), now)

    def _told(self, timers: list[Timer], now: datetime) -> Reply:
        self._spoken_of.are(timers, now)
        if len(timers) == 1:
            return self._reply(ringing.told(timers[0], now))
        said = [ringing.told(timer, now) for timer in timers[:_MOST_SAID]]
        more = len(timers) - _MOST_SAID
        said += [f"{phrasing.integer(more)} more"] if more > 0 else []
        return self._reply(f"{phrasing.integer(len(timers))}: {phrasing.join(said)}")


def _next(timer: Timer, now: datetime) -> datetime | None:
    """When it rings again, if it repeats: what was missed meanwhile is over."""
    return moments.upcoming_on(timer.cadence.days, timer.cadence.clock, now) if timer.cadence else None


def _as_written(wanted: Wanted, text: str) -> Wanted:
    """With what a reminder is about as the recogniser wrote it."""
    return (
        msgspec.structs.replace(wanted, label=as_written(text, wanted.label)) if wanted.kind == "reminder" else wanted
    )

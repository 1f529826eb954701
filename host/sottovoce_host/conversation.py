"""Turns of talk: what was said goes to the mind, what it replies goes to the voice, timers ring in between."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, tzinfo
from typing import Final

from sottovoce_host.errors import UnspeakableError, VoiceError
from sottovoce_host.link.link import Arrived, Link
from sottovoce_host.log import say
from sottovoce_host.looks import Looks
from sottovoce_host.memory.errors import StoreError
from sottovoce_host.mind.looking import Looking, pointed_ms
from sottovoce_host.mind.reply import Reply, Request, Ring
from sottovoce_host.mind.router import Router
from sottovoce_host.mind.specialists.gaze import came_of_it
from sottovoce_host.mind.wall_clock import WallClock
from sottovoce_host.turn import Observer, Turn
from sottovoce_host.voice.player import Player
from sottovoce_wire import (
    AwaitReply,
    CalibrateGaze,
    Done,
    Forget,
    GazeCalibrated,
    Interrupted,
    LookedAt,
    Said,
    Vitals,
    stamp_ms,
)
from sottovoce_wire.ending import end
from sottovoce_wire.events import AnyEvent

LOOK_AGAIN_S: Final = 5.0
"""Timers are looked at again at least this often: `sottovoce-host ask` may have set one, or somebody the clock."""
TRY_AGAIN_S: Final = 30.0
"""A memory that could not be read is tried again after this."""
MOMENT_S: Final = 1.5
"""People take a second's silence for trouble (Jefferson 1989); a skill of the user's may take longer."""
CLOCK_STEP_S: Final = 1.0
"""While a timer runs, this often: a clock that jumps makes an alarm late by a second at most."""


class Conversation:
    """Answers what is said to the glasses, one reply at a time; the newest request silences the older reply."""

    def __init__(self, link: Link, router: Router, player: Player, zone: tzinfo | None, follow_up_ms: int) -> None:
        self._link = link
        self._router = router
        self._player = player
        self._zone = zone
        self._follow_up_ms = follow_up_ms
        self._looks = Looks(link)
        self._clock = WallClock()
        self._drifted: set[str] = set()
        self._unsent: dict[tuple[str, int], int] = {}
        self._commanded: set[tuple[str, str]] = set()
        self._newest: Said | None = None
        self._began: dict[tuple[str, int, int], str] = {}
        self._changed = asyncio.Event()
        self._news = asyncio.Event()
        self._speaking: set[asyncio.Task[bool | None]] = set()
        self.observer = Observer()

    def now(self) -> datetime:
        """The wearer's time."""
        return datetime.now(UTC).astimezone(self._zone)

    async def take(self, arrived: Arrived) -> None:
        """Take an event of the glasses."""
        self._news.set()
        self.observer.arrived(arrived)
        event = arrived.event
        if isinstance(event, Interrupted):
            self._player.stop()
            self._newest = None  # nor is what is still to be said of it, after "One moment."
        self._looks.take(arrived.device, event)
        self._tell_outcome(arrived.device, event)
        if isinstance(event, Vitals):
            self._mind_gaze(arrived.device, event)
            self._mind_loss(arrived.device, event)
        if isinstance(event, LookedAt):
            self._notice(event)
        if not isinstance(event, Said) or event.addressee != "device":
            return
        key = (arrived.device, event.session, event.turn)
        text = f"{self._began.pop(key, '')} {event.text}".strip()
        if event.continues:
            self._began = {key: text}
            return
        self._began.clear()
        self._answer(arrived, event, text)

    def _answer(self, arrived: Arrived, said: Said, text: str) -> None:
        """Begin the reply to a whole request."""
        self._newest = said
        self._player.stop()
        self._start(self._turn(arrived, said, Request(text, self.now())))

    async def _turn(self, arrived: Arrived, said: Said, request: Request) -> bool | None:
        """Find the reply to a request, and do what it says."""
        reply = await self._answered(said, request)
        decided_ms = arrived.sensed_ms
        turn = Turn(
            said=said,
            reply=reply,
            ended_ms=decided_ms - (said.at_ms - said.ended_ms),
            decided_ms=decided_ms,
            heard_ms=arrived.at_ms,
            replied_ms=time.monotonic() * 1000,
        )
        self._changed.set()
        if reply.looks is not None:
            return await self._look(turn, reply.looks, request, arrived.device)
        if reply.command is not None:
            return await self._command(turn, reply.command, arrived.device)
        return await self._reply(turn, arrived.device)

    async def _answered(self, said: Said, request: Request) -> Reply:
        """The mind's reply; a wearer who has to wait for it is told so."""
        answer = asyncio.ensure_future(self._router.answer(request))
        try:
            done, _ = await asyncio.wait({answer}, timeout=MOMENT_S)
            if not done:
                await self._speak(
                    "One moment.", lambda _: None, None, lambda: not answer.done() and self._newest is said
                )
            return await answer
        finally:
            answer.cancel()

    async def _reply(self, turn: Turn, device: str) -> bool | None:
        """Speak a turn's reply, unless something newer was said before it came to that."""
        if self._newest is not turn.said:
            return None
        return await self._speak(turn.reply.text, lambda at_ms: self._sounding(turn, at_ms), device)

    async def _command(self, turn: Turn, command: CalibrateGaze | Forget, device: str) -> bool | None:
        """Have the glasses do it, and tell the wearer's part; what came of it is told when they answer."""
        waiting = (device, type(command).__name__)
        self._commanded.add(waiting)  # before it leaves: the answer may be quicker than the broker's receipt
        if not await self._link.send(device, command):
            self._commanded.discard(waiting)
            return await self._speak("Your glasses don't answer.", lambda _: None, device)
        return await self._reply(turn, device) if turn.reply.text else None

    def _tell_outcome(self, device: str, event: AnyEvent) -> None:
        """Say what came of a command that the wearer had given."""
        if not isinstance(event, Done | GazeCalibrated):
            return
        answered = (device, event.name if isinstance(event, Done) else CalibrateGaze.__name__)
        if answered not in self._commanded:
            return
        if isinstance(event, Done):
            self._commanded.discard(answered)
        if text := came_of_it(event):
            self._start(self._speak(text, lambda _: None, device))

    def _mind_gaze(self, device: str, vitals: Vitals) -> None:
        """Ask for a new calibration, once each time that the old one stops holding."""
        if vitals.gaze == "drifted" and device not in self._drifted:
            say(f"{device}: the glasses have slipped, their gaze calibration holds no more: calibrate anew")
            self._drifted.add(device)
        elif vitals.gaze == "calibrated":
            self._drifted.discard(device)

    def _mind_loss(self, device: str, vitals: Vitals) -> None:
        """Tell that the glasses were cut off, once each time: requests may have been among what they could not send."""
        key = (device, vitals.session)
        before, self._unsent[key] = self._unsent.get(key, 0), vitals.unsent
        if vitals.unsent > before:
            say(f"{device}: could not reach this host for a while; what they had to tell meanwhile is lost")

    async def _look(self, turn: Turn, looking: Looking, request: Request, device: str) -> bool | None:
        """Have the glasses look, and speak what they saw, unless something newer was said meanwhile."""
        said = turn.said
        meant_ms = pointed_ms(said.text, said.started_ms, said.ended_ms)
        sighted = await self._looks.look(device, looking, meant_ms)
        if self._newest is not turn.said:
            return None
        turn.reply = await self._router.sighted(looking, sighted, request)
        turn.replied_ms = time.monotonic() * 1000
        self._changed.set()
        return await self._reply(turn, device)

    def _notice(self, event: LookedAt) -> None:
        """Remember what was looked at, for "where did I leave it"."""
        try:
            self._router.noticed(event, self.now())
        except StoreError as error:
            say(str(error))

    async def until_hears(self, device: str) -> None:
        """Wait until these glasses are connected and sensing."""
        while not self._link.registry.senses(device):
            self._news.clear()
            await self._news.wait()

    @property
    def silent(self) -> bool:
        """Whether no reply is sounding or about to."""
        return not self._speaking

    async def keep_time(self) -> None:
        """Ring what is due, until cancelled."""
        while True:
            self._changed.clear()
            try:
                if step_s := self._clock.set_by(time.time(), stamp_ms() / 1000):
                    self._router.clock_set(step_s)
                for ring in self._router.due(self.now()):
                    await self._ring(ring)
                due = self._router.next_due()
                if due is None:
                    self._clock.look_away()
            except StoreError as error:
                say(str(error))
                await asyncio.sleep(TRY_AGAIN_S)
                continue
            await self._sleep_until(due)

    async def _ring(self, ring: Ring) -> None:
        """Have it sound, and remember that it did: what cannot be written must not keep the next one from ringing."""
        self.observer.ringing(ring)
        while (began := await self._speak(ring.text, lambda _: None, None)) is False:
            continue  # silenced by a newer request before its first sound: it rings after that one's reply
        if began:
            try:
                self._router.rang(ring)
            except StoreError as error:
                say(str(error))

    async def close(self) -> None:
        """Fall silent and let go of the replies that are still to be spoken."""
        self._player.stop()
        await end(list(self._speaking))

    async def _speak(
        self,
        text: str,
        started: Callable[[float], None],
        device: str | None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> bool | None:
        """Whether it began to sound; None when it cannot. wanted: as `Player.say` asks."""
        began = None
        try:
            began = await self._pronounced(text, started, wanted)
        except VoiceError as error:
            say(str(error))
        if device is not None:
            await self._link.send(device, AwaitReply(window_ms=self._follow_up_ms))
        return began

    async def _pronounced(self, text: str, started: Callable[[float], None], wanted: Callable[[], bool]) -> bool:
        """Whether it began to sound, or that it cannot be pronounced did. Raises VoiceError."""
        try:
            spoken = await self._player.say(text, started, wanted)
        except UnspeakableError as error:
            say(str(error))
            spoken = await self._player.say("I can't pronounce that.", started, wanted)
        return spoken.first_sound_ms is not None

    def _sounding(self, turn: Turn, at_ms: float) -> None:
        turn.sounded_ms = at_ms
        self.observer.sounding(turn)

    def _start(self, work: Coroutine[None, None, bool | None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._speaking.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[bool | None]) -> None:
        self._speaking.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler({"message": "a reply failed", "exception": error})

    async def _sleep_until(self, due: datetime | None) -> None:
        left = LOOK_AGAIN_S if due is None else min(CLOCK_STEP_S, (due - self.now()).total_seconds())
        try:
            async with asyncio.timeout(max(0.0, left)):  # Python 3.11's wait_for() may swallow a cancellation
                await self._changed.wait()
        except TimeoutError:
            return

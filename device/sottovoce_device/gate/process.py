"""The gate process: judges what sense says, publishes it, and hands the host's commands in."""

import asyncio
import secrets
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Final

import psutil
from msgspec.structs import replace

from sottovoce_device import __version__
from sottovoce_device.config import Config, socket_path, wearer_folder
from sottovoce_device.errors import EnrolmentError
from sottovoce_device.gate.activation import handed_over
from sottovoce_device.gate.budget import RESERVE_BITS, BitBudget
from sottovoce_device.gate.budget_book import Book, book_path
from sottovoce_device.gate.gaze_keeper import GazeKeeper
from sottovoce_device.gate.inlet import Inlet
from sottovoce_device.gate.judge import Judge
from sottovoce_device.gate.ledger import Ledger, ledger_path
from sottovoce_device.gate.session import Session
from sottovoce_device.gate.slots import Slots
from sottovoce_device.gate.tether import Tether
from sottovoce_device.gate.uplink import Uplink
from sottovoce_device.learnt import forget
from sottovoce_trust.errors import PairingError
from sottovoce_wire import (
    AnyEvent,
    CalibrateGaze,
    Done,
    EnrolVoice,
    Forget,
    Lateness,
    Mute,
    SetPolicy,
    Status,
    Unpair,
    Vitals,
    WireError,
    decode_command,
    stamp_ms,
)
from sottovoce_wire.commands import AnyCommand, Command
from sottovoce_wire.ending import end
from sottovoce_wire.faults import tell_faults, tell_faults_of
from sottovoce_wire.no_core import forbid_core
from sottovoce_wire.topics import parse_topic, renewal_topic
from sottovoce_wire.watchdog import keep_watchdog

REMEMBERED: Final = 64
"""How many commands are remembered to recognise one that the broker delivers twice."""
POOR_S: Final = 0.2
"""How long the gate's own word waits for the budget before it asks again."""
_MOST: Final = 1_000_000
_NO_VOICE: Final = (
    "the host asked for the wearer's voice to be learnt: no process with a network may hold a voice, so it is learnt at"
    " the glasses: run `sottovoce-device enrol` there"
)


class Gate:
    """Between sense and the broker. Nothing passes that the judge has not rebuilt."""

    def __init__(self, config: Config) -> None:
        self._session = Session(lambda: secrets.randbits(32), asleep_ms())
        budget = BitBudget(Book(book_path(config)))
        self._ledger = Ledger(ledger_path(config))
        self._judge = Judge(
            self._session.number(asleep_ms()), config.gate.withheld, self._with_own, budget, self._ledger.note
        )
        self._slots = Slots()
        self._wearer_folder = wearer_folder(config)
        self._inlet = Inlet(socket_path(config), handed_over())
        self._uplink = Uplink(config.device.name, say)
        self._tether = Tether(config, self._uplink, say)
        self._renewals = renewal_topic(config.device.name)
        self._gaze = GazeKeeper(wearer_folder(config))
        self._lateness = Lateness()
        self._seen: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)
        self._muted = False
        self._refused = 0

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        tell_faults_of(loop, say)
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
        tasks = [
            asyncio.create_task(self._inlet.serve(self._from_sense, self._sense_changed)),
            asyncio.create_task(self._ledger.serve()),
            asyncio.create_task(keep_watchdog()),
            asyncio.create_task(self._tether.hold(self._greeting, self._from_host, self._farewell)),
        ]
        waiting = asyncio.create_task(stopped.wait())
        try:
            done, _ = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {waiting}:
                task.result()
        finally:
            waiting.cancel()
            await end(tasks)
            self._inlet.close()

    def _status(self, alive: bool) -> Status:
        return Status(
            session=self._session.number(asleep_ms()),
            at_ms=round(now_ms()),
            alive=alive,
            sensing=alive and self._inlet.connected,
            muted=self._muted,
            device_version=__version__,
        )

    def _greeting(self, alive: bool) -> Status:
        """The status of a connection that is made, and its last will."""
        status = self._status(alive)
        self._judge.owe(status, round(now_ms()))
        return status

    async def _sense_changed(self, connected: bool) -> None:
        if connected:
            self._inlet.send(Mute(muted=self._muted))
        say("sense is here" if connected else "sense has gone")
        await self._publish_own(lambda: self._status(alive=True), RESERVE_BITS)

    async def _from_sense(self, data: bytes) -> None:
        """Judge it and publish it in its slot. Every message has one: a sense that floods waits."""
        slot_ms = self._slots.take(now_ms())
        self._judge.session = self._session.number(asleep_ms())
        try:
            if self._gaze.take(data):
                return
        except PairingError as error:
            say(str(error))
            return
        event = self._judge.judge(data, slot_ms)
        if isinstance(event, Done) and event.name == CalibrateGaze.__name__:
            self._gaze.over()
        await _until(slot_ms)
        if event is not None:
            await self._uplink.publish(event)

    async def _from_host(self, topic: str, payload: bytes, retained: bool) -> None:
        if topic == self._renewals:
            self._refused += not self._tether.renew(payload)
            return
        try:
            command = decode_command(payload)
            fits = parse_topic(topic).tag == type(command).__name__ and not retained
        except WireError:
            fits = False
        if not fits:
            self._refused += 1
            return
        if (command.session, command.seq) in self._seen:
            return
        self._seen.append((command.session, command.seq))
        late_ms = self._lateness.step(command.session, command.sent_ms, now_ms())
        if command.valid_ms is not None and late_ms > command.valid_ms:
            await self._answer(command, "late")
            return
        await self._obey(command)

    async def _obey(self, command: AnyCommand) -> None:
        if isinstance(command, SetPolicy):
            self._judge.set_policy(command)
            await self._answer(command, "done")
            return
        if isinstance(command, Unpair):
            if not self._tether.unpair():
                await self._answer(command, "unsupported")
            return  # the keys are gone; the farewell is the answer
        if (what := to_forget(command)) is not None:
            await self._forget(command, what)
            return
        if isinstance(command, EnrolVoice):
            say(_NO_VOICE)
            await self._answer(command, "unsupported")
            return
        if isinstance(command, CalibrateGaze):
            self._gaze.expect()
        passed_on = self._inlet.send(command)
        if isinstance(command, Mute):
            self._muted = command.muted
            await self._publish_own(lambda: self._status(alive=True))
            if not passed_on:  # a sense that comes later is told before it hears anything
                await self._answer(command, "done")
        elif not passed_on:
            await self._answer(command, "failed")

    async def _forget(self, command: AnyCommand, what: str) -> None:
        """Erase what is kept of the wearer. Of the gaze sense is told; that the voice has gone it sees itself."""
        self._gaze.over()
        try:
            forget(self._wearer_folder, what)
        except EnrolmentError as error:
            say(str(error))
            await self._answer(command, "failed")
            return
        if what == "voice" or not self._inlet.send(command):
            await self._answer(command, "done")

    async def _answer(self, command: Command, outcome: str) -> None:
        name = type(command).__name__
        await self._publish_own(
            lambda: Done(at_ms=round(now_ms()), command=command.seq, name=name, outcome=outcome)  # type: ignore[arg-type]
        )

    async def _farewell(self) -> None:
        """The last word under keys that are already destroyed: the host can forget these glasses, too."""
        await self._answer(Unpair(), "done")

    async def _publish_own(self, make: Callable[[], AnyEvent], keep_bits: int = 0) -> None:
        """Publish what the gate itself says, made when the budget has enough for it."""
        while True:
            slot_ms = self._slots.take(now_ms())
            self._judge.session = self._session.number(asleep_ms())
            event = self._judge.own(make(), slot_ms, keep_bits)
            await _until(slot_ms)
            if event is not None:
                await self._uplink.publish(event)
                return
            await asyncio.sleep(POOR_S)

    def _with_own(self, vitals: Vitals) -> Vitals:
        """Sense's vitals with what only the gate knows; what sense says of that is ignored."""
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
        own_mb = psutil.Process().memory_info().rss / 1_048_576
        return replace(
            vitals,
            battery=None if battery is None else min(100, max(0, round(battery.percent))),
            temperature=processor_temperature(),
            load=min(100, round(psutil.cpu_percent())),
            memory_mb=min(1_048_576, vitals.memory_mb + round(own_mb)),
            text_dropped=min(_MOST, self._judge.over_budget),
            refused=min(_MOST, self._judge.refused + self._refused),
            unsent=min(_MOST, self._uplink.unsent),
        )


def to_forget(command: AnyCommand) -> str | None:
    """What of the wearer this command has the glasses forget; None where it is another command."""
    if isinstance(command, EnrolVoice) and command.action == "erase":
        return "voice"
    return command.what if isinstance(command, Forget) else None


def processor_temperature() -> int | None:
    """Degrees Celsius of the hottest sensor, where the kernel shows any."""
    try:
        found = psutil.sensors_temperatures()
    except (AttributeError, OSError):
        return None
    degrees = [entry.current for entries in found.values() for entry in entries]
    return min(125, max(-40, round(max(degrees)))) if degrees else None


async def _until(slot_ms: int) -> None:
    """Wait for the beginning of a slot."""
    await asyncio.sleep(max(0.0, slot_ms - now_ms()) / 1000)


def now_ms() -> float:
    """The gate's clock: monotonic, the same for all processes of one machine."""
    return time.monotonic() * 1000


def asleep_ms() -> float:
    """How long this machine was asleep, all in all: by so much a clock that goes on in sleep is ahead of the gate's."""
    return stamp_ms() - now_ms()


def say(line: str) -> None:
    """A line of the log: what happened to the link, never what was heard."""
    sys.stderr.write(f"gate: {line}\n")


def run_gate(config: Config) -> None:
    """Run until SIGTERM or SIGINT."""
    forbid_core()
    tell_faults(say)
    asyncio.run(Gate(config).run())

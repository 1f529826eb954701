"""The host process: broker, link, mind and voice on one event loop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sottovoce_host.config import Config, memory_path
from sottovoce_host.conversation import Conversation
from sottovoce_host.link.house import open_link
from sottovoce_host.log import say
from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.router import Router
from sottovoce_host.mind.skill_thread import SkillThread
from sottovoce_host.skills import load_skills
from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.player import Player
from sottovoce_host.voice.sink import open_sink
from sottovoce_wire.ending import end
from sottovoce_wire.faults import tell_faults, tell_faults_of
from sottovoce_wire.no_core import forbid_core
from sottovoce_wire.settings import SettingsError
from sottovoce_wire.watchdog import keep_watchdog


def zone_of(config: Config) -> tzinfo | None:
    """The wearer's time zone; None is this computer's own. Raises SettingsError for a name that is none."""
    name = config.mind.timezone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
        raise SettingsError(f'[mind] timezone = "{name}": no such zone; write it as "Europe/Berlin"') from None


@asynccontextmanager
async def running_host(config: Config, skills: Sequence[SkillThread] | None = None) -> AsyncIterator[Conversation]:
    """A host that listens and answers while the context lasts. skills: the user's; None loads them.

    Raises SottovoceError, in one line, where a part of it cannot start or go on.
    """
    zone = zone_of(config)
    tell_faults_of(asyncio.get_running_loop(), say)
    async with AsyncExitStack() as stack:
        memory = Memory(memory_path(config))
        stack.callback(memory.close)
        router = Router(memory, load_skills(config) if skills is None else skills)
        synthesiser = Synthesiser()
        link, housekeeping = await open_link(stack, config)
        sink = open_sink(config.voice)
        stack.callback(sink.close)
        await asyncio.to_thread(_warm, router, synthesiser)
        conversation = Conversation(
            link, router, Player(synthesiser, sink, link.announce, link.tell_all), zone, config.mind.follow_up_ms
        )
        parent = asyncio.current_task()
        work = [link.run(conversation.take), conversation.keep_time(), housekeeping()]
        tasks = [asyncio.create_task(part) for part in work]
        for task in tasks:
            task.add_done_callback(lambda done: _end_with(done, parent))
        try:
            yield conversation
        except asyncio.CancelledError:
            for task in tasks:
                if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                    raise error from None
            raise
        finally:
            await conversation.close()
            await end(tasks)


def _end_with(done: asyncio.Task[None], parent: asyncio.Task[None] | None) -> None:
    """A part that fails ends the whole: crash only, with its error."""
    if not done.cancelled() and done.exception() is not None and parent is not None:
        parent.cancel()


def _warm(router: Router, synthesiser: Synthesiser) -> None:
    router.warm()
    synthesiser.warm()


def run_host(config: Config) -> None:
    """Run until SIGTERM or SIGINT."""
    forbid_core()
    tell_faults(say)
    skills = load_skills(config)  # before there is a loop: a signal ends at once what one of them waits for
    asyncio.run(_run_host(config, skills))


async def _run_host(config: Config, skills: Sequence[SkillThread]) -> None:
    stopped = asyncio.Event()
    async with running_host(config, skills):  # until it runs, a signal ends it at once: nothing was promised yet
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        alive = asyncio.create_task(keep_watchdog())
        await stopped.wait()
        alive.cancel()

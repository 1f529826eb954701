"""The host's end of the wire: what it lets in, what it counts, and how its commands leave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from typing import Any

import pytest
from glasses import Glasses, now_ms, until

from sottovoce_host.demo.process import free_port
from sottovoce_host.errors import BrokerError
from sottovoce_host.link.broker import embedded_broker
from sottovoce_host.link.link import Arrived, Link
from sottovoce_host.link.registry import Registry
from sottovoce_wire import (
    AwaitReply,
    Command,
    Forget,
    Interrupted,
    Mute,
    Pressed,
    Said,
    SetPolicy,
    Speaking,
    Status,
    Unpair,
    encode,
)
from sottovoce_wire.topics import event_topic


def event(seq: int, session: int = 1, at_ms: int = 0) -> Interrupted:
    return Interrupted(session=session, seq=seq, at_ms=at_ms, turn=0)


def status(session: int = 1, seq: int = 0, *, alive: bool = True) -> Status:
    return Status(session=session, seq=seq, at_ms=0, alive=alive, sensing=alive, muted=False, device_version="1")


def missing_after(*events: Any) -> int:
    registry = Registry()
    for number, taken in enumerate(events):
        registry.take("specs", taken, 1000.0 + number)
    return registry.glasses["specs"].missing


def test_events_that_never_came_are_counted_by_the_gap_in_their_numbers() -> None:
    assert missing_after(event(1), event(2), event(3)) == 0
    assert missing_after(event(1), event(2), event(6), event(8)) == 4


def test_glasses_that_start_anew_have_lost_nothing_whatever_their_numbers_are() -> None:
    assert missing_after(event(40), event(1, session=2), event(2, session=2)) == 0
    assert missing_after(event(1), event(40, session=2), event(42, session=2)) == 1


def test_an_event_that_comes_twice_is_no_gap() -> None:
    assert missing_after(event(1), event(2), event(2), event(3)) == 0


def test_a_status_is_outside_the_sequence() -> None:
    assert missing_after(event(5), status(seq=0), event(6), status(session=9, seq=70), event(7)) == 0


def test_each_pair_of_glasses_has_its_own_sequence_and_is_alive_by_its_own_status() -> None:
    registry = Registry()
    for name, seq in (("left", 1), ("right", 50), ("left", 2), ("right", 51)):
        registry.take(name, event(seq), 0.0)
    assert [glasses.missing for glasses in registry.glasses.values()] == [0, 0]
    assert registry.alive() == []
    registry.take("left", status(), 0.0)
    registry.take("right", status(alive=False), 0.0)
    assert registry.alive() == ["left"]
    assert registry.senses("left")
    assert not registry.senses("right")
    assert not registry.senses("nobody")


class Linked:
    """A link to a broker of its own, a pair of glasses on it, and what arrived."""

    def __init__(self, link: Link, port: int) -> None:
        self.link = link
        self.port = port
        self.arrived: list[Arrived] = []
        self.glasses: Glasses

    async def take(self, arrived: Arrived) -> None:
        self.arrived.append(arrived)

    @property
    def events(self) -> list[Any]:
        return [a.event for a in self.arrived if not isinstance(a.event, Status)]


@asynccontextmanager
async def linked() -> AsyncIterator[Linked]:
    port = free_port()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(embedded_broker("127.0.0.1", port))
        made = Linked(Link("127.0.0.1", port), port)
        running = asyncio.create_task(made.link.run(made.take))
        made.glasses = await asyncio.to_thread(Glasses, port)
        stack.callback(made.glasses.close)
        await asyncio.to_thread(until, made.link.registry.alive, "the host knows the glasses")
        try:
            yield made
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


@asynccontextmanager
async def tapped(broker_port: int) -> AsyncIterator[tuple[int, list[int]]]:
    """A port that leads to the broker, and the QoS of each message that a client sends through it.

    amqtt delivers at the subscriber's QoS whatever the sender's was: only on the way in is the sender's to be seen.
    """
    qualities: list[int] = []

    async def carry(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: Callable[[int], None] = lambda _: None
    ) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:  # a packet of MQTT 3.1.1: first byte, length in base 128, the rest
                packet = await reader.readexactly(1)
                seen(packet[0])
                length = shift = 0
                while not shift or packet[-1] & 128:
                    packet += await reader.readexactly(1)
                    length |= (packet[-1] & 127) << shift
                    shift += 7
                writer.write(packet + await reader.readexactly(length))
        writer.close()

    def seen(first: int) -> None:
        if first >> 4 == 3:  # PUBLISH
            qualities.append(first >> 1 & 3)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_broker, to_broker = await asyncio.open_connection("127.0.0.1", broker_port)
        await asyncio.gather(carry(reader, to_broker, seen), carry(from_broker, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], qualities


def with_link(scenario: Callable[[Linked], Awaitable[None]]) -> None:
    async def run() -> None:
        async with linked() as made:
            await scenario(made)

    asyncio.run(run())


def test_what_is_not_of_the_wire_is_refused_and_counted_and_the_next_event_arrives() -> None:
    async def scenario(host: Linked) -> None:
        good = event(1, session=7, at_ms=now_ms())
        own = event_topic("specs", good)
        for topic, payload in (
            (own, b"nonsense"),
            (own, b""),
            (own, encode(good) + b" "),
            (own, encode(Mute(muted=True))),
            (own.replace("Interrupted", "Said"), encode(good)),
            (own, encode(status())),
            ("sottovoce/1/Not-A-Name/event/Interrupted", encode(good)),
            ("sottovoce/1/specs/status", encode(good)),
        ):
            await asyncio.to_thread(host.glasses.publish, topic, payload)
        await asyncio.to_thread(host.glasses.publish, own, encode(good))
        await asyncio.to_thread(until, lambda: host.events, "the good one arrives")
        assert host.events == [good]
        assert host.link.registry.refused == 8
        assert host.arrived[-1].size == len(encode(good))
        assert host.arrived[-1].device == "specs"

    with_link(scenario)


def test_an_event_that_a_broker_has_kept_is_refused() -> None:
    async def scenario() -> None:
        port = free_port()
        async with embedded_broker("127.0.0.1", port):
            with closing(await asyncio.to_thread(Glasses, port)) as glasses:
                kept = event(1, session=7, at_ms=now_ms())
                await asyncio.to_thread(glasses.publish, event_topic("specs", kept), encode(kept), retain=True)
                link = Link("127.0.0.1", port)
                host = Linked(link, port)
                running = asyncio.create_task(link.run(host.take))
                await asyncio.to_thread(until, lambda: link.registry.refused, "the kept event is refused")
                await asyncio.to_thread(until, link.registry.alive, "a kept status is taken")
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
                assert host.events == []
                assert link.registry.refused == 1

    asyncio.run(scenario())


def test_an_event_that_is_late_by_more_than_five_seconds_is_let_go_and_counted() -> None:
    async def scenario(host: Linked) -> None:
        base = now_ms()
        for late_ms in (0, 4_000, 6_000, 60_000, 0):
            await asyncio.to_thread(host.glasses.tell, Interrupted(at_ms=base - late_ms, turn=late_ms // 1000))
        await asyncio.to_thread(until, lambda: len(host.events) == 3, "those in time arrive")
        assert [taken.turn for taken in host.events] == [0, 4, 0]
        assert host.link.registry.stale == 2
        assert host.link.registry.refused == 0
        assert host.link.registry.glasses["specs"].missing == 0, "a late event is not a missing one"

    with_link(scenario)


def test_an_event_tells_when_it_was_sensed_by_the_clock_of_the_host() -> None:
    async def scenario(host: Linked) -> None:
        strange = 5_000_000  # the glasses' clock began at another time
        for late_ms in (0, 2_000):
            at_ms = now_ms() + strange - late_ms
            await asyncio.to_thread(host.glasses.tell, Pressed(at_ms=at_ms, button="top", action="tapped"))
        await asyncio.to_thread(until, lambda: len(host.events) == 2, "both arrive")
        first, second = (a for a in host.arrived if not isinstance(a.event, Status))
        assert first.sensed_ms == first.at_ms
        assert second.at_ms - second.sensed_ms == pytest.approx(2_000, abs=200)

    with_link(scenario)


def test_commands_leave_signed_in_order_and_at_the_quality_that_they_deserve() -> None:
    wanted: list[tuple[Command, int]] = [
        (Speaking(speaking=True, lasts_ms=900), 0),
        (AwaitReply(window_ms=8000), 0),
        (Mute(muted=True), 1),
        (Forget(what="voice"), 1),
        (SetPolicy(mode="shadow", withheld=("Read",)), 1),
        (Unpair(), 1),
    ]

    async def scenario(host: Linked) -> None:
        async with tapped(host.port) as (port, qualities):
            link = Link("127.0.0.1", port)
            running = asyncio.create_task(link.run(host.take))
            before = now_ms()
            await asyncio.to_thread(until, link.registry.alive, "the tapped link is connected")
            for command, _ in wanted:
                assert await link.send("specs", command)  # type: ignore[arg-type]
            await asyncio.to_thread(until, lambda: len(host.glasses.commands) == len(wanted), "all commands come")
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        got = [command for command, _ in host.glasses.commands]
        assert [type(command) for command in got] == [type(command) for command, _ in wanted]
        assert qualities == [qos for _, qos in wanted]
        assert [command.seq for command in got] == list(range(1, len(wanted) + 1))
        assert len({command.session for command in got}) == 1
        assert all(before <= command.sent_ms <= now_ms() for command in got)
        assert got[0].lasts_ms == 900

    with_link(scenario)


def test_a_reply_is_announced_to_all_glasses_that_are_there_and_to_no_others() -> None:
    async def scenario(host: Linked) -> None:
        with closing(await asyncio.to_thread(Glasses, host.port, "second")) as second:
            await asyncio.to_thread(until, lambda: len(host.link.registry.alive()) == 2, "both are known")
            await host.link.announce(True, 1234)
            for glasses in (host.glasses, second):
                await asyncio.to_thread(until, lambda glasses=glasses: glasses.got(Speaking), "it is announced")
            await asyncio.to_thread(second.status, alive=False)
            await asyncio.to_thread(until, lambda: host.link.registry.alive() == ["specs"], "one has gone")
            await host.link.announce(False, 0)
            await asyncio.to_thread(until, lambda: len(host.glasses.got(Speaking)) == 2, "the end is announced")
            assert [(c.speaking, c.lasts_ms) for c in host.glasses.got(Speaking)] == [(True, 1234), (False, 0)]
            assert [c.speaking for c in second.got(Speaking)] == [True]

    with_link(scenario)


def test_a_command_for_which_there_is_no_connection_did_not_leave() -> None:
    assert not asyncio.run(Link("127.0.0.1", free_port()).send("specs", Mute(muted=True)))


def test_a_broker_whose_port_is_taken_is_refused_in_one_line_with_the_cure() -> None:
    async def scenario(host: Linked) -> None:
        with pytest.raises(BrokerError, match=rf"127\.0\.0\.1:{host.port} .*set another \[broker\] port"):
            async with embedded_broker("127.0.0.1", host.port):
                pass
        await asyncio.to_thread(host.glasses.say, "still here")
        await asyncio.to_thread(until, lambda: host.events, "the first broker goes on")
        assert isinstance(host.events[0], Said)

    with_link(scenario)

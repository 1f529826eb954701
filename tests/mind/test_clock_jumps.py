"""The wall clock is set while timers run: forward by a time server, back by a wearer, by hours, again and again."""

from datetime import UTC, datetime, timedelta

import pytest
from asking import TUESDAY, reply_of
from hypothesis import given
from hypothesis import strategies as st

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.router import Router
from sottovoce_host.mind.wall_clock import WallClock

STEPS_S = st.one_of(st.floats(-86_400, 86_400), st.floats(0, 120))
"""How far the clock has come since it was read last: a jump, or what a clock does."""


@given(st.lists(st.tuples(STEPS_S, st.sampled_from(["look", "set", "ring in vain", "restart"])), max_size=40))
def test_whatever_the_clock_does_every_timer_rings_once_when_it_says_so_and_none_is_lost(
    life: list[tuple[float, str]],
) -> None:
    memory, now, rung = Memory(None), TUESDAY, list[int]()
    router, confirmed = Router(memory), 0
    for step_s, act in [*life, (0.0, "restart")]:
        now += timedelta(seconds=step_s)
        if act == "set":
            confirmed += reply_of(router, "set a timer for ten minutes", now).text == "Timer set for ten minutes."
        elif act == "restart":
            router = Router(memory)
        for ring in router.due(now):
            assert ring.due_s <= now.timestamp()
            if act != "ring in vain":
                router.rang(ring)
                rung.append(ring.timer)
    for ring in Router(memory).due(now + timedelta(days=50)):
        rung.append(ring.timer)
    assert sorted(rung) == list(range(1, confirmed + 1))
    memory.close()


@pytest.mark.parametrize("step", [timedelta(hours=3), timedelta(hours=-3)], ids=["forward", "back"])
def test_a_timer_lasts_as_long_as_it_was_set_for_and_an_alarm_goes_by_the_clock_on_the_wall(step: timedelta) -> None:
    memory, clock = Memory(None), WallClock()
    router, steady_s = Router(memory), 500.0
    reply_of(router, "set a timer for ten minutes")
    reply_of(router, "wake me at half past seven in the evening")
    assert clock.set_by(TUESDAY.timestamp(), steady_s) == 0
    later = TUESDAY + timedelta(minutes=4) + step
    router.clock_set(clock.set_by(later.timestamp(), steady_s + 240))
    assert router.due(later + timedelta(minutes=5, seconds=59)) == []
    over, evening = later + timedelta(minutes=6), datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
    texts = [ring.text for at in (over, max(over, evening)) for ring in router.due(at)]
    assert texts == ["Your timer for ten minutes is done.", "It's half past seven: your alarm."]
    memory.close()


def test_a_timer_that_is_ringing_does_not_ring_again_because_the_clock_is_set() -> None:
    memory = Memory(None)
    router = Router(memory)
    reply_of(router, "set a timer for ten minutes")
    (ring,) = router.due(TUESDAY + timedelta(minutes=10))
    router.clock_set(3600.0)
    router.rang(ring)
    assert router.due(TUESDAY + timedelta(days=1)) == []
    memory.close()


def test_a_clock_that_only_goes_was_not_set_and_nor_was_one_nobody_looked_at() -> None:
    clock = WallClock()
    assert [clock.set_by(wall_s, steady_s) for wall_s, steady_s in ((1000, 5), (1001.2, 6), (9001, 8006))] == [0, 0, 0]
    clock.look_away()
    assert clock.set_by(50_000, 8007) == 0
    assert clock.set_by(46_400 + 1, 8008) == -3600

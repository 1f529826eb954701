"""What rings, when, and how late."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from asking import Ask, reply_of

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.router import Router

LONDON = ZoneInfo("Europe/London")


def test_a_timer_rings_once(router: Router, ask: Ask, now: datetime) -> None:
    ask("set a pasta timer for nine minutes")
    assert router.next_due() == now + timedelta(minutes=9)
    assert router.due(now + timedelta(minutes=8, seconds=59)) == []
    assert [reply.text for reply in router.due(now + timedelta(minutes=9))] == ["Your pasta timer is done."]
    assert router.due(now + timedelta(minutes=10)) == []
    assert router.next_due() is None


@pytest.mark.parametrize(
    ("said", "after", "ring"),
    [
        ("set a timer for nine minutes", timedelta(minutes=9), "Your timer for nine minutes is done."),
        ("wake me at half past six", timedelta(hours=2, minutes=10), "It's half past six: your alarm."),
        ("set an alarm for six called gym", timedelta(hours=1, minutes=40), "It's six o'clock: your gym alarm."),
        ("remind me in ten minutes to call mum", timedelta(minutes=10), "Reminder: call mum."),
        ("remind me in ten minutes about code 4512", timedelta(minutes=10), "Reminder: code four five one two."),
    ],
)
def test_what_rings_says_what_it_is(
    router: Router, ask: Ask, now: datetime, said: str, after: timedelta, ring: str
) -> None:
    ask(said)
    assert [reply.text for reply in router.due(now + after)] == [ring]


def test_what_rang_can_be_snoozed(router: Router, ask: Ask, now: datetime) -> None:
    ask("wake me at half past six")
    rung = now + timedelta(hours=2, minutes=10)
    for ring in router.due(rung):
        router.rang(ring)
    assert ask("snooze", rung).text == "Again in nine minutes."
    assert ask("snooze for five minutes", rung).text == "Again in five minutes."
    assert router.next_due() == rung + timedelta(minutes=5)


def test_timers_survive_a_restart_and_say_how_late_they_are(path: Path, now: datetime) -> None:
    first = Memory(path)
    asked = Router(first)
    for said in (
        "set a pasta timer for nine minutes",
        "wake me at five",
        "remind me in 20 minutes to call mum",
        "set a timer for five hours",
    ):
        reply_of(asked, said, now)
    first.close()
    second = Memory(path)
    late = now + timedelta(hours=1)
    router = Router(second)
    rings = router.due(late)
    assert [ring.text for ring in rings] == [
        "Your pasta timer was done fifty-one minutes ago.",
        "Reminder, forty minutes late: call mum.",
        "I missed your alarm: it was set for five in the afternoon, twenty minutes ago.",
    ]
    for ring in rings[:2]:
        router.rang(ring)
    second.close()
    third = Memory(path)
    assert [ring.text for ring in Router(third).due(late)] == [rings[2].text], "what had not sounded rings again"
    assert Router(third).next_due() == now + timedelta(hours=1, minutes=-20)
    third.close()


def test_a_timer_across_the_change_of_clocks_lasts_as_long_as_it_was_set_for(router: Router) -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=LONDON)
    reply_of(router, "set a timer for two hours", night)
    assert router.next_due() == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_timer_that_is_cancelled_while_it_rings_does_not_silence_the_next_one(
    router: Router, ask: Ask, now: datetime
) -> None:
    ask("set a pasta timer for nine minutes")
    rung = now + timedelta(minutes=9)
    (ring,) = router.due(rung)
    assert ask("cancel the pasta timer", rung).text == "Pasta timer cancelled."
    ask("set an egg timer for five minutes", rung)  # sqlite gives it the number of the one that is gone
    router.rang(ring)
    assert router.next_due() == rung + timedelta(minutes=5)
    assert [ring.text for ring in router.due(rung + timedelta(minutes=5))] == ["Your egg timer is done."]


def test_a_timer_that_is_extended_while_it_rings_rings_again(router: Router, ask: Ask, now: datetime) -> None:
    ask("set a pasta timer for nine minutes")
    rung = now + timedelta(minutes=9)
    (ring,) = router.due(rung)
    assert ask("add five minutes to the pasta timer", rung).text == "Five minutes left on the pasta timer."
    router.rang(ring)
    assert router.next_due() == rung + timedelta(minutes=5)
    assert [ring.text for ring in router.due(rung + timedelta(minutes=5))] == ["Your pasta timer is done."]

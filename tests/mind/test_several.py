"""Several things to ring in one breath are all kept, each at its own time, or none is."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory

LONDON = ZoneInfo("Europe/London")
FIVE, SIX, SEVEN, NINE = (f"24 {hour}:00" for hour in (17, 18, 19, 21))

BOTH = {
    "remind me in an hour to call Bob and at nine to take my pills": (
        ("call Bob", "24 17:20"),
        ("take my pills", NINE),
    ),
    "remind me at nine to take my pills and in an hour to call Bob": (
        ("call Bob", "24 17:20"),
        ("take my pills", NINE),
    ),
    "remind me to call Bob at five, and to take my pills at nine": (("call Bob", FIVE), ("take my pills", NINE)),
    "remind me to call Bob at five and then text Ann at six": (("call Bob", FIVE), ("text Ann", SIX)),
    "remind me to call Bob at five and again at six": (("call Bob", FIVE), ("call Bob", SIX)),
    "at five remind me to call Bob and at six to call Ann": (("call Bob", FIVE), ("call Ann", SIX)),
    "remind me tomorrow to call Bob at five and text Ann at six": (("call Bob", "25 17:00"), ("text Ann", "25 18:00")),
    "remind me at five to call Bob and remind me at six to call Ann": (("call Bob", FIVE), ("call Ann", SIX)),
    "wake me at six and at seven": (("", SIX), ("", SEVEN)),
    "set an alarm for 6 and another one for 7": (("", SIX), ("", SEVEN)),
    "wake me at six and remind me to call Bob at seven": (("", SIX), ("call Bob", SEVEN)),
    "set a timer for five minutes and another for ten minutes": (("", "24 16:25"), ("", "24 16:30")),
    "set a timer for 5 minutes and an alarm for six": (("", "24 16:25"), ("", SIX)),
    "set an egg timer for 5 minutes and a rice timer for 40 minutes": (("egg", "24 16:25"), ("rice", FIVE)),
}


@pytest.mark.parametrize(("said", "kept"), BOTH.items())
def test_two_in_one_breath_are_both_kept(
    memory: Memory, ask: Ask, said: str, kept: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    assert ask(said).text.count(".") == len(kept)
    running = [(timer.label, f"{timer.due.astimezone(LONDON):%d %H:%M}") for timer in memory.timers.running()]
    assert running == list(kept)


def test_the_reply_says_each_of_them(ask: Ask) -> None:
    assert ask("Remind me in an hour to call Bob, and at nine to take my pills.").text == (
        "I'll remind you in an hour: call Bob. I'll remind you at nine o'clock this evening: take my pills."
    )


@pytest.mark.parametrize(
    "said",
    [
        "remind me tomorrow at nine to call Bob and at ten to take pills",
        "remind me tomorrow at five to call Bob and at four to call Ann",
        "remind me to call Bob tomorrow at five and to take my pills at nine",
        "remind me to book dinner at seven and a taxi at six",
        "remind me to tell Ann that the party starts at five and ends at six",
    ],
)
def test_where_the_day_or_the_thing_is_unsure_one_is_asked_for_at_a_time(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "One at a time, please."
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("said", "label", "at"),
    [
        ("set a timer for five minutes and 30 seconds", "", "16:25"),
        ("set a timer for an hour and a half", "", "17:50"),
        ("wake me in an hour and 30 minutes", "", "17:50"),
        ("remind me to call Bob and text Ann at five", "call Bob and text Ann", "17:00"),
        ("remind me at six to say we meet at five and leave at nine", "say we meet at five and leave at nine", "18:00"),
        ("remind me in five minutes to buy milk and eggs", "buy milk and eggs", "16:25"),
    ],
)
def test_an_and_within_one_makes_no_second(memory: Memory, ask: Ask, said: str, label: str, at: str) -> None:
    ask(said)
    kept = [(timer.label, f"{timer.due.astimezone(LONDON):%H:%M}") for timer in memory.timers.running()]
    assert kept == [(label, at)]


def test_it_is_the_last_of_those_set_in_one_breath(memory: Memory, ask: Ask, now: datetime) -> None:
    ask("wake me at six and at seven")
    assert ask("cancel that", now).text == "Alarm for seven o'clock this evening cancelled."
    assert len(memory.timers.running()) == 1

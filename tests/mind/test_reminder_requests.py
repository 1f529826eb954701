"""When a reminder is for: said first, said last, and never taken out of the middle of something else."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory

LONDON = ZoneInfo("Europe/London")

KEPT = {
    "at five, remind me to call Bob": ("call Bob", (11, 24, 17, 0)),
    "In ten minutes remind me to check the oven.": ("check the oven", (11, 24, 16, 30)),
    "tomorrow, remind me to call Bob at nine": ("call Bob", (11, 25, 9, 0)),
    "on Friday remind me to put the bins out at seven": ("put the bins out", (11, 27, 7, 0)),
    "remind me in the morning at seven to call Bob": ("call Bob", (11, 25, 7, 0)),
    "remind me to call Bob ten minutes from now": ("call Bob", (11, 24, 16, 30)),
    "remind me to call Bob a week from today at nine": ("call Bob", (12, 1, 9, 0)),
    "remind me to call Bob a week today at noon": ("call Bob", (12, 1, 12, 0)),
    "remind me two weeks today at noon to call Bob": ("call Bob", (12, 8, 12, 0)),
    "remind me to call Bob a week on Friday at noon": ("call Bob", (12, 4, 12, 0)),
    "remind me Monday week at noon to call Bob": ("call Bob", (12, 7, 12, 0)),
    "remind me to call Bob around five": ("call Bob", (11, 24, 17, 0)),
    "remind me at about five to call Bob": ("call Bob", (11, 24, 17, 0)),
    "remind me to call Bob at midnight tomorrow": ("call Bob", (11, 26, 0, 0)),
    "remind me I have a meeting at five": ("I have a meeting", (11, 24, 17, 0)),
    "remind me please to call Bob at five": ("call Bob", (11, 24, 17, 0)),
    "remind me to boil the eggs for ten minutes at six": ("boil the eggs for ten minutes", (11, 24, 18, 0)),
    "remind me to drive around town at five": ("drive around town", (11, 24, 17, 0)),
    "remind me in about ten minutes to call Bob": ("call Bob", (11, 24, 16, 30)),
    "remind me at five: buy milk": ("buy milk", (11, 24, 17, 0)),
    "remind me tomorrow at nine, dentist": ("dentist", (11, 25, 9, 0)),
    "set up a reminder for 5 pm to call Bob": ("call Bob", (11, 24, 17, 0)),
    "I need a reminder to call Bob at five": ("call Bob", (11, 24, 17, 0)),
    "remind me to call Bob at 5 p.m. sharp": ("call Bob", (11, 24, 17, 0)),
    "remind me at five on the dot to call Bob": ("call Bob", (11, 24, 17, 0)),
    "remind me to be there for five": ("be there", (11, 24, 17, 0)),
}


@pytest.mark.parametrize(("said", "kept"), KEPT.items())
def test_when_to_remind_may_stand_anywhere(
    memory: Memory, ask: Ask, said: str, kept: tuple[str, tuple[int, int, int, int]]
) -> None:
    assert ask(said).text.startswith("I'll remind you ")
    due = datetime(2026, *kept[1], tzinfo=LONDON)
    assert [(timer.kind, timer.label, timer.due) for timer in memory.timers.running()] == [("reminder", kept[0], due)]


@pytest.mark.parametrize(
    "said",
    [
        "remind me to call Bob from five to six",
        "remind me to call Bob at five or at six",
        "remind me to drink from Monday to Friday at 8",
        "remind me to call Bob between Monday and Friday at five",
        "remind me to pay the rent on 12/1 at nine",
        "remind me at five if it rains",
        "remind me nine times to drink",
        "remind me at five why I am here",
        "remind me in an hour or two to eat",
    ],
)
def test_a_moment_that_goes_on_from_the_words_before_it_is_not_torn_from_them(
    memory: Memory, ask: Ask, said: str
) -> None:
    assert ask(said).text == "I can't do that yet."
    assert memory.timers.running() == []


def test_how_long_something_takes_is_not_when_to_do_it(ask: Ask) -> None:
    assert ask("remind me to boil the eggs for ten minutes").text == "When?"
    assert ask("at six").text == "I'll remind you at six o'clock this evening: boil the eggs for ten minutes."


@pytest.mark.parametrize(
    ("at", "said", "answer", "due"),
    [
        ("24 16:20", "remind me in the morning to call Bob", "nine", "25 09:00"),
        ("25 03:00", "remind me to call Bob in the morning", "nine", "25 09:00"),
        ("24 11:00", "remind me to call Bob in the afternoon", "three", "24 15:00"),
        ("24 16:20", "remind me to call Bob in the evening", "seven", "24 19:00"),
        ("24 21:20", "remind me to call Bob in the evening", "seven", "25 19:00"),
        ("24 16:20", "tomorrow morning remind me to call Bob", "nine", "25 09:00"),
    ],
)
def test_a_part_of_the_day_is_the_coming_one_and_the_time_in_it_is_asked_for(
    memory: Memory, ask: Ask, at: str, said: str, answer: str, due: str
) -> None:
    now, then = (datetime.strptime(f"2026 11 {day}", "%Y %m %d %H:%M").replace(tzinfo=LONDON) for day in (at, due))
    assert ask(said, now).text == "At what time?"
    assert ask(answer, now).text.startswith("I'll remind you at ")
    assert [timer.due for timer in memory.timers.running()] == [then]


def test_a_time_that_is_over_on_the_day_that_was_said_is_not_moved_to_another(memory: Memory, ask: Ask) -> None:
    assert ask("remind me today to call Bob").text == "At what time?"
    over = ask("at three")
    assert (over.text, over.awaits) == ("That's over already.", True)
    assert ask("at five").text == "I'll remind you at five o'clock this afternoon: call Bob."
    assert len(memory.timers.running()) == 1


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("tomorrow wake me at seven", (25, 7, 0)),
        ("in twenty minutes wake me up", (24, 16, 40)),
        ("tomorrow at noon set an alarm", (25, 12, 0)),
        ("wake me in the morning at seven", (25, 7, 0)),
        ("set an alarm for about six", (24, 18, 0)),
        ("set an alarm for tomorrow at midnight", (26, 0, 0)),
    ],
)
def test_when_to_wake_may_stand_first(memory: Memory, ask: Ask, said: str, at: tuple[int, int, int]) -> None:
    assert ask(said).text.startswith("Alarm set for ")
    assert [timer.due for timer in memory.timers.running()] == [datetime(2026, 11, *at, tzinfo=LONDON)]


@pytest.mark.parametrize(
    ("said", "instead", "kept"),
    [
        ("remind me at five", "make it six", "I'll remind you at six o'clock this evening: call Bob."),
        ("remind me at five", "at six", "I'll remind you at six o'clock this evening: call Bob."),
        ("remind me tomorrow", "at nine", "I'll remind you at nine o'clock tomorrow morning: call Bob."),
        ("remind me", "at noon", "I'll remind you at noon tomorrow: call Bob."),
    ],
)
def test_a_time_is_nothing_to_be_reminded_of(ask: Ask, said: str, instead: str, kept: str) -> None:
    ask(said)
    assert ask(instead).text == "What about?"
    assert ask("call Bob").text == kept


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("don't forget to call Bob at five", "I'll remind you at five o'clock this afternoon: call Bob."),
        ("don't forget the milk at five", "I'll remind you at five o'clock this afternoon: the milk."),
        ("don't let me forget the oven in ten minutes", "I'll remind you in ten minutes: the oven."),
        ("don't let me forget the milk", "When?"),
        ("let me know at five", "What about?"),
        ("let me know at five to call Bob", "I'll remind you at five o'clock this afternoon: call Bob."),
    ],
)
def test_what_is_not_to_be_forgotten_is_reminded_of(ask: Ask, said: str, told: str) -> None:
    assert ask(said).text == told


@pytest.mark.parametrize(
    "said", ["don't forget the milk", "don't forget me", "let me know tomorrow", "let me know about the news at six"]
)
def test_what_may_be_said_to_anybody_is_no_reminder_without_its_time(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).specialist == "router"
    assert memory.timers.running() == []


def test_of_two_times_in_what_is_so_neither_is_taken_for_the_reminder_s(memory: Memory, ask: Ask) -> None:
    said = ask("remind me that the shop opens at nine and closes at six")
    assert (said.text, said.awaits, memory.timers.running()) == ("When?", True, [])
    ask("at five")
    assert [timer.label for timer in memory.timers.running()] == ["the shop opens at nine and closes at six"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "remind me to buy milk at five and add eggs to the shopping list",
            "I'll remind you at five o'clock this afternoon: buy milk. Eggs added to your shopping list.",
        ),
        ("remind me to buy milk and add eggs to the shopping list", "When?"),
        ("remind me to call Bob at five and Anna", "When?"),
    ],
)
def test_behind_its_time_another_order_is_another_request(ask: Ask, said: str, told: str) -> None:
    assert ask(said).text == told

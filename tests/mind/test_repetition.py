"""What is asked for again and again is refused as a whole, and what only speaks of it is not."""

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory


@pytest.mark.parametrize(
    "said",
    [
        "Remind me to take pills every Monday at nine.",
        "Remind me to call Bob every Friday at five",
        "remind me to take pills every day at 5 and at 6",
        "remind me to call Bob every Monday",
        "remind me to call Bob each Tuesday at five",
        "remind me to call Bob on Mondays at five",
        "remind me to call Bob on Mondays",
        "remind me to drink water mornings at eight",
        "remind me on Mondays to call Bob",
        "remind me on Mondays and Thursdays at nine to take pills",
        "remind me every other day to take pills",
        "remind me to drink water every two hours",
        "remind me to take pills at nine every Monday",
        "remind me on Mondays, Wednesdays and Fridays to take pills",
        "remind me every day at six to take pills",
        "remind me to take pills twice a day",
        "remind me to take pills daily at eight",
        "remind me to pay the rent every first of the month",
        "remind me weekly to call mum",
        "set a daily reminder to call Bob at five",
        "every day at eight remind me to take pills",
        "Every Monday, remind me to call Bob.",
        "don't let me forget to take pills every Monday at nine",
    ],
)
def test_a_reminder_is_not_repeated(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "I can't repeat reminders yet."
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("set an alarm for nine every Monday", "alarms"),
        ("set an alarm for Mondays at nine", "alarms"),
        ("set a daily alarm for six", "alarms"),
        ("set a repeating alarm for six", "alarms"),
        ("wake me on Mondays at six", "alarms"),
        ("every weekday wake me at six", "alarms"),
        ("every day set an alarm for six", "alarms"),
        ("set a timer every hour", "timers"),
        ("set a timer called pasta every day for five minutes", "timers"),
        ("set a recurring timer for five minutes", "timers"),
        ("set a timer for ten minutes every day", "timers"),
    ],
)
def test_an_alarm_or_a_timer_is_not_repeated(memory: Memory, ask: Ask, said: str, kind: str) -> None:
    assert ask(said).text == f"I can't repeat {kind} yet."
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("remind me to greet every guest at five", "greet every guest"),
        ("remind me to read the daily mail at five", "read the daily mail"),
        ("remind me about the daily at five", "the daily"),
        ("remind me to buy the weekly paper on Monday at nine", "buy the weekly paper"),
        ("remind me about Monday's meeting at five", "Monday's meeting"),
        ("remind me to send Monday's and Tuesday's numbers at five pm", "send Monday's and Tuesday's numbers"),
        ("remind me to work on Monday's numbers at five pm", "work on Monday's numbers"),
        ("remind me at nine to take pills every Monday", "take pills every Monday"),
        ("remind me at six to tell John the class meets every Monday", "tell John the class meets every Monday"),
        ("remind me at five pm to ask why it rains every day", "ask why it rains every day"),
        ("remind me tomorrow at ten to note every birthday", "note every birthday"),
        ("remind me at five to check each room", "check each room"),
        ("remind me to book the evenings at five", "book the evenings"),
    ],
)
def test_what_only_speaks_of_repeating_is_kept(memory: Memory, ask: Ask, said: str, what: str) -> None:
    assert ask(said).text.startswith("I'll remind you ")
    assert [timer.label for timer in memory.timers.running()] == [what]


def test_a_name_may_speak_of_repeating(memory: Memory, ask: Ask) -> None:
    ask("set a timer for ten minutes called daily")
    assert [(timer.label, timer.length_s) for timer in memory.timers.running()] == [("daily", 600)]

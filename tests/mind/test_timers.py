"""Timers, alarms and reminders: set, asked about, cancelled, ringing."""

from datetime import datetime, timedelta

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("set a pasta timer for nine minutes", "Pasta timer set for nine minutes."),
        ("set a timer for an hour and a half", "Timer set for an hour and a half."),
        ("wake me at half past six", "Alarm set for half past six this evening."),
        ("set an alarm for quarter to seven tomorrow morning", "Alarm set for quarter to seven tomorrow morning."),
        ("set an alarm for 7 on Friday", "Alarm set for seven in the morning on Friday."),
        ("remind me in ten minutes to call mum", "I'll remind you in ten minutes: call mum."),
        ("remind me at five to call mum", "I'll remind you at five o'clock this afternoon: call mum."),
        ("set an alarm for every weekday at 7", "Alarm set for seven in the morning every weekday."),
        ("how long is left", "No timer is running."),
        ("what alarms do I have", "No alarms are set."),
        ("cancel the pasta timer", "No timers are set."),
        ("cancel all timers", "No timers are set."),
        ("snooze", "Nothing has rung just now."),
        ("set a timer for 400 days", "I can't count further than a year."),
        ("set a timer for zero minutes", "That's no time at all."),
        ("remind me in a couple hours to eat", "I'll remind you in two hours: eat."),
        ("what is a timer", "I can't do that yet."),
    ],
)
def test_a_reply_says_what_was_understood(fresh_ask: Ask, said: str, reply: str) -> None:
    assert fresh_ask(said).text == reply


@pytest.mark.parametrize(
    ("said", "question", "answer", "reply"),
    [
        ("set a timer for five thirty", "For how long?", "six minutes", "Timer set for six minutes."),
        ("wake me up in the morning", "At what time?", "seven", "Alarm set for seven o'clock tomorrow morning."),
        ("set an alarm for tomorrow evening", "At what time?", "8", "Alarm set for eight o'clock tomorrow evening."),
        ("remind me tonight to lock up", "At what time?", "ten", "I'll remind you at ten o'clock tonight: lock up."),
        ("set a timer", "For how long?", "for two minutes", "Timer set for two minutes."),
        ("set a timer for minutes", "For how long?", "Six minutes.", "Timer set for six minutes."),
        ("set a timer", "For how long?", "Ten.", "Timer set for ten minutes."),
        ("set a pasta timer", "For how long?", "nine minutes", "Pasta timer set for nine minutes."),
        ("set a timer for 90", "For how long?", "90 seconds", "Timer set for a minute and a half."),
        ("set an alarm", "At what time?", "How past six?", "Alarm set for half past six this evening."),
        (
            "set an alarm for tomorrow morning",
            "At what time?",
            "seven",
            "Alarm set for seven o'clock tomorrow morning.",
        ),
        ("remind me to call mum", "When?", "in an hour", "I'll remind you in an hour: call mum."),
        (
            "remind me at five",
            "What about?",
            "to call Mum",
            "I'll remind you at five o'clock this afternoon: call Mum.",
        ),
        ("remind me in an hour", "What about?", "Ann's cake.", "I'll remind you in an hour: Ann's cake."),
        ("remind me about it in an hour", "What about?", "the cake", "I'll remind you in an hour: the cake."),
        ("set a reminder", "What about?", "call Bob in an hour", "I'll remind you in an hour: call Bob."),
        ("wake me up", "At what time?", "seven", "Alarm set for seven o'clock this evening."),
        (
            "remind me to buy milk tomorrow",
            "At what time?",
            "at three",
            "I'll remind you at three o'clock tomorrow afternoon: buy milk.",
        ),
    ],
)
def test_what_is_missing_is_asked_for(ask: Ask, said: str, question: str, answer: str, reply: str) -> None:
    asked = ask(said)
    assert (asked.text, asked.awaits) == (question, True)
    assert ask(answer).text == reply


@pytest.mark.parametrize(
    ("said", "answers", "reply"),
    [
        ("set an alarm", ("tomorrow", "seven"), "Alarm set for seven o'clock tomorrow morning."),
        ("remind me to call Bob", ("on Friday", "nine"), "I'll remind you at nine in the morning on Friday: call Bob."),
        (
            "set a reminder",
            ("call Bob", "tomorrow", "at nine"),
            "I'll remind you at nine o'clock tomorrow morning: call Bob.",
        ),
    ],
)
def test_an_answer_may_be_a_part_of_what_is_missing(ask: Ask, said: str, answers: tuple[str, ...], reply: str) -> None:
    assert ask(said).awaits
    for answer in answers[:-1]:
        assert ask(answer).awaits
    assert ask(answers[-1]).text == reply


@pytest.mark.parametrize("answer", ["yes", "never mind", "what time is it", "set a timer for a minute", "no"])
def test_what_is_no_answer_is_nothing_to_be_reminded_of(ask: Ask, memory: Memory, answer: str) -> None:
    assert ask("remind me at five").awaits
    ask(answer)
    assert [timer for timer in memory.timers.running() if timer.kind == "reminder"] == []


def test_time_left_is_told_by_name(ask: Ask, now: datetime) -> None:
    ask("set a pasta timer for nine minutes")
    ask("set a timer for half an hour")
    later = now + timedelta(minutes=2)
    for said in (
        "how much time is left on the pasta timer",
        "how long is left on the pasta timer",
        "how long left on the pasta timer?",
        "how's my pasta timer doing",
        "how long until the pasta timer goes off",
        "when does the pasta timer go off",
        "how long until the pasta is done",
        "is the pasta timer done",
        "check the pasta timer",
        "how much longer on the pasta timer",
    ):
        assert ask(said, later).text == "Seven minutes left on the pasta timer.", said
    both = "Two: seven minutes left on the pasta timer and twenty-eight minutes left on the timer for half an hour."
    for said in (
        "how long is left",
        "what timers do I have",
        "list my timers",
        "how many timers are running",
        "do I have any timers set",
    ):
        assert ask(said, later).text == both, said


def test_alarms_and_reminders_are_told(ask: Ask) -> None:
    ask("set an alarm for seven tomorrow morning")
    ask("remind me at five to call mum")
    for said in (
        "when is my alarm",
        "what alarms do I have",
        "what time is my alarm set for",
        "when does my alarm go off",
    ):
        assert ask(said).text == "Alarm at seven o'clock tomorrow morning.", said
    assert ask("what reminders do I have").text == "Reminder at five o'clock this afternoon, call mum."


@pytest.mark.parametrize(
    ("late", "since"),
    [
        (timedelta(0), "is due now"),
        (timedelta(seconds=5), "was due five seconds ago"),
        (timedelta(minutes=3), "was due three minutes ago"),
    ],
)
def test_what_is_due_is_told_as_due_until_it_has_sounded(ask: Ask, now: datetime, late: timedelta, since: str) -> None:
    ask("set a pasta timer for nine minutes")
    assert ask("how long is left on the pasta timer", now + timedelta(minutes=9) + late).text == (
        f"The pasta timer {since}."
    )
    ask("set an alarm for five")
    assert ask("when is my alarm", now + timedelta(minutes=40) + late).text == f"The alarm for five o'clock {since}."
    ask("remind me in fifty minutes to call mum")
    due = now + timedelta(minutes=50) + late
    assert ask("what reminders do I have", due).text == f"The reminder, call mum, {since}."
    ask("set a timer for an hour")
    assert ask("how long is left", now + timedelta(minutes=10)).text == (
        "Two: the pasta timer was due a minute ago and fifty minutes left on the timer for an hour."
    )


def test_a_timer_that_is_overdue_is_extended_from_now(ask: Ask, now: datetime) -> None:
    ask("set a pasta timer for nine minutes")
    late = now + timedelta(minutes=20)
    assert ask("add five minutes to the pasta timer", late).text == "Five minutes left on the pasta timer."


def test_a_timer_is_cancelled_by_name_length_or_order(ask: Ask, memory: Memory) -> None:
    ask("set a pasta timer for nine minutes")
    ask("set a timer for ten minutes")
    ask("set a timer for an hour")
    assert ask("cancel the pasta timer").text == "Pasta timer cancelled."
    assert ask("stop the ten minute timer").text == "Timer for ten minutes cancelled."
    assert ask("Canceled at timer.").text == "Timer for an hour cancelled."
    assert memory.timers.running() == []


def test_all_timers_are_cancelled_at_once_and_alarms_stay(ask: Ask, memory: Memory) -> None:
    for said in ("set a timer for 5 minutes", "set a timer for 6 minutes", "wake me at seven"):
        ask(said)
    assert ask("cancel all timers").text == "Two timers cancelled."
    assert [timer.kind for timer in memory.timers.running()] == ["alarm"]
    assert ask("turn the alarm off").text == "Alarm for seven o'clock this evening cancelled."


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("the pasta one", 1),
        ("pasta", 1),
        ("the nine minute one", 1),
        ("both", 0),
        ("all of them", 0),
        ("the first one", 1),
        ("the second", 1),
    ],
)
def test_with_several_it_asks_which_and_understands_the_answer(
    ask: Ask, memory: Memory, answer: str, left: int
) -> None:
    ask("set a pasta timer for nine minutes")
    ask("set a rice timer for 20 minutes")
    asked = ask("cancel that timer")
    assert (asked.text, asked.awaits) == ("Which one: the pasta timer or the rice timer?", True)
    assert "cancelled" in ask(answer).text
    assert len(memory.timers.running()) == left


@pytest.mark.parametrize(
    "unrelated", ["what time is it", "never mind", "set a timer for a minute", "add milk to the list"]
)
def test_the_question_of_which_timer_traps_nobody(ask: Ask, memory: Memory, unrelated: str) -> None:
    ask("set a pasta timer for nine minutes")
    ask("set a rice timer for 20 minutes")
    assert ask("cancel the timer").awaits
    assert not ask(unrelated).awaits
    assert ask("the pasta one").specialist == "router"
    assert {"pasta", "rice"} <= {timer.label for timer in memory.timers.running()}


def test_it_is_the_timer_set_just_now_and_nothing_older(ask: Ask, memory: Memory, now: datetime) -> None:
    ask("set a timer for ten minutes")
    assert ask("stop it", now + timedelta(minutes=5)).specialist == "courtesy"
    ask("set a timer for an hour", now + timedelta(minutes=6))
    assert ask("cancel that", now + timedelta(minutes=6)).text == "Timer for an hour cancelled."
    assert len(memory.timers.running()) == 1


def test_a_timer_is_extended(ask: Ask) -> None:
    ask("set a pasta timer for nine minutes")
    assert ask("Add 5 minutes to the pasta timer.").text == "Fourteen minutes left on the pasta timer."
    assert ask("extend the timer by one minute").text == "Fifteen minutes left on the pasta timer."


def test_two_timers_of_one_name_are_told_apart_by_what_is_left(ask: Ask, memory: Memory, now: datetime) -> None:
    ask("set a pasta timer for nine minutes")
    ask("set a pasta timer for nine minutes", now + timedelta(minutes=1))
    asked = ask("cancel the pasta timer", now + timedelta(minutes=1))
    assert asked.text == "Which one: eight minutes left on the pasta timer or nine minutes left on the pasta timer?"
    assert ask("the first one", now + timedelta(minutes=1)).text == "Pasta timer cancelled."
    assert [timer.set_s for timer in memory.timers.running()] == [now.timestamp() + 60]


@pytest.mark.parametrize("said", ["cancel the pizza timer", "how long is left on the pizza timer"])
def test_a_timer_that_is_not_there_is_told_with_what_is(ask: Ask, memory: Memory, said: str) -> None:
    ask("set a pasta timer for nine minutes")
    assert ask(said).text == "I have no such timer, only the pasta timer."
    assert len(memory.timers.running()) == 1


def test_a_thousand_timers_are_still_answered_at_once(memory: Memory, ask: Ask, now: datetime) -> None:
    with memory.timers._database.change() as connection:
        rows = [("timer", f"t{n}", now.timestamp(), now.timestamp() + 60 + n) for n in range(1000)]
        connection.executemany("INSERT INTO timers (kind, label, set_s, due_s) VALUES (?, ?, ?, ?)", rows)
    assert ask("what timers do I have").text.endswith("and nine hundred and ninety-six more.")
    assert ask("cancel the timer").text == "Which one? You have one thousand."


def test_a_reminder_written_with_apostrophes_and_commas_is_found_by_its_words(ask: Ask, memory: Memory) -> None:
    assert ask("Remind me about Monday's meeting, and lunch, at five").text.endswith(": Monday's meeting, and lunch.")
    assert "cancelled: Monday's meeting, and lunch" in ask("cancel the Monday's meeting reminder").text
    assert memory.timers.running() == []


def test_an_alarm_or_a_timer_without_a_name_is_told_with_its_time(ask: Ask, memory: Memory) -> None:
    ask("wake me at seven")
    assert ask("cancel the eight o'clock alarm").text == (
        "I have no such alarm, only the alarm for seven o'clock this evening."
    )
    ask("set a timer for ten minutes")
    assert ask("cancel the second timer").text == "I have no such timer, only the timer for ten minutes."
    assert len(memory.timers.running()) == 2


@pytest.mark.parametrize("said", ["stop at the second one", "is it possible to set two timers"])
def test_words_around_a_timer_are_not_taken_for_its_name(ask: Ask, said: str) -> None:
    ask("set a timer for ten minutes")
    assert ask(said).text == "I can't do that yet."


@pytest.mark.parametrize("name", ["apple", "mystery", "allspice", "thesis"])
def test_a_name_may_begin_like_an_article(ask: Ask, memory: Memory, name: str) -> None:
    ask(f"set a timer called {name} for ten minutes")
    assert ask(f"cancel the {name} timer").text == f"{name.title()} timer cancelled."
    ask(f"set a timer called {name} for ten minutes")
    assert ask(f"cancel {name} timer").text == f"{name.title()} timer cancelled."
    assert memory.timers.running() == []

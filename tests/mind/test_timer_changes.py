"""What runs is made longer or shorter and moved, named, or as "it"; and which one is meant behind a reply."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.router import Router

LONDON = ZoneInfo("Europe/London")

LENGTHS = {
    "make it five minutes longer": "Fifteen minutes left on the pasta timer.",
    "make the timer five minutes longer": "Fifteen minutes left on the pasta timer.",
    "add five minutes to it": "Fifteen minutes left on the pasta timer.",
    "add five more minutes to the timer": "Fifteen minutes left on the pasta timer.",
    "give it another two minutes": "Twelve minutes left on the pasta timer.",
    "give me five more minutes": "Fifteen minutes left on the pasta timer.",
    "add another minute": "Eleven minutes left on the pasta timer.",
    "extend it by a minute": "Eleven minutes left on the pasta timer.",
    "make it two minutes shorter": "Eight minutes left on the pasta timer.",
    "take two minutes off the pasta timer": "Eight minutes left on the pasta timer.",
    "remove 2 minutes from the timer": "Eight minutes left on the pasta timer.",
    "make it twenty minutes": "Twenty minutes left on the pasta timer.",
    "make the timer twenty minutes": "Twenty minutes left on the pasta timer.",
    "change the pasta timer to half an hour": "Half an hour left on the pasta timer.",
    "no, twenty minutes": "Twenty minutes left on the pasta timer.",
    "I said twenty minutes": "Twenty minutes left on the pasta timer.",
    "set it for twenty minutes instead": "Twenty minutes left on the pasta timer.",
    "take an hour off the timer": "That's too much: ten minutes left on the pasta timer.",
}


@pytest.mark.parametrize(("said", "reply"), LENGTHS.items())
def test_a_timer_that_runs_is_made_longer_or_shorter_and_no_other_is_set(
    memory: Memory, ask: Ask, said: str, reply: str
) -> None:
    ask("set a pasta timer for ten minutes")
    assert ask(said).text == reply
    assert [timer.label for timer in memory.timers.running()] == ["pasta"]


def test_a_timer_that_is_set_anew_is_called_by_its_new_length(ask: Ask, now: datetime) -> None:
    ask("set a timer for ten minutes")
    ask("make it twenty minutes", now + timedelta(minutes=1))
    assert ask("how long is left", now + timedelta(minutes=6)).text == (
        "Fifteen minutes left on the timer for twenty minutes."
    )


MOVED = {
    "move the alarm to nine": ("Alarm moved to nine o'clock tomorrow morning.", (25, 9, 0)),
    "change my alarm to half past eight": ("Alarm moved to half past eight tomorrow morning.", (25, 8, 30)),
    "no, nine": ("Alarm moved to nine o'clock tomorrow morning.", (25, 9, 0)),
    "I meant half past eight": ("Alarm moved to half past eight tomorrow morning.", (25, 8, 30)),
    "make it six pm": ("Alarm moved to six o'clock tomorrow evening.", (25, 18, 0)),
    "make the alarm an hour earlier": ("Alarm moved to seven o'clock tomorrow morning.", (25, 7, 0)),
    "push it back half an hour": ("Alarm moved to half past eight tomorrow morning.", (25, 8, 30)),
    "move it to Friday at seven": ("Alarm moved to seven in the morning on Friday.", (27, 7, 0)),
}


@pytest.mark.parametrize(("said", "moved"), MOVED.items())
def test_an_alarm_is_moved_and_stays_on_its_day_where_no_other_is_said(
    memory: Memory, ask: Ask, said: str, moved: tuple[str, tuple[int, int, int]]
) -> None:
    ask("wake me tomorrow at eight")
    assert ask(said).text == moved[0]
    assert [timer.due for timer in memory.timers.running()] == [datetime(2026, 11, *moved[1], tzinfo=LONDON)]


def test_a_reminder_is_moved_with_what_it_is_about(ask: Ask) -> None:
    ask("remind me tomorrow at nine to call Bob")
    assert ask("move the reminder to ten").text == "I'll remind you at ten o'clock tomorrow morning: call Bob."
    assert ask("postpone it by an hour").text == "I'll remind you at eleven o'clock tomorrow morning: call Bob."


@pytest.mark.parametrize(
    "said", ["make it louder", "make it so", "make it five", "no problem", "add five to it", "move it to the left"]
)
def test_what_is_no_length_and_no_time_changes_nothing(memory: Memory, ask: Ask, now: datetime, said: str) -> None:
    ask("set a timer for ten minutes")
    assert ask(said).text == "I can't do that yet."
    assert [timer.due for timer in memory.timers.running()] == [now + timedelta(minutes=10)]


@pytest.mark.parametrize("said", ["set a timer for five minutes twice", "set a timer for five minutes again"])
def test_no_name_is_made_of_how_often(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "I can't do that yet."
    assert memory.timers.running() == []


def test_it_is_changed_only_shortly_after_it_was_spoken_of(memory: Memory, ask: Ask, now: datetime) -> None:
    ask("set a timer for ten minutes")
    later = now + timedelta(minutes=5)
    assert ask("make it five minutes longer", later).specialist == "router"
    assert ask("how long is left", later).text == "Five minutes left on the timer for ten minutes."
    assert ask("make it five minutes longer", later).text == "Ten minutes left on the timer."
    assert len(memory.timers.running()) == 1


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("cancel the second one", [10, 60]),
        ("cancel the second timer", [10, 60]),
        ("cancel the twenty minute one", [10, 60]),
        ("cancel the longest one", [10, 20]),
        ("cancel them all", []),
        ("cancel all of them", []),
        ("cancel both", [10, 20, 60]),
        ("cancel the fourth one", [10, 20, 60]),
    ],
)
def test_one_of_those_spoken_of_is_told_by_its_place_or_length(
    memory: Memory, ask: Ask, said: str, left: list[int]
) -> None:
    for minutes in (20, 60, 10):
        ask(f"set a timer for {minutes} minutes")
    ask(said)
    assert [timer.length_s / 60 for timer in memory.timers.running()] == left


def test_both_are_two(memory: Memory, ask: Ask) -> None:
    ask("wake me at six and at seven")
    assert ask("cancel both").text == "Two alarms cancelled."
    assert memory.timers.running() == []


def test_the_alarm_and_the_timer_are_one_of_each(memory: Memory, ask: Ask) -> None:
    ask("wake me at six and at seven")
    assert ask("cancel the alarm and the timer").awaits
    ask("cancel all alarms")
    ask("wake me at six")
    ask("set a timer for ten minutes")
    assert ask("cancel the alarm and the timer").text == "Two things cancelled."
    assert memory.timers.running() == []


def test_what_is_left_on_it_is_told(ask: Ask) -> None:
    ask("set a timer for ten minutes")
    assert ask("how long is left on it?").text == "Ten minutes left on the timer for ten minutes."


def test_a_question_about_what_was_is_not_taken_for_a_name(ask: Ask) -> None:
    ask("set a timer for ten minutes")
    assert ask("how long was the timer").text == "I can't do that yet."


@pytest.mark.parametrize(
    "between", ["what is twelve times twelve", "make a note: thirteen", "what time is it in Tokyo"]
)
def test_a_no_to_somebody_else_moves_nothing(memory: Memory, ask: Ask, between: str) -> None:
    ask("set an alarm for six")
    due = memory.timers.running()[0].due
    ask(between)
    assert ask("no, thirteen").specialist == "router"
    assert memory.timers.running()[0].due == due


@pytest.mark.parametrize(
    ("between", "said"), [("add milk to the list", "cancel it"), ("note: buy milk", "delete that")]
)
def test_it_is_no_timer_behind_a_list_or_a_note(memory: Memory, ask: Ask, between: str, said: str) -> None:
    ask("set a timer for ten minutes")
    ask(between)
    ask(said)
    assert len(memory.timers.running()) == 1


def test_it_is_what_rang_and_not_what_was_set_before(memory: Memory, ask: Ask, router: Router, now: datetime) -> None:
    ask("set a timer for ten seconds")
    ask("set an alarm for seven tomorrow")
    for ring in router.due(now + timedelta(seconds=10)):
        router.rang(ring)
    ask("stop it", now + timedelta(seconds=15))
    assert [timer.kind for timer in memory.timers.running()] == ["alarm"]


def test_a_second_snooze_moves_the_first(memory: Memory, ask: Ask, router: Router, now: datetime) -> None:
    ask("set a pasta timer for ten minutes")
    later = now + timedelta(minutes=10)
    for ring in router.due(later):
        router.rang(ring)
    assert ask("snooze", later).text == "Again in nine minutes."
    assert ask("snooze for two minutes", later).text == "Again in two minutes."
    assert ask("when does it go off", later).text == "Two minutes left on the pasta timer."
    assert len(memory.timers.running()) == 1


def test_all_of_several_kinds_are_cancelled_at_once(memory: Memory, ask: Ask) -> None:
    for said in ("set a timer for ten minutes", "wake me at six", "remind me at seven to eat"):
        ask(said)
    assert ask("cancel all timers, alarms and reminders").text == "Three things cancelled."
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("first", "another", "reply"),
    [
        ("set an alarm for seven", "set another one for eight", "Alarm set for eight o'clock this evening."),
        ("set an alarm for seven", "and set another for eight", "Alarm set for eight o'clock this evening."),
        ("set a timer for an hour", "start another one for five minutes", "Timer set for five minutes."),
    ],
)
def test_another_one_is_of_the_kind_that_was_spoken_of_just_now(
    memory: Memory, ask: Ask, first: str, another: str, reply: str
) -> None:
    ask(first)
    assert ask(another).text == reply
    assert len(memory.timers.running()) == 2


def test_another_one_of_nothing_is_not_set(memory: Memory, ask: Ask) -> None:
    assert ask("set another one for eight").text == "I can't do that yet."
    ask("remind me at five to call Bob")
    assert ask("set another one for six").text == "I can't do that yet."
    assert [timer.kind for timer in memory.timers.running()] == ["reminder"]

"""Days that no calendar has, and moments that are over: refused, and nothing set for another moment instead."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory

LONDON = ZoneInfo("Europe/London")
OVER = "That's over already."
SIX = (2026, 11, 24, 18)

MISSING = {
    "Remind me on the 31st of February to dance.": "There is no thirty-first of February.",
    "Remind me on February 30 to dance": "There is no thirtieth of February.",
    "remind me to dance on February 30": "There is no thirtieth of February.",
    "remind me at noon on the 31st of April to dance": "There is no thirty-first of April.",
    "remind me to dance at noon on the 31st of April": "There is no thirty-first of April.",
    "remind me to dance on the 31st of April at noon": "There is no thirty-first of April.",
    "remind me on the thirty first of June in the morning to dance": "There is no thirty-first of June.",
    "remind me on the 29th of February 2027 to dance": "There is no twenty-ninth of February in twenty twenty-seven.",
    "remind me on the 29th of February next year to dance": (
        "There is no twenty-ninth of February in twenty twenty-seven."
    ),
    "set an alarm for noon on the 31st of April": "There is no thirty-first of April.",
    "set an alarm for the 31st of April at noon": "There is no thirty-first of April.",
    "set an alarm for six on February 30": "There is no thirtieth of February.",
    "wake me on the 31st of November at six": "There is no thirty-first of November.",
    "when is February 30": "There is no thirtieth of February.",
    "What day is the 31st of April?": "There is no thirty-first of April.",
    "how many days until the 31st of April": "There is no thirty-first of April.",
}


@pytest.mark.parametrize(("said", "reply"), MISSING.items())
def test_a_day_that_no_calendar_has_is_refused_by_name(memory: Memory, ask: Ask, said: str, reply: str) -> None:
    assert ask(said).text == reply
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    "said",
    [
        "Set an alarm for yesterday at five.",
        "Set an alarm for last Monday at 6",
        "set an alarm for 6 last Monday",
        "set an alarm for yesterday",
        "set an alarm for today at noon",
        "set an alarm for this morning at nine",
        "set an alarm for the first of March 2020 at six",
        "set an alarm for two hours ago",
        "wake me yesterday at five",
        "alarm for yesterday at five",
        "set an alarm for last night at ten",
        "set a timer for yesterday at five",
        "remind me yesterday to call Bob",
        "remind me yesterday at five to call Bob",
        "remind me last Monday to call Bob",
        "remind me to call Bob yesterday at five",
        "remind me to call Bob last Monday at five",
        "remind me to call Bob this morning at nine",
        "remind me to call my mother on last Monday at five",
        "remind me to dance yesterday at five",
        "remind me to take the bins out at five yesterday",
    ],
)
def test_what_is_over_is_not_set_for_later(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == OVER
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("said", "what", "at"),
    [
        ("remind me to answer the mail from yesterday at five", "answer the mail from yesterday", (2026, 11, 24, 17)),
        ("remind me to discuss the talk of last Monday at five", "discuss the talk of last Monday", (2026, 11, 24, 17)),
        ("remind me to return the book I bought yesterday at 6 pm", "return the book I bought yesterday", SIX),
        ("remind me to answer the mail I got yesterday at six pm", "answer the mail I got yesterday", SIX),
        ("remind me to finish what I began yesterday at six pm", "finish what I began yesterday", SIX),
        ("remind me to thank Anna for yesterday at six pm", "thank Anna for yesterday", SIX),
        ("remind me to thank Anna for last night at six pm", "thank Anna for last night", SIX),
        ("remind me to file papers received yesterday at six pm", "file papers received yesterday", SIX),
        ("remind me about the talk yesterday at six pm", "the talk yesterday", SIX),
        ("remind me that Bob rang yesterday at six pm", "Bob rang yesterday", SIX),
        ("remind me at five to read what came yesterday", "read what came yesterday", (2026, 11, 24, 17)),
        ("remind me to ask who came last at five", "ask who came last", (2026, 11, 24, 17)),
        ("remind me to march 30 miles at five", "march 30 miles", (2026, 11, 24, 17)),
        ("remind me on the first of March 2027 at noon to dance", "dance", (2027, 3, 1, 12)),
        ("remind me on the 29th of February at noon to dance", "dance", (2028, 2, 29, 12)),
    ],
)
def test_what_only_speaks_of_the_past_is_kept(
    memory: Memory, ask: Ask, said: str, what: str, at: tuple[int, int, int, int]
) -> None:
    assert ask(said).text.startswith("I'll remind you ")
    assert [(kept.label, kept.due) for kept in memory.timers.running()] == [(what, datetime(*at, tzinfo=LONDON))]


def test_a_time_behind_a_clause_is_the_next_such_time(memory: Memory, ask: Ask) -> None:
    evening = datetime(2026, 11, 24, 20, 20, tzinfo=LONDON)
    assert ask("remind me to text Bob who called this morning at six pm", evening).text.startswith("I'll remind you ")
    kept = memory.timers.running()
    assert [(timer.label, timer.due.day) for timer in kept] == [("text Bob who called this morning", 25)]


def test_a_year_is_no_time_of_day(memory: Memory, ask: Ask) -> None:
    assert ask("remind me on the first of March 2027 to dance").text == "At what time?"
    assert ask("at noon").text.startswith("I'll remind you at noon on Monday, the first of March")
    assert [kept.due.date() for kept in memory.timers.running()] == [date(2027, 3, 1)]


def test_an_answer_that_names_no_such_moment_is_refused_and_another_is_heard(memory: Memory, ask: Ask) -> None:
    assert ask("remind me to dance").text == "When?"
    refused = ask("on the 31st of April at noon")
    assert (refused.text, refused.awaits) == ("There is no thirty-first of April.", True)
    assert ask("yesterday at noon").text == OVER
    assert ask("tomorrow at noon").text == "I'll remind you at noon tomorrow: dance."
    assert len(memory.timers.running()) == 1


NIGHT = {
    ("set an alarm for tonight at 1 am", "24 21:20"): "25 01:00",
    ("set an alarm for 1 am tonight", "24 18:30"): "25 01:00",
    ("remind me to feed the baby tonight at two am", "24 18:30"): "25 02:00",
    ("wake me tonight at three am", "24 23:40"): "25 03:00",
    ("wake me tonight at three am", "24 09:00"): "25 03:00",
    ("wake me tonight at half past twelve am", "24 09:00"): "25 00:30",
    ("wake me tonight at three am", "25 00:40"): "25 03:00",
    ("wake me tonight at three", "25 00:40"): "25 03:00",
    ("wake me tonight at three am", "25 03:30"): "26 03:00",
    ("wake me tonight at twelve", "25 00:40"): "26 00:00",
    ("wake me tomorrow night at three am", "24 09:00"): "26 03:00",
    ("set an alarm for midnight today", "24 16:20"): "25 00:00",
    ("set an alarm for midnight tonight", "24 16:20"): "25 00:00",
    ("set an alarm for today at midnight", "24 16:20"): "25 00:00",
}


@pytest.mark.parametrize(("asked", "at"), NIGHT.items())
def test_an_hour_before_dawn_is_of_the_coming_night(memory: Memory, ask: Ask, asked: tuple[str, str], at: str) -> None:
    said, now = asked
    ask(said, datetime.fromisoformat(f"2026-11-{now}").replace(tzinfo=LONDON))
    assert [f"{kept.due:%d %H:%M}" for kept in memory.timers.running()] == [at]


def test_an_hour_of_last_night_is_over_before_dawn_too(memory: Memory, ask: Ask) -> None:
    assert ask("wake me last night at three", datetime(2026, 11, 25, 0, 40, tzinfo=LONDON)).text == OVER
    assert memory.timers.running() == []

"""What is forbidden is left undone, and said to be."""

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory


@pytest.mark.parametrize(
    "said",
    [
        "Don't set an alarm for six.",
        "Don't set a timer for five minutes",
        "Please don't set a timer for five minutes.",
        "Never set an alarm for six",
        "Don't set a timer",
        "You don't need to set a timer for five minutes",
        "Can you not set a timer for five minutes?",
        "don't you dare set an alarm for six",
        "do not start a ten minute egg timer",
        "not an alarm for six",
        "I don't want a timer",
        "No, don't set an alarm for six.",
        "set no alarm for six",
        "don't time me for five minutes",
        "don't let me know in five minutes",
        "don't note the milk is out",
        "Don't remind me to call Bob at five",
        "don't remind me",
        "never remind me about the meeting",
        "don't wake me up at six",
        "Do not add milk to my list",
        "don't put milk on the shopping list",
        "don't note that",
        "don't note that the milk is out",
        "don't write that down",
        "don't make a note",
        "don't take a note that the milk is out",
        "don't remember that",
        "don't set a timer or an alarm",
        "don't set an alarm to wake me at six",
        "don't set a reminder to cancel the alarm",
        "don't remind me to set a timer",
        "don't remind me to start the washing and put it on the list",
        "don't remind me at the bus stop",
        "I don't want you to wake me at six",
        "stop, don't set an alarm",
    ],
)
def test_what_is_not_to_be_set_or_kept_is_not(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "All right, I won't."
    assert memory.timers.running() == []
    assert memory.lists.names() == []
    assert memory.notes.newest_first() == []


@pytest.mark.parametrize(
    "said",
    ["don't cancel the timer", "do not delete my notes", "don't clear the shopping list", "don't turn the timer off"],
)
def test_what_is_not_to_be_taken_away_stays(memory: Memory, ask: Ask, said: str) -> None:
    ask("set a timer for an hour")
    ask("note that the milk is out")
    ask("add milk to the shopping list")
    assert ask(said).text == "All right, I won't."
    assert len(memory.timers.running()) == len(memory.notes.newest_first()) == 1
    assert memory.lists.items("shopping") == ["milk"]


@pytest.mark.parametrize(
    "said", ["Can you set a timer for five minutes but not now?", "set an alarm for six, but not yet"]
)
def test_what_is_put_off_is_not_set(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "All right, not now."
    assert memory.timers.running() == []


def test_a_question_may_be_answered_by_forbidding_what_it_is_about(memory: Memory, ask: Ask) -> None:
    assert ask("set a timer").awaits
    assert ask("don't set a timer").text == "All right, I won't."
    assert ask("five minutes").specialist == "router"
    assert memory.timers.running() == []


def test_no_name_is_made_of_a_refusal(memory: Memory, ask: Ask) -> None:
    assert ask("set a timer for five minutes not ten").specialist == "router"
    assert memory.timers.running() == []


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("Don't forget to remind me to call Bob at five", "call Bob"),
        ("don't let me forget to call Bob at five", "call Bob"),
        ("remind me at five to not set the alarm", "not set the alarm"),
        ("remind me at five that we do not set the timer", "we do not set the timer"),
    ],
)
def test_not_to_forget_is_to_be_reminded(memory: Memory, ask: Ask, said: str, what: str) -> None:
    reply = ask(said).text
    assert reply.startswith("I'll remind you ")
    assert [timer.label for timer in memory.timers.running()] == [what]


@pytest.mark.parametrize(
    ("said", "specialist"),
    [
        ("never mind", "courtesy"),
        ("don't worry", "courtesy"),
        ("don't bother", "courtesy"),
        ("don't listen to us", "candour"),
        ("note that I don't set alarms", "notes"),
        ("note that we want a timer but not now", "notes"),
        ("don't add salt", "router"),
        ("I don't know what to do", "router"),
        ("don't set the table", "router"),
        ("don't stop me now", "router"),
        ("don't set a timer, set an alarm for six", "router"),
        ("don't set a timer but an alarm", "router"),
        ("don't turn the light off", "router"),
        ("Hey Sotto, set a timer for ten minutes", "timers"),
        ("don't forget to add milk to my list", "router"),
        ("don't forget to set an alarm for six", "router"),
        ("I don't need the alarm any more", "router"),
        ("couldn't you wake me at six", "router"),
    ],
)
def test_other_words_of_refusal_are_not_for_it(fresh_ask: Ask, said: str, specialist: str) -> None:
    assert fresh_ask(said).specialist == specialist


@pytest.mark.parametrize(
    "said",
    [
        "not a timer, an alarm for six pm",
        "I don't need a timer, I need an alarm for six pm",
        "don't cancel the alarm, cancel the timer",
        "don't remind me at five, remind me at six to call mom",
        "don't add milk, add eggs to the shopping list",
        "no not an alarm set a timer for ten minutes",
        "don't set a timer, remind me at six pm to call mom",
        "don't set a timer for five minutes, just an alarm for six",
        "don't wake me at six, make it seven",
        "never mind the timer, don't set an alarm, wake me at six",
    ],
)
def test_a_request_behind_a_refusal_is_not_said_to_be_left(memory: Memory, ask: Ask, said: str) -> None:
    ask("set a timer for an hour")
    assert ask(said).text == "I can't do that yet."
    assert len(memory.timers.running()) == 1
    assert memory.lists.names() == []

"""Two requests in one breath are both done and both said, or what is not is told."""

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory

TIMER, MILK = "Timer set for ten minutes.", "Milk added to your shopping list."

BOTH = {
    "set a timer for ten minutes and add milk to the shopping list": f"{TIMER} {MILK}",
    "Add milk to the list, and then set a timer for ten minutes, please.": f"{MILK} {TIMER}",
    "Set a timer for ten minutes. Add milk to the shopping list.": f"{TIMER} {MILK}",
    "set a timer for ten minutes, add milk to the list and tell me the time": f"{TIMER} {MILK} It's twenty past four.",
    "add milk to the list and set a timer": f"{MILK} For how long?",
    "set a timer for ten minutes and put the kettle on": f"{TIMER} I can't do the rest yet.",
    "add milk to the list and what is this": f"{MILK} I can't do the rest yet.",
    "take eggs off the list and remove jam from the list": (
        "Eggs aren't on your shopping list. Jam isn't on your shopping list."
    ),
}


@pytest.mark.parametrize(("said", "told"), BOTH.items())
def test_what_two_specialists_are_asked_for_is_done_and_said_by_both(
    memory: Memory, ask: Ask, said: str, told: str
) -> None:
    assert ask(said).text == told
    assert len(memory.timers.running()) == told.count(TIMER)
    assert memory.lists.items("shopping") == ["milk"] * told.count(MILK)


def test_a_question_behind_something_done_is_answered(memory: Memory, ask: Ask) -> None:
    assert ask("add milk to the list and set a timer").awaits
    assert ask("ten minutes").text == TIMER
    assert len(memory.timers.running()) == 1


@pytest.mark.parametrize("said", ["set a timer and add milk to the list", "what is this and set a timer for an hour"])
def test_where_the_first_has_to_be_asked_about_one_is_asked_for_at_a_time(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "One at a time, please."
    assert not memory.timers.running()
    assert not memory.lists.names()


@pytest.mark.parametrize(
    "said", ["put the kettle on and set a timer for an hour", "what's the weather and add milk to the list"]
)
def test_behind_what_nobody_can_do_nothing_is_done(memory: Memory, ask: Ask, said: str) -> None:
    assert ask(said).text == "I can't do that yet."
    assert not memory.timers.running()
    assert not memory.lists.names()


def test_what_one_specialist_takes_whole_is_not_parted(memory: Memory, ask: Ask) -> None:
    ask("make a note that Bob called and set a timer for ten minutes")
    ask("remind me at five to call Bob and add milk to the list")
    assert [note.text for note in memory.notes.newest_first()] == ["Bob called and set a timer for ten minutes"]
    assert [timer.label for timer in memory.timers.running()] == ["call Bob and add milk to the list"]

"""Lists by name."""

from datetime import datetime, timedelta

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory

ADDED = {
    "Add milk and eggs to the shopping list.": ("shopping", ["milk", "eggs"]),
    "add milk, eggs and bread to my shopping list": ("shopping", ["milk", "eggs", "bread"]),
    "Add milk, eggs, and bread to the list, please.": ("shopping", ["milk", "eggs", "bread"]),
    "add some butter to my grocery list": ("shopping", ["butter"]),
    "Put a hammer on the hardware list.": ("hardware", ["hammer"]),
    "put sun cream on my holiday packing list": ("holiday packing", ["sun cream"]),
    "add laundry to my to-do list": ("to do", ["laundry"]),
    "add call the bank to my to do list": ("to do", ["call the bank"]),
    "could you add Earl Grey to the shopping list": ("shopping", ["Earl Grey"]),
    "add 2 litres of milk to the shopping list": ("shopping", ["2 litres of milk"]),
    "add milk & sugar to the shopping list": ("shopping", ["milk", "sugar"]),
    "I need to add milk to my shopping list": ("shopping", ["milk"]),
    "add to my shopping list milk and eggs": ("shopping", ["milk", "eggs"]),
    "put washing up liquid on the shopping list": ("shopping", ["washing up liquid"]),
    "add milk, um, and, uh, eggs to the shopping list": ("shopping", ["milk", "eggs"]),
    "add milk and eggs and also bread to the shopping list": ("shopping", ["milk", "eggs", "bread"]),
    "add milk, as well as eggs, plus bread to the shopping list": ("shopping", ["milk", "eggs", "bread"]),
    "add both milk and eggs to the shopping list": ("shopping", ["milk", "eggs"]),
    'add "call the bank" to my todo list': ("to do", ["call the bank"]),
}


@pytest.mark.parametrize(("said", "kept"), ADDED.items())
def test_things_are_put_on_a_list(memory: Memory, ask: Ask, said: str, kept: tuple[str, list[str]]) -> None:
    assert ask(said).text.endswith(f" added to your {kept[0]} list.")
    assert memory.lists.items(kept[0]) == kept[1]


def test_nothing_is_on_a_list_twice(ask: Ask, memory: Memory) -> None:
    ask("add milk to the shopping list")
    assert ask("add Milk to the shopping list").text == "Milk is on your shopping list already."
    assert ask("add milk and eggs to the shopping list").text == "Eggs added to your shopping list."
    assert memory.lists.items("shopping") == ["milk", "eggs"]


@pytest.mark.parametrize(
    "said",
    [
        "What's on my shopping list?",
        "what is on the shopping list",
        "whats on the shopping list",
        "read me the shopping list",
        "read my shopping list",
        "what do I have on my shopping list",
        "what's on the list",
        "show me my grocery list",
        "tell me what's on my shopping list",
        "is there anything on my shopping list",
    ],
)
def test_a_list_is_read(ask: Ask, said: str) -> None:
    assert "is empty" in ask(said).text
    ask("add milk, eggs and bread to the shopping list")
    assert ask(said).text == "On your shopping list: milk, eggs and bread."


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("Is milk on the list?", "Yes, on your shopping list."),
        ("is there any milk on my shopping list", "Yes, on your shopping list."),
        ("are eggs on the list", "Yes, on your shopping list."),
        ("Our eggs on the shopping list.", "Yes, on your shopping list."),
        ("is an egg on the shopping list", "Yes, on your shopping list."),
        ("do I have bread on my shopping list", "No, not on your shopping list."),
        ("are milk and bread on the list", "Not bread."),
        ("how many things are on my shopping list", "Two things."),
    ],
)
def test_a_list_is_asked_about(ask: Ask, said: str, reply: str) -> None:
    ask("add milk and eggs to the shopping list")
    assert ask(said).text == reply


@pytest.mark.parametrize(
    "said",
    [
        "take eggs off the list",
        "remove the eggs from my shopping list",
        "cross eggs off the shopping list",
        "delete egg from the shopping list",
        "take the eggs off my list",
    ],
)
def test_things_are_taken_off_a_list(ask: Ask, memory: Memory, said: str) -> None:
    ask("add milk and eggs to the shopping list")
    assert ask(said).text == "Eggs taken off your shopping list."
    assert memory.lists.items("shopping") == ["milk"]
    assert ask("take cheese off the list").text == "Cheese isn't on your shopping list."


def test_clearing_a_list_asks_first(ask: Ask, memory: Memory) -> None:
    assert ask("clear the shopping list").text == "Your shopping list is empty."
    ask("add milk and eggs to the shopping list")
    asked = ask("Clear the shopping list.")
    assert (asked.text, asked.awaits) == ("Clear your shopping list, with two things on it?", True)
    assert ask("No.").text == "Okay, your shopping list stays."
    assert ask("empty my shopping list").awaits
    assert ask("Yes.").text == "Your shopping list is empty now."
    assert memory.lists.items("shopping") == []


def test_a_yes_that_comes_after_something_else_clears_nothing(ask: Ask, memory: Memory) -> None:
    ask("add milk to the shopping list")
    assert ask("clear the shopping list").awaits
    ask("what time is it")
    ask("yes")
    assert memory.lists.items("shopping") == ["milk"]


def test_several_lists_are_kept_apart(ask: Ask) -> None:
    ask("add milk to the shopping list")
    ask("put nails on the hardware list")
    assert ask("what lists do I have").text == "You have two lists: shopping and hardware."
    assert ask("what's on the shopping list").text == "On your shopping list: milk."
    assert ask("what's on the hardware list").text == "On your hardware list: nails."


def test_the_list_is_the_one_last_spoken_of(ask: Ask, memory: Memory) -> None:
    ask("put nails on the hardware list")
    ask("add a saw to the list")
    assert memory.lists.items("hardware") == ["nails", "saw"]


@pytest.mark.parametrize(
    "said",
    [
        "add milk to the shopping list and call Bob to the to do list",
        "add milk, don't add eggs to the list",
        "set the table. Add milk to the list",
    ],
)
def test_of_two_requests_in_one_none_becomes_a_thing_on_a_list(ask: Ask, memory: Memory, said: str) -> None:
    assert ask(said).text == "I can't do that yet."
    assert memory.lists.names() == []


@pytest.mark.parametrize(
    "said",
    [
        "add them to the list",
        "add nothing to the list",
        "add an item to the shopping list",
        "add the following to the shopping list",
        "add milk, no, cream to the list",
        "take it off the list",
    ],
)
def test_what_names_no_thing_is_put_on_no_list(ask: Ask, memory: Memory, said: str) -> None:
    assert ask(said).text == "Name the thing, please."
    assert memory.lists.names() == []


def test_what_is_looked_at_may_go_on_a_list_of_any_name(ask: Ask) -> None:
    assert ask("add it to my to-do list").looks is not None


def test_several_things_are_spoken_of_as_several(ask: Ask) -> None:
    ask("add eggs to the shopping list")
    assert ask("add eggs to the shopping list").text == "Eggs are on your shopping list already."
    assert ask("take the peas off the list").text == "Peas aren't on your shopping list."


def test_what_was_not_on_the_list_is_not_said_to_be_taken_off(ask: Ask, memory: Memory) -> None:
    ask("add milk and eggs to the shopping list")
    assert ask("take milk and jam off the list").text == "Milk taken off your shopping list. Jam isn't on it."
    assert memory.lists.items("shopping") == ["eggs"]


def test_a_thing_is_taken_off_by_its_place(ask: Ask, memory: Memory) -> None:
    ask("add milk, eggs, bread and jam to the shopping list")
    assert ask("remove the first thing from the list").text == "Milk taken off your shopping list."
    assert ask("take the last item off the list").text == "Jam taken off your shopping list."
    ask("remove the fifth item from the list")
    assert memory.lists.items("shopping") == ["eggs", "bread"]


def test_it_is_the_list_spoken_of_just_now(ask: Ask, memory: Memory, now: datetime) -> None:
    ask("add milk to the shopping list")
    assert ask("add eggs and bread to that").text == "Eggs and bread added to your shopping list."
    assert ask("add butter too").text == "Butter added to your shopping list."
    assert ask("take the milk off it").text == "Milk taken off your shopping list."
    assert ask("what's left on it?").text == "On your shopping list: eggs, bread and butter."
    later = now + timedelta(minutes=5)
    for said in ("what's on it", "add jam to it", "add jam too"):
        assert ask(said, later).specialist == "router", said
    assert memory.lists.items("shopping") == ["eggs", "bread", "butter"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Remove the milk.", "Milk taken off your shopping list."),
        ("take the milk off", "Milk taken off your shopping list."),
        ("cross off milk and eggs", "Milk taken off your shopping list. Eggs aren't on it."),
        ("Remove the cheese.", "Cheese isn't on your shopping list."),
        ("remove it", "Name the thing, please."),
        ("clear it", "Clear your shopping list, with two things on it?"),
        ("delete everything", "Clear your shopping list, with two things on it?"),
    ],
)
def test_right_behind_a_list_things_are_taken_off_it(ask: Ask, said: str, told: str) -> None:
    ask("add milk and bread to the shopping list")
    assert ask(said).text == told


def test_behind_something_else_nothing_is_taken_off_a_list(ask: Ask, memory: Memory) -> None:
    ask("add milk and bread to the shopping list")
    ask("what time is it")
    for said in ("remove the milk", "take the milk off", "clear it"):
        assert ask(said).specialist == "router", said
    ask("what's on the list")
    ask("remove the timer")
    ask("take a note")
    assert memory.lists.items("shopping") == ["milk", "bread"]


def test_a_number_is_added_to_the_sum_and_not_to_the_list(ask: Ask, memory: Memory) -> None:
    ask("add milk to the shopping list")
    ask("what is five plus six")
    assert ask("add seven to that").text == "Eighteen."
    assert ask("add two pints of cream too").text == "Two pints of cream added to your shopping list."
    assert memory.lists.items("shopping") == ["milk", "two pints of cream"]


@pytest.mark.parametrize("said", ["put the kettle on", "add salt to taste", "add five more minutes", "and Berlin?"])
def test_other_words_behind_a_list_put_nothing_on_it(ask: Ask, memory: Memory, said: str) -> None:
    ask("add milk to the shopping list")
    assert ask(said).text == "I can't do that yet."
    assert memory.lists.items("shopping") == ["milk"]


def test_a_sum_behind_a_list_stays_a_sum(ask: Ask) -> None:
    ask("add milk to the shopping list")
    assert ask("add five and six").text == "Eleven."

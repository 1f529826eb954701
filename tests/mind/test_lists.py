"""Lists by name."""

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

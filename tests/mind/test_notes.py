"""Notes, kept word for word."""

from pathlib import Path

import pytest
from asking import Ask

from sottovoce_host.memory.store import Memory

MADE = {
    "Make a note that the door code is 4512.": "the door code is 4512",
    "make a note the door code is 4512": "the door code is 4512",
    "Take a note. The plumber comes on Tuesday.": "The plumber comes on Tuesday",
    "take a note: the plumber comes on Tuesday": "the plumber comes on Tuesday",
    "Can you make a note that Anna likes tulips, please?": "Anna likes tulips",
    "Note to self, buy a birthday card.": "buy a birthday card",
    "Note to self by a birthday card.": "by a birthday card",
    "note that the timer is broken": "the timer is broken",
    "note down that the meeting is on Friday": "the meeting is on Friday",
    "write down that the wifi password is hunter2": "the wifi password is hunter2",
    "jot down the number 5 bus": "the number 5 bus",
    "make a quick note to call Bob": "call Bob",
    "remember that my car is on level 3": "my car is on level 3",
    "remember my locker is 17": "my locker is 17",
    "add call Bob to my notes": "call Bob",
    "make a note to set a timer for five minutes": "set a timer for five minutes",
    "note that I should add milk to the shopping list": "I should add milk to the shopping list",
    "make a note that what time is it is a funny question": "what time is it is a funny question",
    "make a note to say thank you": "thank you",
    "can you take a note for me, please, that the milk is out": "the milk is out",
    "write this down: the milk is out": "the milk is out",
    "jot this down the milk is out": "the milk is out",
}


@pytest.mark.parametrize(("said", "text"), MADE.items())
def test_a_note_is_kept_word_for_word(memory: Memory, ask: Ask, said: str, text: str) -> None:
    reply = ask(said)
    assert reply.specialist == "notes"
    assert reply.text.startswith("Noted: ")
    assert [note.text for note in memory.notes.newest_first()] == [text]


def test_a_note_is_read_so_that_a_voice_gets_it_right(ask: Ask) -> None:
    assert ask("make a note that the door code is 4512").text == "Noted: the door code is four five one two."
    assert ask("read my notes").text == "The door code is four five one two."


@pytest.mark.parametrize(
    "said",
    [
        "read my notes",
        "Read me my notes.",
        "what are my notes",
        "what notes do I have",
        "do I have any notes",
        "show me my notes",
        "what did I note",
    ],
)
def test_notes_are_read_newest_first(ask: Ask, said: str) -> None:
    assert ask(said).text == "You have no notes."
    ask("note that milk is off")
    ask("note that the cat is fed")
    assert ask(said).text == "Two notes, the newest first. The cat is fed. Milk is off."


def test_many_notes_are_not_all_read(ask: Ask) -> None:
    for word in ("one", "two", "three", "four", "five", "six", "seven"):
        ask(f"note that this is number {word}")
    read = ask("read my notes").text
    assert read.startswith("Seven notes, the newest first. This is number seven.")
    assert read.endswith("This is number three. And two older notes.")
    assert ask("how many notes do I have").text == "Seven notes."


@pytest.mark.parametrize(
    "said",
    [
        "what did I note about the door",
        "What did I know about the door?",
        "what do my notes say about the door",
        "find my note about the door",
        "do I have a note about doors",
        "what have I written down about the door",
        "read the note about the door",
    ],
)
def test_a_note_is_found_by_what_it_is_about(ask: Ask, said: str) -> None:
    ask("note that the door code is 4512")
    ask("note that the cat is fed")
    assert ask(said).text == "The door code is four five one two."


def test_what_was_never_noted_is_not_made_up(ask: Ask) -> None:
    ask("note that the cat is fed")
    assert ask("what did I note about the dog").text == "I have no note about the dog."


def test_the_last_note_is_read_and_deleted(ask: Ask, memory: Memory) -> None:
    ask("note that milk is off")
    ask("note that the cat is fed")
    assert ask("what was my last note").text == "The cat is fed."
    assert ask("delete the last note").text == "Deleted: the cat is fed."
    assert [note.text for note in memory.notes.newest_first()] == ["milk is off"]


def test_deleting_many_notes_asks_first(ask: Ask, memory: Memory) -> None:
    ask("note that milk is off")
    ask("note that the cat is fed")
    assert ask("delete all my notes").awaits
    assert ask("no").text == "Okay, I kept them."
    assert ask("delete all my notes").text == "Delete two notes?"
    assert ask("yes please").text == "Your notes are deleted."
    assert memory.notes.newest_first() == []
    assert ask("delete my notes").text == "You have no notes."


def test_a_note_may_be_dictated_after_asking_for_one(ask: Ask, memory: Memory) -> None:
    assert ask("take a note").awaits
    assert ask("the boiler needs a service at 6:30 on the 21st").text == (
        "Noted: the boiler needs a service at six thirty on the twenty-first."
    )
    assert ask("make a note").awaits
    assert ask("what time is it").specialist == "clock"
    assert ask("make a note").awaits
    assert ask("never mind").text == "Okay."
    assert len(memory.notes.newest_first()) == 1


@pytest.mark.parametrize(
    "said", ["can you make a note for me", "take a note for me please", "new note", "jot this down"]
)
def test_a_note_for_somebody_is_no_note_yet(ask: Ask, memory: Memory, said: str) -> None:
    assert ask(said).text == "What should the note say?"
    assert ask("buy milk").text == "Noted: buy milk."
    assert [note.text for note in memory.notes.newest_first()] == ["buy milk"]


def test_only_the_notes_that_were_deleted_are_said_to_be(ask: Ask, memory: Memory) -> None:
    for text in ("milk is off", "milk is out", "the cat is fed"):
        ask(f"note that {text}")
    assert ask("delete the notes about milk").text == "Delete two notes?"
    assert ask("yes").text == "Two notes deleted."
    assert [note.text for note in memory.notes.newest_first()] == ["the cat is fed"]


def test_a_note_made_in_full_after_asking_for_one_is_kept_once(ask: Ask, memory: Memory) -> None:
    assert ask("take a note").awaits
    assert ask("note that milk is off").text == "Noted: milk is off."
    assert [note.text for note in memory.notes.newest_first()] == ["milk is off"]


def test_a_deleted_note_is_gone_from_the_file(ask: Ask, memory: Memory, path: Path) -> None:
    ask("note that the secret word is xylophonic")
    assert b"xylophonic" in path.read_bytes()
    ask("delete the last note")
    assert b"xylophonic" not in path.read_bytes()
    assert memory.notes.newest_first() == []

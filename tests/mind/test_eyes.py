import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from asking import TUESDAY, reply_of

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.looking import Looking, Sighted, pointed_ms
from sottovoce_host.mind.reply import Request
from sottovoce_host.mind.router import Router
from sottovoce_wire import LookedAt, PersonNoticed, Read


def thing(label: str, confidence: int = 80) -> LookedAt:
    return LookedAt(at_ms=1, label=label, confidence=confidence, dwell_ms=0, source="eye", bearing=0, command=1)


def person(facing: Any) -> PersonNoticed:
    return PersonNoticed(at_ms=1, facing=facing, speaking="no", bearing=0, distance="near", command=1)


def text(words: str) -> Read:
    return Read(at_ms=1, text=words, confidence=90, source="eye", command=1)


def told(memory: Memory, said: str, sighted: Sighted, now: datetime = TUESDAY) -> str:
    router = Router(memory)
    reply = reply_of(router, said, now)
    assert reply.looks is not None, f"{said!r} is answered without looking: {reply.text}"
    assert sighted.task is None or sighted.task in reply.looks.tasks
    return asyncio.run(router.sighted(reply.looks, sighted, Request(said, now))).text


@pytest.mark.parametrize(
    ("said", "sighted", "answer"),
    [
        ("What is this?", Sighted("done", "recognise", [thing("cup")]), "That's a cup."),
        ("What's that over there?", None, None),
        ("what am I looking at", Sighted("done", "recognise", [thing("umbrella", 45)]), "Maybe an umbrella."),
        ("What is that?", Sighted("done", "read", [text("EXIT")]), "It says: EXIT"),
        ("Read this to me.", Sighted("done", "read", [text("Platform 9")]), "It says: Platform nine"),
        ("What does that sign say?", Sighted("failed"), "I couldn't read that."),
        ("What is this?", Sighted("failed"), "I couldn't make out what that is."),
        ("What is this?", Sighted("refused"), "Your glasses are muted, so I can't see."),
        ("What is this?", Sighted("silent"), "Your glasses didn't answer."),
        ("How many people do you see?", Sighted("done", "count", [thing("person"), thing("person")]), "Two people."),
        ("How many cups are in front of me?", Sighted("done", "count", [thing("person")]), "I see no cups."),
        ("Is anyone looking at me?", Sighted("done", "faces", [person("yes"), person("no")]), "Yes, one person."),
        ("Is anyone looking at me?", Sighted("done", "faces", [person("no")]), "No, nobody is turned to you."),
        ("Is anyone looking at me?", Sighted("done", "faces", [person("unseen")]), "I can't tell for sure."),
        ("Is anyone looking at me?", Sighted("done", "faces", []), "I see no face."),
    ],
)
def test_what_was_seen_is_said_and_what_was_not_is_not_guessed(
    memory: Memory, said: str, sighted: Sighted | None, answer: str | None
) -> None:
    if sighted is None:
        assert reply_of(Router(memory), said).looks is None
        return
    assert told(memory, said, sighted) == answer


def test_what_is_looked_at_goes_into_notes_and_lists_when_it_is_pointed_at(memory: Memory) -> None:
    assert told(memory, "Remember this.", Sighted("done", "read", [text("Gate 12")])) == "Noted: Gate twelve."
    told(memory, "Add that to my shopping list.", Sighted("done", "recognise", [thing("banana")]))
    assert memory.lists.items("shopping") == ["banana"]
    assert told(memory, "Remember this.", Sighted("failed")) == "I couldn't make out what that is."
    assert len(memory.notes.newest_first()) == 1


def test_where_a_thing_was_seen_last_is_said_with_its_age_and_what_was_beside_it(memory: Memory) -> None:
    router = Router(memory)
    for label, ago in (("cell phone", 12 * 60), ("laptop", 12 * 60 - 5), ("book", 60)):
        router.noticed(thing(label), TUESDAY - timedelta(seconds=ago))
    reply = reply_of(router, "Where did I leave my phone?").text
    assert reply == "I last saw a cell phone twelve minutes ago, near a laptop."
    assert reply_of(router, "where are my keys").text == "I haven't seen your keys."


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("have you seen my phone", "I haven't seen your phone."),
        ("where's the station", "I haven't seen the station."),
        ("where is the milk", "I haven't seen the milk."),
    ],
)
def test_what_was_never_seen_is_named_as_it_was_asked_for(memory: Memory, said: str, reply: str) -> None:
    assert reply_of(Router(memory), said).text == reply


@pytest.mark.parametrize("said", ["what time is it", "remember that the bins go out", "how many notes are there"])
def test_what_can_be_answered_without_eyes_is(memory: Memory, said: str) -> None:
    assert reply_of(Router(memory), said).looks is None


def test_this_is_what_was_looked_at_when_the_word_was_said() -> None:
    assert pointed_ms("what does that sign say about the buses", 1000, 3000) < 2000
    assert 2500 < pointed_ms("now tell me what on earth is this", 1000, 3000) <= 3000
    assert pointed_ms("read", 1000, 3000) == 3000


def test_a_look_is_asked_for_in_the_order_of_what_answers_best(memory: Memory) -> None:
    assert reply_of(Router(memory), "what is this").looks == Looking(("recognise", "read"))

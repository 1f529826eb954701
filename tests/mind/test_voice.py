import pytest
from asking import reply_of

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.reply import Reply
from sottovoce_host.mind.router import Router
from sottovoce_wire import Forget


def answered(memory: Memory, said: str) -> Reply:
    return reply_of(Router(memory), said)


@pytest.mark.parametrize("said", ["Learn my voice.", "please enrol my voice", "learn my voice again"])
def test_who_wants_their_voice_learnt_is_told_where_that_is_done(memory: Memory, said: str) -> None:
    reply = answered(memory, said)
    assert "sottovoce device enrol" in reply.text
    assert reply.command is None


def test_a_voice_is_forgotten_when_it_is_said_so_and_nothing_else_is_mistaken_for_that(memory: Memory) -> None:
    assert answered(memory, "Forget my voice.").command == Forget(what="voice")
    for said in ("forget it", "forget my gaze and my voice", "delete my voice notes", "what is my voice"):
        assert answered(memory, said).command != Forget(what="voice"), said

"""Whoever calls the glasses by their name means them; a name is never needed."""

import pytest

from sottovoce_device.decide.addressee import Addressee, Circumstances
from sottovoce_device.decide.exchange import Around
from sottovoce_device.words import read_words

NAMED = Addressee(read_words(), "Sotto")
TALKING = Around(other_ms=200, talking_on=3)


def test_a_name_is_never_needed_but_speaks_for_the_glasses() -> None:
    plain, _ = NAMED.weigh("The red one", Circumstances())
    called, evidence = NAMED.weigh("Sotto, the red one", Circumstances())
    assert called > plain
    assert "name" in {e.name for e in evidence}
    talking = Circumstances(around=TALKING)
    for text, name in (("What time is it?", False), ("Sotto, what time is it?", True)):
        assert (NAMED.weigh(text, talking)[0] > 0.5) == name, "an explicit act outweighs the talk before"


@pytest.mark.parametrize(
    "text",
    ["Sotto, read this.", "Hey Sotto, read this.", "Okay. Sotto, read this.", "Read this, Sotto.", "SOTTO read this"],
)
def test_who_calls_them_by_name_means_them_and_the_name_is_no_part_of_what_they_ask(text: str) -> None:
    alone, without = Addressee(read_words()).weigh("Read this.", Circumstances())
    called, evidence = NAMED.weigh(text, Circumstances())
    assert called > alone
    weights = {e.name: e.weight for e in evidence}
    assert weights["name"] == 500
    assert weights["length"] == {e.name: e.weight for e in without}["length"], "two words, not three"


@pytest.mark.parametrize("text", ["I met Sotto yesterday", "We asked Sotto.", "Sotto's battery is low", "A sottobosco"])
def test_who_talks_of_them_does_not_call_them(text: str) -> None:
    evidence = NAMED.weigh(text, Circumstances())[1]
    assert "name" not in {e.name for e in evidence}

"""Whoever calls the glasses by their name means them; a name is never needed."""

import pytest

from sottovoce_device.config import AttentionConfig
from sottovoce_device.decide.addressee import Addressee, Circumstances
from sottovoce_device.decide.ask import Heard
from sottovoce_device.decide.attention import Attention, Sounded
from sottovoce_device.decide.exchange import Around
from sottovoce_device.words import read_words
from sottovoce_wire import Said

NAMED = Addressee(read_words(), "Sotto")
TALKING = Circumstances(around=Around(other_ms=200), talking_on=3)


def test_a_name_is_never_needed_but_speaks_for_the_glasses() -> None:
    plain, _ = NAMED.weigh("The red one", Circumstances())
    called, evidence = NAMED.weigh("Sotto, the red one", Circumstances())
    assert called > plain
    assert "name" in {e.name for e in evidence}
    for text, name in (("What time is it?", False), ("Sotto, what time is it?", True)):
        assert (NAMED.weigh(text, TALKING)[0] > 0.5) == name, "an explicit act outweighs the talk before"


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


@pytest.mark.parametrize(
    "text",
    [
        "I met Sotto yesterday",
        "We asked Sotto.",
        "Sotto's battery is low",
        "Sotto\u2019s battery is low",
        "A sottobosco",
        "And Sotto is broken again.",
        "Well Sotto doesn't understand me.",
        "We have Alexa, Siri, Sotto.",
        "I think we should sell the house. Set a timer for ten minutes, Sotto.",
    ],
)
def test_who_talks_of_them_does_not_call_them(text: str) -> None:
    evidence = NAMED.weigh(text, Circumstances())[1]
    assert "name" not in {e.name for e in evidence}
    assert NAMED.uncalled(text) == text


@pytest.mark.parametrize("name", ["Zo\u00eb", "O'Neil", "The Glasses 2"])
def test_a_name_may_be_any(name: str) -> None:
    assert Addressee(read_words(), name).uncalled(f"Hey {name}, read this.") == "read this."


def leaves(text: str) -> list[str]:
    rule = Attention(AttentionConfig(name="Sotto"), NAMED)
    rule.begin(1, 10_000, 10_100, Around(other_ms=3_000), sure=True)
    events = rule.step(Heard(1, text, True, False, 10_000, 20_000), 20_200, lambda at: at, Sounded(3.0, quiet_ms=600))
    return [event.text for event in events if isinstance(event, Said)]


def test_the_name_stays_on_the_glasses_and_so_does_what_was_said_to_others_before_it() -> None:
    assert leaves("Hey Sotto, set a timer for ten minutes.") == ["set a timer for ten minutes."]
    assert leaves("What time is it, Sotto?") == ["What time is it"]
    talk = "Yeah, I thought it was a bit too long, but I loved how it ends."
    assert leaves(f"{talk} Remind me to call the doctor, Sotto.") == ["Remind me to call the doctor"]
    assert leaves("Sotto?") == ["Sotto?"], "who only calls is heard, too"

"""A turn of which only the end is for the glasses: its last sentence is weighed alone, and only that leaves."""

import pytest

from sottovoce_device.config import AttentionConfig
from sottovoce_device.decide.addressee import Addressee, Circumstances
from sottovoce_device.decide.ask import Heard
from sottovoce_device.decide.attention import Attention, Sounded
from sottovoce_device.decide.exchange import Around
from sottovoce_device.decide.form import last_sentence
from sottovoce_device.words import read_words
from sottovoce_wire import AnyEvent, Attended, Said
from sottovoce_wire.because import because

MODEL = Addressee(read_words())
TALK = "Yeah, I thought it was a bit too long, but I loved how it ends."
REQUEST = "Remind me about my biology test on Friday."
TOGETHER = Around(other_ms=3_000)


def judge(text: str, around: Around = TOGETHER, **config: object) -> list[AnyEvent]:
    rule = Attention(AttentionConfig(**config), MODEL)  # type: ignore[arg-type]
    rule.begin(1, 10_000, 10_100, around, sure=True)
    return rule.step(heard(text), 20_200, lambda at: at, Sounded(3.0, quiet_ms=600))


def heard(text: str) -> Heard:
    return Heard(1, text, True, False, 10_000, 20_000)


def test_a_request_on_the_heels_of_talk_leaves_and_the_talk_does_not() -> None:
    line, said = judge(f"{TALK} {REQUEST}")
    assert isinstance(line, Attended)
    assert isinstance(said, Said)
    assert said.text == REQUEST
    assert said.ended_ms == 20_000
    letters = len(TALK) + 1 + len(REQUEST)
    assert said.started_ms == 20_000 - round(10_000 * len(REQUEST) / letters), "told by its share of the letters"
    assert {e.name: e.weight for e in line.evidence}["last_sentence"] < 0
    assert "what precedes it was not for them (-0.8)" in because(line)


@pytest.mark.parametrize("text", [f"{TALK} {TALK}", f"{REQUEST} {TALK}", TALK])
def test_talk_behind_talk_or_behind_a_request_stays_here(text: str) -> None:
    assert [type(event) for event in judge(text)] == [Attended]


def test_what_is_for_the_glasses_as_a_whole_leaves_as_a_whole() -> None:
    text = "What is the capital of Peru? How many people live there?"
    line, said = judge(text, Around())
    assert isinstance(line, Attended)
    assert isinstance(said, Said)
    assert said.text == text
    assert all(e.name != "last_sentence" for e in line.evidence)


def test_a_sentence_alone_has_to_be_more_than_likely() -> None:
    alone, _ = MODEL.weigh("How far is it?", Circumstances())
    last, _ = MODEL.weigh_last("How far is it?", Circumstances())
    assert 0.5 < last < alone


def test_the_ledger_s_threshold_holds_for_it_too() -> None:
    text = f"{TALK} How far is it?"
    assert len(judge(text, open_at=0.7)) == 2
    assert len(judge(text, open_at=0.9)) == 1


def test_a_turn_whose_last_sentence_may_open_waits_for_whether_it_is_taken_up() -> None:
    rule = Attention(AttentionConfig(), MODEL)
    rule.begin(1, 10_000, 10_100, TOGETHER, sure=True)
    assert rule.unsettled(heard(f"{TALK} Can you turn that down a bit?"), Sounded(3.0, quiet_ms=300))
    assert not rule.unsettled(heard(f"{TALK} {TALK}"), Sounded(3.0, quiet_ms=300))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("It is late. What time is it?", "What time is it?"),
        ("Yes! Well. Turn it off, please.", "Turn it off, please."),
        ('"I see." Where is the door?', "Where is the door?"),
        ("What time is it?", ""),
        ("It costs 3.50 at most.", ""),
        ("That is it. Thank you.", ""),
        ("", ""),
    ],
)
def test_the_last_sentence_is_told_by_punctuation_where_it_has_three_words(text: str, last: str) -> None:
    assert last_sentence(text) == last

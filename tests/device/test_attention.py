import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce_device.config import AttentionConfig
from sottovoce_device.decide.addressee import IN_COMPANY, WEIGHTS, Addressee, Circumstances
from sottovoce_device.decide.ask import Heard
from sottovoce_device.decide.attention import UNHEARD, Attention, Sounded
from sottovoce_device.decide.clipping import clip, split
from sottovoce_device.decide.exchange import Around
from sottovoce_device.decide.presses import Act
from sottovoce_device.decide.sight_cues import SightCues
from sottovoce_device.words import read_words
from sottovoce_wire import AnyEvent, Attended, AwaitReply, Hearing, Interrupted, Pressed, Said, Speaking, encode

MS = 16
MODEL = Addressee(read_words())
ALONE = Around()
TALKING = Circumstances(around=Around(other_ms=200), talking_on=3)


def heard(text: str, *, turn: int = 1, over: bool = True, continues: bool = False, start_ms: int = 10_000) -> Heard:
    return Heard(turn, text, over, continues, start_ms * MS, (start_ms + 900) * MS)


class Glasses:
    def __init__(self, **config: object) -> None:
        self.rule = Attention(AttentionConfig(**config), MODEL)  # type: ignore[arg-type]

    def hear(self, what: Heard, now_ms: float = 11_100, sounded: Sounded = UNHEARD) -> list[AnyEvent]:
        events = self.rule.step(what, now_ms, lambda position: position // MS, sounded)
        for event in events:
            encode(event)
        return events


def said(events: list[AnyEvent]) -> list[str]:
    return [e.text for e in events if isinstance(e, Said)]


@pytest.mark.parametrize(
    "text",
    [
        "What time is it in Tokyo?",
        "Set a timer for five minutes.",
        "Could you please turn the lights off?",
        "Okay, so, remind me to call my mother tomorrow.",
        "How many ounces are in a pound",
        "I'd like a double espresso with oat milk",
        "Can I get a large latte",
        "what's the weather like",
    ],
)
def test_requests_and_questions_open_the_gate(text: str) -> None:
    assert said(Glasses().hear(heard(text))) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "It was the best of times, it was the worst of times.",
        "Yeah, I think so too.",
        "He said they were going to be late.",
        "Do you remember the day we went to the lake?",
        "I really liked that film.",
        "Have you seen her new one?",
    ],
)
def test_stories_and_talk_with_people_leave_nothing_but_a_line_in_the_ledger(text: str) -> None:
    events = Glasses().hear(heard(text))
    assert [type(e) for e in events] == [Attended]
    assert text.encode() not in b"".join(map(encode, events))


def test_the_ledger_gives_the_evidence_whose_weights_add_up_to_the_decision() -> None:
    (line, words) = Glasses().hear(heard("What time is it?"))
    assert isinstance(line, Attended)
    assert isinstance(words, Said)
    assert line.evidence == words.evidence
    odds = sum(e.weight for e in line.evidence) / 100
    assert round(100 / (1 + math.exp(-odds))) == line.confidence
    assert {"prior", "question"} <= {e.name for e in line.evidence}


def test_the_same_words_are_for_the_glasses_or_for_a_friend_by_who_else_is_talking() -> None:
    for text in ("What time is it?", "How long does it take?", "How much is that?"):
        alone, _ = MODEL.weigh(text, Circumstances(around=ALONE))
        talking, evidence = MODEL.weigh(text, TALKING)
        assert alone > 0.5 > talking
        assert {"talking_on", "other_voice"} <= {e.name for e in evidence}


def test_an_explicit_act_opens_for_any_words_until_it_ends() -> None:
    glasses = Glasses()
    story = "It was the best of times, it was the worst of times."
    assert [type(e) for e in glasses.rule.press(Act("held", 8_600), 9_000)] == [Pressed]
    assert said(glasses.hear(heard(story, turn=1))) == [story]
    glasses.rule.press(Act("released", 8_600), 12_000)
    assert said(glasses.hear(heard(story, turn=2, start_ms=13_000), 14_100)) == []
    glasses.rule.press(Act("tapped", 14_900), 15_000)
    assert said(glasses.hear(heard("Yeah, that one.", turn=3, start_ms=16_000), 17_100)) == ["Yeah, that one."]
    assert said(glasses.hear(heard("Yeah, that one.", turn=4, start_ms=22_000), 23_100)) == []


def test_a_hold_opens_whatever_speaks_against_it_but_an_enrolled_wearer_s_stranger() -> None:
    against = replace(TALKING, held=True, own_reply=True, near=1.0, looks_at_person=1.0, faced=1.0)
    assert MODEL.weigh("Yeah, that one.", against)[0] > 0.99
    stranger = Circumstances(held=True, likeness=-3.0)
    assert MODEL.weigh("Yeah, that one.", stranger)[0] < MODEL.weigh("Yeah, that one.", against)[0]


def test_a_turn_that_began_before_the_hold_was_certain_is_meant_and_one_from_before_the_press_is_not() -> None:
    story = "It was the best of times, it was the worst of times."
    for started_ms, meant in ((9_800, True), (9_500, False)):
        glasses = Glasses()
        glasses.rule.begin(1, started_ms, started_ms + 96, ALONE, sure=True)
        glasses.rule.press(Act("held", 9_700), 10_100)
        assert bool(said(glasses.hear(heard(story)))) == meant


def test_speaking_into_the_reply_interrupts_it_only_with_a_voice_that_is_surely_near() -> None:
    glasses = Glasses()
    glasses.rule.tell(Speaking(speaking=True, lasts_ms=5_000), now_ms=9_000)
    assert glasses.rule.begin(1, 9_500, 9_600, ALONE, sure=False) == []
    events = glasses.rule.begin(2, 10_000, 10_096, ALONE, sure=True)
    assert [type(e) for e in events] == [Interrupted]
    assert said(glasses.hear(heard("Stop.", turn=2))) == ["Stop."]


def test_shadow_decides_and_keeps_the_ledger_but_no_words_leave() -> None:
    events = Glasses(mode="shadow").hear(heard("What time is it?"))
    assert [type(e) for e in events] == [Attended]
    assert isinstance(events[0], Attended)
    assert events[0].opened


def test_what_would_not_open_the_gate_by_itself_does_so_in_an_open_exchange() -> None:
    glasses = Glasses()
    assert said(glasses.hear(heard("And in Berlin.", turn=2))) == []
    glasses.rule.tell(AwaitReply(window_ms=8_000), now_ms=20_000)
    assert said(glasses.hear(heard("And in Berlin.", turn=3, start_ms=27_000), 28_100)) == ["And in Berlin."]
    assert said(glasses.hear(heard("Yes.", turn=4, start_ms=27_500), 28_600)) == ["Yes."]
    assert said(glasses.hear(heard("And in Berlin.", turn=5, start_ms=28_100), 29_200)) == []


def test_what_sounds_while_the_reply_sounds_is_not_for_the_glasses() -> None:
    glasses = Glasses()
    glasses.rule.tell(Speaking(speaking=True, lasts_ms=5_000), now_ms=9_000)
    assert said(glasses.hear(heard("What time is it?", turn=1, start_ms=10_000))) == []
    glasses.rule.tell(Speaking(speaking=False), now_ms=11_000)
    assert said(glasses.hear(heard("What time is it?", turn=2, start_ms=11_100), 12_500)) == ["What time is it?"]


def test_a_host_that_died_while_speaking_does_not_leave_the_glasses_deaf() -> None:
    glasses = Glasses()
    glasses.rule.tell(Speaking(speaking=True, lasts_ms=5_000), now_ms=0)
    assert said(glasses.hear(heard("What time is it?", start_ms=5_100), 6_300)) == ["What time is it?"]


def test_partial_words_leave_only_when_strong_evidence_lasts_and_the_ledger_says_so_once() -> None:
    glasses = Glasses()
    assert glasses.hear(heard("Set a", over=False)) == []
    assert glasses.hear(heard("Set a timer", over=False)) == []
    events = glasses.hear(heard("Set a timer for", over=False))
    assert [type(e) for e in events] == [Attended, Hearing]
    assert [type(e) for e in glasses.hear(heard("Set a timer for six", over=False))] == [Hearing]
    assert [type(e) for e in glasses.hear(heard("Set a timer for six minutes."))] == [Said]
    for _ in range(3):
        assert glasses.hear(heard("It was the best of", turn=2, over=False)) == []


def test_partial_words_that_were_for_the_glasses_once_and_then_no_more_never_leave() -> None:
    glasses = Glasses()
    for text in ("Set a timer", "Set a timer, he said, and they were", "Set a timer"):
        assert glasses.hear(heard(text, over=False)) == []
    assert glasses.hear(heard("Set a timer", turn=2, over=False)) == [], "another turn begins anew"
    assert [type(e) for e in glasses.hear(heard("Set a timer for", turn=2, over=False))] == [Attended, Hearing]


def test_a_turn_that_turns_out_to_be_for_others_is_closed_again_in_the_ledger() -> None:
    glasses = Glasses()
    assert glasses.hear(heard("Set a timer", over=False)) == []
    assert [type(e) for e in glasses.hear(heard("Set a timer for", over=False))] == [Attended, Hearing]
    events = glasses.hear(heard("Set a timer for them, he said, and they were laughing and we had to leave."))
    assert [type(e) for e in events] == [Attended]
    assert isinstance(events[0], Attended)
    assert not events[0].opened


def test_hold_to_talk_takes_everything() -> None:
    glasses = Glasses(mode="everything")
    assert said(glasses.hear(heard("It was the worst of times."))) == ["It was the worst of times."]


def test_words_that_are_too_many_for_one_event_come_in_several_with_none_missing() -> None:
    text = " ".join(["set"] + [f"word{n}" for n in range(150)])
    events = [e for e in Glasses(mode="everything").hear(heard(text)) if isinstance(e, Said)]
    assert len(events) > 1
    assert " ".join(e.text for e in events) == text
    assert [e.continues for e in events] == [True] * (len(events) - 1) + [False]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=600), st.integers(1, 80))
def test_splitting_and_clipping_lose_no_letter_and_keep_the_bound(text: str, length: int) -> None:
    parts = split(text, length)
    assert all(0 < len(p) <= length for p in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert len(clip(text, length)) <= max(length, 0)


@given(st.text(max_size=300), st.booleans(), st.booleans(), st.floats(-20, 20), st.floats(0, 3))
def test_any_words_can_be_weighed(text: str, follow_up: bool, own_reply: bool, near: float, talking_on: float) -> None:
    around = Circumstances(follow_up=follow_up, own_reply=own_reply, near=near, talking_on=talking_on)
    probability, evidence = MODEL.weigh(text, around)
    assert 0 <= probability <= 1
    assert len(evidence) <= 16


def seen_at(at_ms: float, *, looks: bool | None, faced: bool | None) -> SightCues:
    return SightCues(looks, faced, at_ms)


@pytest.mark.parametrize(
    ("cues", "opens"),
    [
        ([], True),
        ([seen_at(10_000, looks=True, faced=True)], False),
        ([seen_at(10_000, looks=False, faced=False)], True),
        ([seen_at(10_000, looks=None, faced=None)], True),
        ([seen_at(8_000, looks=True, faced=True)], True),
        ([seen_at(9_500, looks=True, faced=True), seen_at(10_100, looks=None, faced=None)], False),
    ],
)
def test_whom_the_wearer_looks_at_speaks_against_and_what_cannot_be_seen_says_nothing(
    cues: list[SightCues], opens: bool
) -> None:
    glasses = Glasses()
    for one in cues:
        glasses.rule.see(one)
    assert (said(glasses.hear(heard("What time is it?"))) != []) == opens


def test_a_glance_aside_weighs_as_much_as_it_lasts() -> None:
    def weight(*looks: bool | None) -> float:
        glasses = Glasses()
        glasses.rule.begin(1, 10_000, 10_100, ALONE, sure=True)
        for number, one in enumerate(looks):
            glasses.rule.see(seen_at(10_000 + 200 * number, looks=one, faced=None))
        (line,) = (e for e in glasses.hear(heard("What time is it?"), 12_000) if isinstance(e, Attended))
        return sum(e.weight for e in line.evidence if e.name == "looks_at_person") / 100

    whole = weight(True, True, True, True)
    assert whole == pytest.approx(WEIGHTS["looks_at_person"])
    assert weight(True, False, False, False) == pytest.approx(whole / 4, abs=0.06)
    assert weight(True, None, None, None) == whole, "what could not be seen is not taken for elsewhere"


@pytest.mark.parametrize(("faced", "counts"), [(True, IN_COMPANY), (False, 1), (None, 1)])
def test_where_somebody_has_faced_the_wearer_of_late_the_history_counts_for_less(
    faced: bool | None, counts: float
) -> None:
    def weight(at_ms: float) -> float:
        glasses = Glasses()
        glasses.rule.see(seen_at(at_ms, looks=False, faced=faced))
        glasses.rule.begin(1, 60_000, 60_100, ALONE, sure=True)
        events = glasses.hear(heard("What time is it?", start_ms=60_000), 61_000, Sounded(talking_on=2.0))
        (line,) = (e for e in events if isinstance(e, Attended))
        return sum(e.weight for e in line.evidence if e.name == "talking_on") / 100

    assert weight(45_000) == pytest.approx(WEIGHTS["talking_on"] * 2 * counts, abs=0.06)
    assert weight(20_000) == pytest.approx(WEIGHTS["talking_on"] * 2, abs=0.06), "half a minute later nobody is there"


def test_sight_that_comes_after_the_turn_began_counts_and_a_muted_glance_does_not() -> None:
    glasses = Glasses()
    glasses.rule.begin(1, 10_000, 10_100, ALONE, sure=True)
    glasses.rule.see(seen_at(10_200, looks=True, faced=True))
    assert said(glasses.hear(heard("What time is it?"))) == []
    glasses.rule.see(seen_at(20_000, looks=True, faced=True))
    glasses.rule.blind()
    assert said(glasses.hear(heard("What time is it?", turn=2, start_ms=20_100), 21_200)) == ["What time is it?"]

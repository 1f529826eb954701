from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hearing import MS, Room
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sottovoce_device.config import HearingConfig
from sottovoce_device.decide.level_gate import LevelGate
from sottovoce_device.decide.turn import LEAD, MARGIN, TurnTaking
from sottovoce_device.observation import Level


def test_a_turn_begins_before_its_first_block_of_speech_so_that_no_word_is_cut() -> None:
    room = Room()
    room.play(2)
    spoke_at = room.position
    room.say(1)
    room.play(1)
    assert room.over[0].start == spoke_at
    assert room.asked[0].start == spoke_at - MARGIN


def test_speech_that_did_not_seem_near_at_first_is_heard_with_the_rest_and_the_silence_before_is_not() -> None:
    room = Room()
    room.play(2)
    spoke_at = room.position
    room.play(0.256, anybody=0.4)
    room.play(0.096)
    room.say(1)
    room.play(1)
    assert room.asked[0].start == spoke_at - MARGIN, "a plosive's closure parts nothing"
    assert room.over[0].start == spoke_at + round(0.352 * 16000), "a turn is the wearer's sure speech all the same"


def test_what_others_say_before_a_turn_is_heard_for_no_longer_than_a_soft_first_word_takes() -> None:
    room = Room()
    room.play(5, anybody=0.9)
    spoke_at = room.position
    room.say(1)
    room.play(1)
    assert room.asked[0].start == spoke_at - LEAD


def test_a_turn_that_sounds_finished_is_over_after_the_first_pause() -> None:
    room = Room(end=0.9)
    room.say(1)
    room.play(0.25)
    assert [h.text for h in room.over] == ["hello there"]


def test_words_are_asked_for_once_a_silence_before_it_is_long_enough_to_be_an_end() -> None:
    room = Room(end=0.1)
    room.say(1)
    spoke_to = room.position
    room.play(0.13)
    words = room.asked[-1]
    assert (words.kind, words.end - spoke_to, words.at - spoke_to) == ("final", 100 * MS, 128 * MS)
    room.play(0.4)
    room.say(1)
    assert not room.over, "what was heard in a pause ends nothing"
    room.play(1)
    assert [a.kind for a in room.asked].count("final") == 2


def test_a_turn_that_does_not_sound_finished_waits_for_the_silence_limit() -> None:
    room = Room(end=0.1)
    room.say(1)
    room.play(0.85)
    assert room.over == []
    assert len([a for a in room.asked if a.kind == "end"]) >= 3
    room.play(0.1)
    assert len(room.over) == 1


def test_a_hesitation_goes_on_as_the_same_turn() -> None:
    room = Room(end=0.1)
    for _ in range(3):
        room.say(1)
        room.play(0.6)
    assert room.over == []
    room.play(1)
    assert len(room.over) == 1
    assert room.over[0].turn == 1


def test_a_click_is_no_turn_and_a_cough_is_asked_of_nobody() -> None:
    room = Room()
    room.play(0.032, 0.99)
    room.play(1)
    room.say(0.096)
    room.play(1)
    assert room.asked == []
    assert room.heard == []


def test_a_single_voiced_block_in_the_pause_does_not_hold_up_the_end() -> None:
    room = Room(end=0.1)
    room.say(1)
    room.play(0.4)
    room.play(0.032, 0.9)
    room.play(0.6)
    assert len(room.over) == 1


def test_answers_that_come_late_still_end_the_turn_and_those_of_another_pause_do_not() -> None:
    room = Room(answer=False)
    room.say(1)
    room.play(0.25)
    words, end = [a for a in room.asked if a.kind == "final"][-1], [a for a in room.asked if a.kind == "end"][-1]
    room.say(0.5)
    room.reply(end)
    room.reply(words)
    assert room.over == []
    room.asked.clear()
    room.play(0.25)
    for ask in list(room.asked):
        room.reply(ask)
    assert len(room.over) == 1
    room.reply(end)
    room.reply(words)
    assert len(room.over) == 1


def test_words_heard_beyond_a_cut_do_not_come_out_twice() -> None:
    room = Room(end=0.1, answer=False)
    room.say(17)
    beyond = [a for a in room.asked if a.kind == "words" and a.piece == 0][-1]
    cut = next(a for a in room.asked if a.kind == "final")
    room.text = "once twice"
    room.reply(beyond)
    room.text = "once"
    room.reply(cut)
    room.text = "twice"
    room.play(1)
    for ask in [a for a in room.asked if a.piece == 1 and a.kind != "words"]:
        room.reply(ask)
    assert [h.text for h in room.over] == ["once twice"]


def test_partial_words_are_told_once_each_while_speech_goes_on() -> None:
    room = Room()
    room.say(2)
    assert [h.text for h in room.heard] == ["hello there"]
    room.text = "hello there you"
    room.say(1)
    assert [h.text for h in room.heard] == ["hello there", "hello there you"]
    assert not room.over


def test_words_that_were_not_recognised_end_the_turn_in_silence() -> None:
    room = Room(text="")
    room.say(1)
    room.play(2)
    assert room.heard == []
    room.text = "now"
    room.say(1)
    room.play(2)
    assert [h.text for h in room.over] == ["now"]


@pytest.mark.parametrize("breath_s", [0.0, 0.3])
def test_minutes_of_speech_come_out_in_parts_with_nothing_missing_and_nothing_twice(breath_s: float) -> None:
    room = Room(end=0.1, text="x" * 100)
    for _ in range(40):
        room.say(5)
        room.play(breath_s)
    room.play(2)
    pieces = {a.piece: a for a in room.asked if a.kind == "final"}
    spans = [(a.start, a.end) for _, a in sorted(pieces.items())]
    for (_, end), (start, _) in pairwise(spans):
        assert start <= end, "sound between two pieces was never recognised"
    assert max(end - start for start, end in spans) < 17 * 16000
    assert sum(len(h.text.split()) for h in room.over) == len(spans)
    assert [h.continues for h in room.over] == [True] * (len(room.over) - 1) + [False]
    assert {h.turn for h in room.over} == {1}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.03, 4), st.floats(0, 1), st.floats(0, 1)), max_size=25),
    st.floats(0, 1),
    st.booleans(),
)
@example([(1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (22.0, 0.0, 0.0)], 0.0, False)
@example([(1.0, 1.0, 0.0), (21.0, 0.0, 0.0), (1.0, 1.0, 0.0)], 0.0, False)
def test_whatever_is_heard_the_rule_asks_only_for_sound_that_is_kept(
    stretches: list[tuple[float, float, float]], end: float, answer: bool
) -> None:
    room = Room(end=end, answer=answer)
    for seconds, probability, anybody in stretches:
        room.play(seconds, probability, anybody)
    kept = room.position - room.rule.keep_from
    assert kept <= 20 * 16000
    assert all(a.start < a.end <= room.position for a in room.asked)


def levels(*stretches: tuple[float, float]) -> Iterator[Level]:
    for seconds, db in stretches:
        for _ in range(round(seconds / 0.032)):
            yield Level(db)


def test_the_level_gate_closes_in_steady_noise_and_opens_at_once_for_speech() -> None:
    gate = LevelGate()
    noise = [gate.step(level) for level in levels((60, -50.0))]
    assert not any(noise[-100:])
    assert gate.step(Level(-44.0))


def test_the_noise_of_a_room_does_not_open_the_level_gate_by_itself() -> None:
    gate, noise = LevelGate(), np.random.default_rng(0)
    opened = [gate.step(Level(db)) for db in noise.normal(-60, 0.7, 4000)]  # pink noise, in blocks of 512 samples
    assert np.mean(opened[1000:]) < 0.3


def test_the_level_gate_hears_soft_speech_half_a_second_after_a_loud_street() -> None:
    gate = LevelGate()
    heard = [gate.step(level) for level in levels((60, -30.0), (0.5, -60.0), (0.2, -50.0))]
    assert heard[-1]


def test_the_level_gate_stays_open_through_the_pauses_of_a_sentence_and_in_speech_that_begins_the_scene() -> None:
    gate = LevelGate()
    assert all(gate.step(level) for level in levels((3, -25.0), (0.5, -60.0), (3, -25.0)))


def test_a_turn_whose_words_want_others_after_them_waits_however_finished_it_sounds() -> None:
    room = Room(end=0.9, text="Set a timer for")
    room.say(1)
    room.play(0.6)
    assert room.over == []
    room.text = "Set a timer for five minutes."
    room.say(0.6)
    room.play(0.25)
    assert [h.text for h in room.over] == ["Set a timer for five minutes."]


def test_words_that_are_never_finished_end_with_the_silence_limit() -> None:
    room = Room(end=0.9, text="remind me to")
    room.say(1)
    room.play(1.0)
    assert [h.text for h in room.over] == ["remind me to"]


def test_a_voice_that_does_not_fall_is_waited_for_three_questions() -> None:
    room = Room(end=0.9, text="Get me a small iced mocha,")
    room.say(1)
    room.play(0.5)
    assert room.over == []
    room.play(0.15)
    assert [h.text for h in room.over] == ["Get me a small iced mocha,"]
    room.text = "Get me a small, iced mocha."
    room.say(1)
    room.play(0.25)
    assert len(room.over) == 2


def test_a_turn_that_is_not_settled_stays_open_and_goes_on_when_its_speaker_does() -> None:
    settled: list[bool] = []
    room = Room(text="could you")
    room.rule = TurnTaking(HearingConfig(), lambda _heard: not settled)
    room.play(1.0)
    room.say(1.0)
    room.play(1.0)
    assert room.over == [], "whatever the limit of silence is"
    room.text = "could you turn that down"
    room.say(1.0)
    room.play(0.5)
    assert room.over == []
    settled.append(True)
    room.play(0.1)
    (turn,) = room.over
    assert turn.text == "could you turn that down"
    assert room.rule.turn is None

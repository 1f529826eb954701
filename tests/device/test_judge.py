import random
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages import EVENTS, valid
from msgspec.structs import replace

from sottovoce_device.gate.budget import BURST_BITS, RATE_BITS_PER_S, RESERVE_BITS, BitBudget
from sottovoce_device.gate.judge import ALLOWED, Judge, text_of
from sottovoce_device.gate.rounding import rounded
from sottovoce_wire import Attended, Done, Hearing, Interrupted, Mute, Pressed, Said, SetPolicy, Sounded, Status, encode
from sottovoce_wire.capacity import event_bits, text_bits

NOW = 1_000_000


def said(text: str = "what time is it", at_ms: int = NOW) -> Said:
    return Said(
        at_ms=at_ms, turn=1, text=text, speaker="unknown", addressee="device", confidence=90,
        started_ms=at_ms - 1500, ended_ms=at_ms - 300, continues=False, evidence=(),
    )  # fmt: skip


def test_the_gate_and_not_sense_sets_session_and_sequence() -> None:
    judge = Judge(session=7)
    first = judge.judge(encode(replace(said(), session=99, seq=1234)), NOW)
    second = judge.judge(encode(replace(said(), session=98, seq=4321)), NOW)
    assert first == replace(said(), session=7, seq=1)
    assert second == replace(said(), session=7, seq=2)


@given(st.sampled_from(EVENTS).flatmap(valid))
def test_only_events_of_the_allow_list_pass_and_only_as_they_are(event: Any) -> None:
    judge = Judge(session=7)
    event = replace(event, at_ms=NOW)
    passed = judge.judge(encode(event), NOW)
    if isinstance(event, Done) and not event.command:
        assert passed is None, "it answers the gate's own first word"
    elif isinstance(event, ALLOWED):
        turn = {"turn": 1} if hasattr(event, "turn") else {}
        assert passed == replace(rounded(event, NOW), session=7, seq=1, **turn)
    else:
        assert passed is None
        assert judge.refused == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"RIFF" + bytes(4000),
        bytes(100_000),
        encode(Mute(muted=False)),
        encode(said())[:-1],
        encode(said()).replace(b":90", b":900"),
        encode(Status(at_ms=NOW, alive=True, sensing=True, muted=False, device_version="1")),
        encode(said(at_ms=NOW + 5_000)),
        encode(said(at_ms=NOW - 600_000)),
    ],
    ids=["empty", "zeros", "pcm", "huge", "command", "truncated", "range", "status", "future", "past"],
)
def test_what_sense_must_not_say_is_refused_and_counted(data: bytes) -> None:
    judge = Judge(session=7)
    assert judge.judge(data, NOW) is None
    assert judge.refused == 1


def test_policy_keeps_kinds_of_events_or_all_words_on_the_glasses_and_never_widens_the_settings() -> None:
    judge = Judge(session=7, withheld=["Sounded"])
    sounded = encode(Sounded(at_ms=NOW, sound="music"))
    pressed = encode(Pressed(at_ms=NOW, button="top", action="tapped"))
    judge.set_policy(SetPolicy(mode="normal", withheld=("Pressed",)))
    assert [judge.judge(m, NOW) is None for m in (sounded, pressed, encode(said()))] == [True, True, False]
    judge.set_policy(SetPolicy(mode="shadow", withheld=()))
    attended = encode(Attended(at_ms=NOW, turn=1, opened=True, confidence=90, evidence=()))
    assert [judge.judge(m, NOW) is None for m in (sounded, pressed, encode(said()), attended)] == [
        True,
        False,
        True,
        False,
    ]
    assert judge.refused == 0


def test_whoever_sits_at_the_glasses_is_told_each_verdict_also_one_that_stays() -> None:
    noted: list[Attended] = []
    judge = Judge(session=7, withheld=["Attended"], note=noted.append)
    line = Attended(at_ms=NOW, turn=1, opened=False, confidence=4, evidence=())
    assert judge.judge(encode(line), NOW) is None
    poor = Judge(session=7, budget=BitBudget(), note=noted.append)
    left = [poor.judge(encode(replace(line, turn=turn)), NOW) for turn in range(2, 500)]
    assert None in left
    assert [one.turn for one in noted] == list(range(1, 500))
    assert poor.judge(encode(replace(line, at_ms=NOW + 60_000)), NOW) is None
    assert len(noted) == 499, "and none that is refused"


def test_text_leaves_at_no_more_than_the_budget_however_it_is_sent() -> None:
    judge, chance = Judge(session=7), random.Random(7)  # noqa: S311 -- to be repeated
    sent = 0
    seconds = 600
    for tick in range(seconds * 20):
        now = NOW + tick * 50
        text = "".join(chance.choices(string.ascii_letters, k=240))
        event = Hearing(at_ms=now, turn=tick, text=text) if tick % 2 else said(text, now)
        passed = judge.judge(encode(event), now)
        sent += 8 * len(text_of(passed).encode()) if passed else 0
    assert sent <= BURST_BITS + seconds * RATE_BITS_PER_S
    assert sent > 0.9 * (BURST_BITS + seconds * RATE_BITS_PER_S), "the budget gives less than it says"
    assert judge.over_budget > 0


def test_partial_words_never_crowd_out_the_final_ones() -> None:
    judge, chance = Judge(session=7), random.Random(7)  # noqa: S311 -- to be repeated
    lost = 0
    for second in range(300):
        now = NOW + second * 1000
        for tick in range(3):
            text = "".join(chance.choices(string.ascii_letters, k=200))
            judge.judge(encode(Hearing(at_ms=now + tick, turn=1, text=text)), now)
        if second % 15 == 14:
            lost += judge.judge(encode(said("y" * 250, now)), now) is None
    assert lost == 0
    assert judge.over_budget > 0


@given(st.lists(st.tuples(st.integers(0, 5_000), st.floats(-1e6, 1e6)), max_size=200))
def test_the_budget_is_kept_whatever_the_clock_does(spends: list[tuple[int, float]]) -> None:
    budget = BitBudget()
    now = newest = oldest = 0.0
    sent = 0
    for size, step in spends:
        now += step
        newest, oldest = max(newest, now), min(oldest, now)
        if budget.spend(size, now):
            sent += size
    assert sent <= BURST_BITS + (newest - oldest) / 1000 * RATE_BITS_PER_S + 1e-6


def test_the_pipe_is_narrower_than_the_narrowest_speech_codec() -> None:
    assert RATE_BITS_PER_S <= 450


def test_turns_are_numbered_by_the_gate_in_the_order_in_which_they_leave() -> None:
    judge = Judge(session=7)
    sent = [4_000_000_000, 5, 4_000_000_000, 5, 77]
    left = [judge.judge(encode(Interrupted(at_ms=NOW, turn=turn)), NOW) for turn in sent]
    assert [event.turn for event in left if isinstance(event, Interrupted)] == [1, 2, 1, 2, 3]


def test_words_that_go_on_from_those_before_are_not_paid_for_again() -> None:
    whole = "remind me to call my mother tomorrow at half past six and to buy flowers"
    assert text_bits(whole, "") > 8 * len(whole)
    assert text_bits(whole, whole[:-8]) < 8 * 8 + 20
    assert text_bits("something else", whole) <= text_bits("something else", "")


def emptied(judge: Judge) -> None:
    while judge.judge(encode(Sounded(at_ms=NOW, sound="music")), NOW) is not None:
        continue


def test_the_gate_s_own_word_pays_too_and_has_a_reserve_that_a_flood_cannot_touch() -> None:
    judge, status = Judge(session=7), Status(at_ms=NOW, alive=True, sensing=True, muted=False, device_version="1")
    emptied(judge)
    assert judge.own(status, NOW, RESERVE_BITS) is None, "sense that comes and goes waits like everything of sense"
    answers = 0
    while judge.own(status, NOW) is not None:
        answers += 1
    assert answers >= 15
    assert answers * event_bits(status) <= RESERVE_BITS + event_bits(status)
    assert judge.own(status, NOW + 1_000) is not None


def test_what_leaves_without_asking_is_paid_back_before_anything_of_sense_leaves() -> None:
    judge, status = Judge(session=7), Status(at_ms=NOW, alive=True, sensing=True, muted=False, device_version="1")
    pressed = Pressed(at_ms=NOW, button="top", action="tapped")
    for _ in range(2 * BURST_BITS // int(event_bits(status))):
        judge.owe(status, NOW)
    soon, later = NOW + 40_000, NOW + 60_000
    assert judge.judge(encode(replace(pressed, at_ms=soon)), soon) is None
    assert judge.judge(encode(replace(pressed, at_ms=later)), later) is not None

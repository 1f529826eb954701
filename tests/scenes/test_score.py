import math

import numpy as np
import pytest
from tests.scenes.intervals import bootstrap, poisson, wilson
from tests.scenes.listening import of_others
from tests.scenes.mixer import Truth
from tests.scenes.openings import turns
from tests.scenes.peers import press_to_talk
from tests.scenes.score import judge, plain, score, sweep, word_errors
from tests.scenes.verify import equal_error, errors

from sottovoce_device.replay import Left
from sottovoce_wire import Attended, Hearing, Said

ASKS = Truth("wearer", "device", 2.0, 4.0, "set a timer for ten minutes")
TALKS = Truth("wearer", "other", 6.0, 9.0)
BEN = Truth("ben", "other", 10.0, 14.0, distance_m=1.0)
TRUTH = [ASKS, TALKS, BEN]


def attended(turn: int, at_s: float, opened: bool, confidence: int) -> Left:
    event = Attended(at_ms=round(at_s * 1000), turn=turn, opened=opened, confidence=confidence, evidence=())
    return Left(event, at_s, 0.0)


def said(turn: int, start_s: float, end_s: float, text: str, confidence: int = 90) -> Left:
    event = Said(
        at_ms=round(end_s * 1000) + 300,
        turn=turn,
        text=text,
        speaker="unknown",
        addressee="device",
        confidence=confidence,
        started_ms=round(start_s * 1000),
        ended_ms=round(end_s * 1000),
        continues=False,
        evidence=(),
    )
    return Left(event, end_s + 0.3, 0.0)


def test_a_turn_for_a_noise_opens_falsely_from_the_threshold_on_at_which_it_would_have_opened() -> None:
    result = judge("x", 3600.0, TRUTH, turns([attended(4, 21.0, False, 30)]))
    assert score([result]).false_per_hour.value == 0
    false = {threshold: hourly for threshold, _, hourly in sweep([result])}
    assert (false[30], false[31]) == (1, 0)


def figures(*events: Left, truth: list[Truth] = TRUTH):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return score([judge("x", 3600.0, truth, turns(events))])


def test_a_request_that_leaves_and_talk_that_does_not_are_without_fault() -> None:
    found = figures(
        attended(1, 4.3, True, 90),
        said(1, 2.0, 4.0, "Set a timer for 10 minutes."),
        attended(2, 9.3, False, 5),
        attended(3, 14.3, False, 3),
    )
    assert found.misses.value == 0
    assert found.false_per_hour.value == 0
    assert found.f1.value == 1
    assert found.word_errors == 0
    assert found.delays_s[0] == pytest.approx(0.3)
    assert found.cuts.value == 0


def test_a_request_that_stays_is_a_miss_and_a_conversation_that_leaves_is_a_false_opening() -> None:
    found = figures(attended(1, 4.3, False, 20), attended(2, 9.3, True, 80), said(2, 6.0, 9.0, "did you see that"))
    assert found.misses.value == 1
    assert found.false_per_hour.value == 1
    assert found.precision.value == 0


def test_partial_words_that_left_make_an_opening_even_if_the_turn_was_refused_in_the_end() -> None:
    hearing = Left(Hearing(at_ms=7500, turn=2, text="could you pass me"), 7.5, 0.0)
    found = figures(attended(2, 7.5, True, 80), hearing, attended(2, 9.3, False, 20))
    assert found.false_per_hour.value == 1


def test_an_opening_for_a_noise_counts_as_false() -> None:
    assert figures(said(4, 20.0, 21.0, "hm")).false_per_hour.value == 1


def test_a_turn_that_heard_a_request_amid_others_talk_is_a_hit_and_no_false_opening() -> None:
    amid = [Truth("ben", "other", 0.0, 3.6, distance_m=1.0), ASKS]
    found = figures(said(1, 0.5, 4.0, "set a timer for ten minutes"), truth=amid)
    assert (found.misses.value, found.false_per_hour.value) == (0, 0)


def test_a_request_that_is_parted_or_ends_early_is_cut() -> None:
    assert figures(said(1, 2.0, 2.8, "set a timer"), said(2, 3.1, 4.0, "for ten minutes")).cuts.value == 1
    assert figures(said(1, 2.0, 3.2, "set a timer for")).cuts.value == 1


def test_the_sweep_opens_for_all_that_is_as_sure_and_for_nothing_less() -> None:
    events = [attended(1, 4.3, False, 40), attended(2, 9.3, False, 30), attended(3, 14.3, False, 10)]
    points = sweep([judge("x", 3600.0, TRUTH, turns(events))])
    assert points[4] == (5, 0.0, 2.0)
    assert points[34] == (35, 0.0, 0.0)
    assert points[49] == (50, 1.0, 0.0)


def test_words_of_others_count_once_and_not_where_the_wearer_speaks_too() -> None:
    assert of_others([(9.4, 12.0, 5), (9.4, 14.0, 9), (1.4, 4.0, 6)], TRUTH) == (9, 4.0)
    assert of_others([(5.0, 14.0, 9)], TRUTH) == (0, 0.0)


def test_press_to_talk_hears_requests_alone() -> None:
    events = [said(n, t.start_s, t.end_s, "x") for n, t in enumerate(TRUTH)]
    everything = [judge("x", 3600.0, TRUTH, turns(events))]
    assert score(everything).false_per_hour.value == 2
    assert score(press_to_talk(everything)).false_per_hour.value == 0
    assert score(press_to_talk(everything)).misses.value == 0


def test_intervals_are_those_of_the_books() -> None:
    rate = wilson(1, 20)  # Newcombe 1998
    assert (rate.low, rate.high) == (pytest.approx(0.0089, abs=3e-4), pytest.approx(0.2361, abs=3e-4))
    none = poisson(0, 2.0)  # the rule of three, exactly: -ln 0.025 = 3.689
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(3.689 / 2, abs=1e-3)
    ten = poisson(10, 1.0)
    assert (ten.low, ten.high) == (pytest.approx(4.795, abs=1e-3), pytest.approx(18.390, abs=1e-3))
    assert math.isnan(wilson(0, 0).value)
    assert all(r.low <= r.value <= r.high for n in range(1, 99) for r in (wilson(0, n), wilson(n, n)))
    mean = bootstrap([0.0, 1.0] * 50, lambda some: float(np.mean(some)))
    assert (mean.low, mean.value, mean.high) == (pytest.approx(0.4, abs=0.03), 0.5, pytest.approx(0.6, abs=0.03))


def test_words_are_compared_without_case_punctuation_and_spelling_of_numbers() -> None:
    assert plain("Wake me at 7:30, I'll be 42!") == "wake me at seven thirty i'll be forty two"
    assert word_errors([("set a timer", "Set the timer.")]) == pytest.approx(1 / 3)


def test_the_equal_error_is_where_refusals_and_acceptances_meet() -> None:
    assert equal_error([3.0, 4.0, 5.0], [0.0, 1.0, 2.0])[0] == 0
    assert equal_error([1.0, 2.0, 3.0, 4.0], [0.0, 1.5, 0.0, 0.0])[0] == pytest.approx(0.25)
    rows = [(w, own, value) for w in "ab" for own, value in ((True, 2.0), (False, 1.0))]
    assert errors(1.0, rows).equal_error.value == 0
    assert errors(1.0, rows).equal_error.high > 0.5, "two trials without an error prove little"

import pytest
from tests.attention.ablate import NOTHING, SIGHT, WORDS, logit
from tests.attention.fit import FITTED, Row, fit

from sottovoce_device.decide.addressee import WEIGHTS


def row(*, meant: bool, words: float = 0.0, **amounts: float) -> Row:
    return Row(words, tuple(amounts.get(name, 0.0) for name in FITTED), meant)


def test_a_weight_moves_as_far_as_the_scenes_insist_and_what_they_do_not_show_stays() -> None:
    rows = [row(meant=False, looks_at_person=1.0), row(meant=True)] * 200
    found = fit(rows, ["looks_at_person"])
    assert found["looks_at_person"] < WEIGHTS["looks_at_person"] - 1
    assert {n: w for n, w in found.items() if n != "looks_at_person"} == {
        n: WEIGHTS[n] for n in ("prior", *FITTED) if n != "looks_at_person"
    }
    assert fit(rows)["interrupts"] == pytest.approx(WEIGHTS["interrupts"])
    assert fit(rows[:2])["looks_at_person"] == pytest.approx(WEIGHTS["looks_at_person"], abs=0.5), "two are few"


def test_evidence_that_would_change_sides_is_left_out_rather_than_turned_round() -> None:
    rows = [row(meant=True, looks_at_person=1.0), row(meant=False)] * 200
    assert fit(rows)["looks_at_person"] == 0


def test_without_sight_both_its_cues_are_gone_and_nothing_else() -> None:
    seen = row(meant=False, words=2.0, looks_at_person=0.5, faced_by_person=1.0, follow_up=1.0)
    blind = row(meant=False, words=2.0, follow_up=1.0)
    assert logit(seen, SIGHT) == logit(blind, NOTHING)
    assert logit(seen, NOTHING) < logit(seen, "looks_at_person") < logit(blind, NOTHING)
    company = Row(2.0, row(meant=False, talking_on=0.3 * 2, faced_by_person=1.0).amounts, False, company=True)
    assert logit(company, SIGHT) == pytest.approx(logit(row(meant=False, words=2.0, talking_on=2.0), NOTHING))
    assert logit(seen, WORDS) == pytest.approx(logit(seen, NOTHING) - 2.0)

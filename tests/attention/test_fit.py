import pytest
from msgspec.structs import replace
from tests.attention.ablate import HISTORY, SEEN, cues, logit
from tests.attention.fit import FITTED, Row, fit

from sottovoce_device.decide.addressee import WEIGHTS


def row(*, meant: bool, words: float = 0.0, **amounts: float) -> Row:
    return Row({"request": words}, amounts, meant)  # type: ignore[arg-type]


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
    assert logit(seen, SEEN) == logit(blind)
    assert logit(seen) < logit(seen, {"looks_at_person"}) < logit(blind)
    company = replace(row(meant=False, words=2.0, talking_on=0.3 * 2, faced_by_person=1.0), company=True)
    assert logit(company, SEEN) == pytest.approx(logit(row(meant=False, words=2.0, talking_on=2.0)))


def test_the_form_of_the_words_goes_in_part_or_as_a_whole_and_history_as_a_whole() -> None:
    said = Row({"prior": -2.0, "request": 5.0, "narrative": -1.0}, {"talking_on": 1.0, "near_field": -1.0}, meant=True)
    taken = dict(cues([said]))
    assert logit(said, {"request"}) == pytest.approx(logit(said) - 5.0)
    assert logit(said, taken["the form of the words"]) == pytest.approx(logit(said) - (-2.0 + 5.0 - 1.0))
    assert logit(said, HISTORY) == pytest.approx(logit(said) - WEIGHTS["talking_on"])
    assert [*taken][:2] == ["(all cues)", "the form of the words"]
    assert {"request", "talking_on", "near_field"} <= {*taken}
    assert "sight" not in taken, "what no scene has is no row"

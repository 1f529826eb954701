"""Talk to others speaks against the next request, as far as it was the wearer's own."""

import pytest

from sottovoce_device.decide.talk import Spoken, Talk

WEARER_DB = -30.0


def after(*peaks_db: float | None) -> Talk:
    """A turn every two seconds from 0 on; nothing of it was for the glasses."""
    talk = Talk()
    for number, peak_db in enumerate(peaks_db):
        talk.judged(Spoken(2_000.0 * number, False, 1.0, peak_db))
    return talk


def test_turns_add_up_to_three_and_fade() -> None:
    talk = after(*[WEARER_DB] * 2)
    assert talk.before(2_500, WEARER_DB) == pytest.approx(1.9, abs=0.1)
    assert talk.before(32_000, WEARER_DB) == pytest.approx(1.9 / 2.718, abs=0.1)
    assert after(*[WEARER_DB] * 9).before(16_500, WEARER_DB) == pytest.approx(3.0, abs=0.1)
    assert Talk().before(1_000, WEARER_DB) == 0


def test_a_turn_for_the_glasses_halves_what_was_before() -> None:
    talk = after(WEARER_DB, WEARER_DB)
    before = talk.before(2_600, WEARER_DB)
    talk.judged(Spoken(2_600, True, 0.0, WEARER_DB))
    assert talk.before(2_600, WEARER_DB) == pytest.approx(before / 2, abs=0.01)


@pytest.mark.parametrize(
    ("softer_db", "least", "most"), [(-9, 0.95, 1), (0, 0.95, 1), (4, 0.9, 1), (10, 0.4, 0.6), (15, 0, 0.05)]
)
def test_who_was_taken_for_the_wearer_is_not_once_the_wearer_is_heard_to_be_louder(
    softer_db: float, least: float, most: float
) -> None:
    assert least <= after(WEARER_DB - softer_db).before(100, WEARER_DB) <= most


def test_the_wearer_s_own_turns_count_among_those_of_a_stranger() -> None:
    talk = after(-45.0, WEARER_DB, -45.0)
    assert talk.before(4_100, WEARER_DB) == pytest.approx(after(WEARER_DB).before(2_100, WEARER_DB), abs=0.1)
    assert talk.before(4_100, -45.0) > 2, "and the stranger goes on"


def test_where_no_level_is_known_every_turn_counts_and_the_turn_itself_never() -> None:
    assert after(None, None).before(2_500, WEARER_DB) == after(-45.0, -45.0).before(2_500, None) > 1.9
    talk = after(WEARER_DB, WEARER_DB)
    assert talk.before(1_900, WEARER_DB) < 1, "a part of a long turn that has been judged is not before it"

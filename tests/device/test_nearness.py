"""How loud the wearer is, learnt from what is known of whose voice it was."""

import pytest

from sottovoce_device.decide.nearness import Nearness
from sottovoce_device.observation import Level, Texture

DOUBTFUL = Texture(7.4, 0.0)
"""Tells neither for nor against a near voice, as outdoors."""
TELEVISION_DB, WEARER_DB = -40.0, -20.0


def hear(nearness: Nearness, seconds: float, level_db: float) -> None:
    for _ in range(round(seconds * 1000 / 32)):
        nearness.step(Level(level_db), DOUBTFUL, 0.9)


def having_heard(level_db: float) -> tuple[Nearness, float]:
    """Glasses that have heard three seconds of this level, and how loud they expect the wearer to be."""
    nearness = Nearness()
    hear(nearness, 3.0, level_db)
    return nearness, nearness.wearer_db


def test_whose_voice_a_turn_was_says_nothing_of_what_was_far_before_it() -> None:
    nearness, before = having_heard(TELEVISION_DB)
    nearness.begin()
    nearness.teach(own=True)
    assert nearness.wearer_db == before, "nothing of this turn has been heard yet"
    hear(nearness, 2.0, WEARER_DB)
    nearness.teach(own=True)
    assert nearness.wearer_db == pytest.approx(WEARER_DB, abs=4.0)


def test_a_known_stranger_teaches_that_the_wearer_is_louder() -> None:
    nearness, before = having_heard(TELEVISION_DB)
    nearness.teach(own=False)
    assert before < nearness.wearer_db < 0


def test_muting_forgets_what_was_heard_last_and_not_how_loud_the_wearer_is() -> None:
    nearness, known = having_heard(WEARER_DB)
    nearness.forget()
    nearness.teach(own=True)
    assert nearness.wearer_db == known

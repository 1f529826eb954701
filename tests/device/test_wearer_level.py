"""How loud the wearer is: before anything is heard, and by what is."""

import numpy as np
import pytest

from sottovoce_device.decide.wearer_level import USUAL_DB, WearerLevel, mean_syllable_db
from sottovoce_device.observation import Level

SOFT_DB = -45.0
SENTENCE = 60
"""Blocks, two seconds."""


def test_a_wearer_who_enrolled_softly_is_told_from_others_where_one_who_did_not_is_taken_for_them() -> None:
    assert WearerLevel().logit(SOFT_DB, SENTENCE) < 0 < WearerLevel(SOFT_DB).logit(SOFT_DB, SENTENCE)


def test_whoever_is_much_softer_than_the_wearer_at_enrolment_is_somebody_else() -> None:
    assert WearerLevel(USUAL_DB).logit(USUAL_DB - 13, SENTENCE) < WearerLevel().logit(USUAL_DB - 13, SENTENCE) < 0.5


def test_an_enrolment_by_another_microphone_is_unlearnt_within_some_sentences() -> None:
    level = WearerLevel(SOFT_DB + 20)
    for _ in range(5):
        level.learn(SOFT_DB, 16, 0.9)
    assert level.db == pytest.approx(SOFT_DB, abs=3.0)
    assert level.logit(SOFT_DB, SENTENCE) > 1


def test_the_level_of_a_voice_is_that_of_its_syllables_and_pauses_do_not_count() -> None:
    syllable, pause = [-40.0, -30.0, -20.0, -30.0, -40.0], [-70.0] * 20
    levels = [Level(db) for db in [*syllable, *pause] * 3]
    speech = [0.9 if level.db > -60 else 0.0 for level in levels]
    assert mean_syllable_db(levels, speech) == pytest.approx(np.mean([-40, -30, -20, -20, -20]))
    assert mean_syllable_db(levels, [0.0] * len(levels)) is None

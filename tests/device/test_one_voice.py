"""Two people are not learnt as one wearer."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from sottovoce_device.capture.sample import Sample
from sottovoce_device.decide.one_voice import is_one
from sottovoce_device.enrolment import Enroller
from sottovoce_device.errors import EnrolmentError
from sottovoce_device.perceive.weights import Weights

Recorded = Callable[[str, float, float], NDArray[np.float32]]
READER, ACTORS = "two_cities.wav", "endgame.wav"


@pytest.fixture
def enroller(weights: Weights) -> Enroller:
    return Enroller(weights)


def test_two_people_are_not_learnt_as_one(enroller: Enroller, recording: Recorded) -> None:
    both = np.concatenate([recording(READER, 0, 10), recording(ACTORS, 0, 14)])
    with pytest.raises(EnrolmentError, match="more than one voice"):
        enroller.learn(both, "both")


def test_two_people_who_talk_to_each_other_are_not_learnt_and_one_who_reads_for_long_is(
    enroller: Enroller, recording: Recorded
) -> None:
    with pytest.raises(EnrolmentError, match="more than one voice"):
        enroller.learn(recording(ACTORS, 0, 28), "they")
    assert enroller.learn(recording(READER, 0, 44), "it").embedding


def test_two_people_are_told_apart_though_one_of_them_coughs(enroller: Enroller, recording: Recorded) -> None:
    rng = np.random.default_rng(0)
    cough = np.concatenate([rng.normal(0, 0.2, 3_200) * np.hanning(3_200) for _ in range(10)]).astype(np.float32)
    voices = [
        voice
        for sound in (recording(READER, 0, 10), cough, recording(ACTORS, 0, 14))
        for start in range(0, len(sound), 32_000)
        if (voice := enroller.ge2e.infer(Sample(sound[start : start + 32_000], 0.0))) is not None
    ]
    assert not is_one(voices)
    assert is_one(voices[:5])
    assert is_one(voices[:6]), "one who coughs"

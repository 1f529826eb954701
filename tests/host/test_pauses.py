"""What a reply keeps of the silence that the synthesiser gives."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from sottovoce_host.voice.hibari import Synthesiser
from sottovoce_host.voice.pauses import END_S, PAUSE_S, spoken
from sottovoce_host.voice.sink import RATE_HZ

SAYS = "Stop. It is ten past seven in Tokyo. A pound has sixteen ounces."


def audible_s(sound: NDArray[np.float32]) -> tuple[float, float]:
    """When the first and the last sound of it are, in seconds, to 40 dB below the loudest."""
    where = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max()) / RATE_HZ
    return float(where[0]), float(where[-1])


def test_a_reply_sounds_from_its_first_sample_and_what_is_on_its_way_has_arrived_at_its_end(
    synthesiser: Synthesiser,
) -> None:
    first, *_, end = spoken(synthesiser.stream(SAYS))
    assert audible_s(first)[0] < 0.03
    assert len(end) == END_S * RATE_HZ
    assert not end.any()


def test_between_sentences_there_is_a_pause_as_people_make_it(synthesiser: Synthesiser) -> None:
    sounds = list(spoken(synthesiser.stream(SAYS)))
    assert len(sounds) == 4
    for one, after in pairwise(sounds[:-1]):
        silent_s = len(one) / RATE_HZ - audible_s(one)[1] + audible_s(after)[0]
        assert PAUSE_S <= silent_s <= PAUSE_S + 0.15


def test_nothing_that_can_be_heard_is_cut(synthesiser: Synthesiser) -> None:
    made = list(synthesiser.stream(SAYS))
    for whole, kept in zip(made, spoken(iter(made)), strict=False):
        lost = np.sum(whole.astype(float) ** 2) - np.sum(kept.astype(float) ** 2)
        assert abs(lost) < 1e-5 * np.sum(whole.astype(float) ** 2)


@pytest.mark.parametrize("silent", [np.zeros(0, np.float32), np.zeros(24_000, np.float32)])
def test_what_makes_no_sound_leaves_no_pause(silent: NDArray[np.float32]) -> None:
    tone = np.sin(np.arange(2400, dtype=np.float32))
    only, _ = spoken(iter([silent, tone, silent]))
    assert len(only) == len(tone), "no more than there is"
    assert list(spoken(iter([silent]))) == []

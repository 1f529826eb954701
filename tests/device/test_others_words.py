"""Words of others: their speech is overwritten in memory, and one loud syllable of theirs is not enough to hear it."""

import numpy as np

from sottovoce_device.capture.lookback import Lookback
from sottovoce_device.capture.sample import BLOCK, Sample
from sottovoce_device.decide.erasure import CONFIRM, KEEP, LEAD, PAUSE, Erasure
from sottovoce_device.decide.turn_voice import TurnVoice

FAR, NEAR = -4.0, 4.0


def erased(blocks: str) -> str:
    """What is left of blocks: f is far speech, d speech in doubt, n near speech, . no speech; x is overwritten."""
    erasure, left = Erasure(), list(blocks)
    for number, kind in enumerate(blocks, start=1):
        logit = {"f": FAR, "d": 0.0, "n": NEAR}.get(kind, FAR)
        found = erasure.step(number * BLOCK, voiced=kind != ".", near=kind == "n", logit=logit)
        if found is not None:
            for at in range(found[0] // BLOCK, found[1] // BLOCK):
                left[at] = "x"
    return "".join(left)


def test_far_speech_is_overwritten_up_to_what_a_voice_that_begins_now_may_need() -> None:
    far = "f" * 20
    assert erased("." * 5 + far + "nnn") == "." * (5 - LEAD) + "x" * (20 + LEAD - KEEP) + "ff" + "nnn"


def test_a_soft_beginning_of_the_wearers_own_stays() -> None:
    heard = "....." + "f" * (CONFIRM - 1) + "nnnnn"
    assert erased(heard) == heard


def test_near_speech_is_never_overwritten_nor_speech_in_doubt() -> None:
    for own in "nd":
        left = erased("ffffffffff" + own * 8 + "ffffffffff" + own * 8)
        assert left.count(own) == 16
        assert left.count("x") > 10


def test_a_short_pause_of_others_is_theirs_and_a_long_one_is_nobodys() -> None:
    assert erased("ffffff" + "." * 5 + "ffffff")[6:11] == "x" * 5
    long = "." * (PAUSE + 1)
    assert erased("ffffff" + long + "fff") == erased("ffffff") + long + "fff"


def test_what_is_erased_is_gone_from_memory_and_the_rest_is_in_its_place() -> None:
    lookback = Lookback(1.0)
    for number in range(1, 9):
        lookback.write(Sample(np.full(BLOCK, float(number), np.float32), 0.0))
    lookback.erase(2 * BLOCK, 5 * BLOCK)
    left = lookback.cut(0, lookback.position, 0.0).data[::BLOCK]
    assert left.tolist() == [1, 2, 0, 0, 0, 6, 7, 8]


def test_erasing_what_is_gone_already_touches_nothing_else() -> None:
    lookback = Lookback(4 * BLOCK / 16_000)
    for number in range(1, 9):
        lookback.write(Sample(np.full(BLOCK, float(number), np.float32), 0.0))
    lookback.erase(0, 2 * BLOCK)
    assert lookback.cut(0, lookback.position, 0.0).data[::BLOCK].tolist() == [5, 6, 7, 8]


def test_a_loud_syllable_does_not_make_a_turn_near_but_a_sentence_does() -> None:
    voice = TurnVoice()
    voice.begin()
    for _ in range(8):
        voice.hear(1.2, 0.0, -30.0)
    assert not voice.is_near
    for _ in range(24):
        voice.hear(1.2, 0.0, -30.0)
    assert voice.is_near


def test_a_turn_begins_with_its_first_two_blocks_and_nothing_of_the_turn_before() -> None:
    voice = TurnVoice()
    assert voice.logit is None
    for _ in range(50):
        voice.hear(6.0, 1.0, -20.0)
    voice.hear(1.0, 0.5, -40.0)
    voice.hear(1.0, 0.5, -40.0)
    voice.begin()
    assert (voice.logit, voice.parallax, voice.peak_db) == (1.0, 0.5, -40.0)
    assert not voice.is_near

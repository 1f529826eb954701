import pytest

from sottovoce_device.decide.addressee import Addressee, Circumstances
from sottovoce_device.words import read_words

MODEL = Addressee(read_words())


@pytest.mark.parametrize(
    ("text", "interrupts", "meant"),
    [
        ("Then never mind.", True, True),
        ("That a timer never mind.", True, True),
        ("Then never mind.", False, False),
        ("I told him that he should never mind.", True, False),
    ],
)
def test_what_is_left_of_the_reply_does_not_hide_that_it_shall_stop(text: str, interrupts: bool, meant: bool) -> None:
    around = Circumstances(follow_up=True, interrupts=interrupts)
    assert ("never_mind" in MODEL.of_circumstances(text, around)) == meant

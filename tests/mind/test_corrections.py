"""A slip of the tongue that is put right in the same breath."""

import pytest
from asking import TUESDAY, Ask

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.corrections import put_right

RIGHT = {
    "set a timer for five minutes no ten minutes": "set a timer for ten minutes",
    "set a timer for five no wait ten minutes": "set a timer for ten minutes",
    "set a timer for five minutes no make that ten": "set a timer for ten minutes",
    "set a pasta timer for five i mean six minutes": "set a pasta timer for six minutes",
    "set an alarm for six no seven tomorrow morning": "set an alarm for seven tomorrow morning",
    "set an alarm for half past six no quarter to seven": "set an alarm for quarter to seven",
    "wake me tomorrow at six actually seven": "wake me tomorrow at seven",
    "wake me on friday no saturday at nine": "wake me on saturday at nine",
    "remind me at five no make that six to call bob": "remind me at six to call bob",
    "remind me to call bob at five sorry at six": "remind me to call bob at six",
    "remind me to call bob in ten minutes actually make it twenty": "remind me to call bob in twenty minutes",
    "add five minutes no ten minutes to the timer": "add ten minutes to the timer",
    "remind me in ten minutes no at five to call bob": "remind me at five to call bob",
    "remind me in five minutes no in ten to call bob": "remind me in ten minutes to call bob",
    "wake me at six no in an hour": "wake me in an hour",
}


@pytest.mark.parametrize(("said", "meant"), RIGHT.items())
def test_the_time_that_is_said_last_is_meant_and_the_day_stays(said: str, meant: str) -> None:
    assert put_right(said, TUESDAY) == meant


@pytest.mark.parametrize(
    "said",
    [
        "set a timer for five minutes",
        "remind me to say no at five",
        "remind me at five to say sorry to bob",
        "remind me to tell ann that there is no milk at five",
        "remind me at five to actually call bob",
        "set a timer for five minutes no cancel that",
        "wake me tomorrow at six no friday",
        "make it five",
        "set a timer for ten minutes no at five",
    ],
)
def test_what_is_no_slip_stays_as_it_was_said(said: str) -> None:
    assert put_right(said, TUESDAY) == said


def test_only_what_was_meant_is_kept(memory: Memory, ask: Ask) -> None:
    assert ask("Set a timer for five minutes, no, sorry, ten.").text == "Timer set for ten minutes."
    assert (
        ask("Remind me to call Bob at five, no, at six.").text
        == "I'll remind you at six o'clock this evening: call Bob."
    )
    assert ask("Remind me to say no at five").text == "I'll remind you at five o'clock this afternoon: say no."
    assert len(memory.timers.running()) == 3


def test_an_answer_may_be_put_right_too(ask: Ask) -> None:
    assert ask("set a timer").awaits
    assert ask("five, no, six minutes").text == "Timer set for six minutes."

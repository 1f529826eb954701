from datetime import datetime
from typing import Any

import pytest
from asking import TUESDAY, reply_of

from sottovoce_host.memory.store import Memory
from sottovoce_host.mind.router import Router
from sottovoce_host.mind.specialists.gaze import came_of_it
from sottovoce_wire import CalibrateGaze, Done, Forget, GazeCalibrated, Interrupted


def outcome(stage: Any, **more: Any) -> GazeCalibrated:
    return GazeCalibrated(at_ms=1, command=2, stage=stage, marks=9, **more)


def command(memory: Memory, said: str, now: datetime = TUESDAY) -> object:
    return reply_of(Router(memory), said, now).command


@pytest.mark.parametrize("said", ["Calibrate my eyes.", "recalibrate my gaze", "please calibrate the eye camera"])
def test_the_glasses_are_told_to_calibrate_and_the_wearer_what_to_look_at(memory: Memory, said: str) -> None:
    assert command(memory, said) == CalibrateGaze(marks=9)
    assert "mark" in reply_of(Router(memory), said).text


def test_a_gaze_is_forgotten_when_it_is_said_so_and_nothing_else_is_mistaken_for_that(memory: Memory) -> None:
    assert command(memory, "Forget my gaze.") == Forget(what="gaze")
    for said in ("forget it", "remember that I calibrate my eyes on Monday", "what is a gaze", "delete my notes"):
        assert command(memory, said) is None, said


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (outcome("taken"), ""),
        (outcome("accepted", error=7), "Calibrated, to zero point seven deg"),
        (outcome("refused", reason="eye_unseen"), "That didn't work: the"),
        (Done(at_ms=1, command=2, name="CalibrateGaze", outcome="failed"), ""),
        (Done(at_ms=1, command=2, name="CalibrateGaze", outcome="unsupported"), "Your glasses have no eye camera."),
        (Done(at_ms=1, command=2, name="Forget", outcome="done"), "Your glasses have forgotten"),
        (Done(at_ms=1, command=2, name="Forget", outcome="failed"), "Your glasses couldn't do that."),
        (Interrupted(at_ms=1, turn=2), ""),
    ],
)  # fmt: skip
def test_what_came_of_it_is_said_once_and_in_words_that_help(event: Any, words: str) -> None:
    told = came_of_it(event)
    assert told.startswith(words)
    assert bool(told) == bool(words)

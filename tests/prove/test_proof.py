"""The short form of `make prove`: the product, a build that leaks, and the memory of sense."""

import os
import shutil
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.prove.builds import LEAKING
from tests.prove.pipe import flooded
from tests.prove.trials import Outcome, hold

CANARY = [("canary", name) for name in ("the product", "words")] if shutil.which("strace") else []
MEMORY = [("memory", "the product")] if os.geteuid() == 0 else []
needs_strace = pytest.mark.skipif(not CANARY, reason="there is no strace: apt install strace")
needs_root = pytest.mark.skipif(not MEMORY, reason="sense lets nobody but root read its memory: run as root")


@pytest.fixture(scope="module")
def held(ask: Callable[[str], NDArray[np.float32]]) -> dict[tuple[str, str], Outcome]:
    return hold([*MEMORY, *CANARY], ask("What is seventeen times three?"))


@needs_strace
def test_no_trace_of_what_was_heard_or_seen_is_in_anything_that_the_processes_leave(
    held: dict[tuple[str, str], Outcome],
) -> None:
    outcome = held["canary", "the product"]
    assert outcome.failed == ""
    assert outcome.gave.found == []
    assert len(outcome.gave.searched) == 10
    assert min(outcome.gave.searched.values()) > 100
    assert outcome.gave.events > 5


@needs_strace
def test_the_same_search_finds_it_in_a_build_that_leaks(held: dict[tuple[str, str], Outcome]) -> None:
    outcome = held["canary", "words"]
    assert outcome.failed == ""
    assert LEAKING["words"].shows_in in {trace.where for trace in outcome.gave.found}


@needs_root
def test_nothing_heard_or_seen_is_left_in_the_memory_of_sense_when_its_turn_is_over(
    held: dict[tuple[str, str], Outcome],
) -> None:
    outcome = held["memory", "the product"]
    assert outcome.failed == ""
    assert outcome.gave.during >= {"float32", "pixels"}, "the search does not find what is there"
    assert outcome.gave.left == []


def test_a_sense_that_floods_gets_no_more_text_through_than_is_stated() -> None:
    assert flooded().held

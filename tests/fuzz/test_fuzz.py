"""A short run at every door; `make fuzz` is the long one."""

import random

import pytest
from tests.fuzz.__main__ import DOORS, Fuzz

SHORT = {"fuzz_broker": 1_000}


@pytest.mark.parametrize("fuzz", [fuzz for _, fuzz, _ in DOORS], ids=[name for name, _, _ in DOORS])
def test_no_changed_message_crashes_or_is_taken_for_what_it_is_not(fuzz: Fuzz) -> None:
    count = SHORT.get(fuzz.__name__, 30_000)
    assert fuzz(count, random.Random(7))["tried"] == count  # noqa: S311 -- what is found can be found again

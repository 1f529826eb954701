import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.prove.lifetime import aftermath
from tests.prove.watermark import Watermark

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="sense lets nobody but root read its memory: run as root")


@pytest.fixture
def mark(ask: Callable[[str], NDArray[np.float32]]) -> Watermark:
    made = Watermark()
    made.under(ask("What is seventeen times three?"))
    return made


@needs_root
def test_nothing_heard_or_seen_is_left_in_the_memory_of_sense_when_its_turn_is_over(
    tmp_path: Path, mark: Watermark
) -> None:
    found = aftermath(tmp_path, mark, ("sottovoce_device", "sense"), "simulated")
    assert found.during >= {"float32", "pixels"}, "the search does not find what is there"
    assert found.left == []

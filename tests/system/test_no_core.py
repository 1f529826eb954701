import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import Stage, wait_until


@pytest.fixture
def unlimited() -> Iterator[None]:
    """A shell that allows core dumps, as many developers' do."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("part", ["gate", "host"])
def test_neither_gate_nor_host_leaves_a_core_dump_with_words_and_keys(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    stage.broker()
    running = stage.device(tmp_path / "none.wav", "gate") if part == "gate" else stage.host("external")
    wait_until(lambda: "connected" in running.said, "it is connected")
    os.kill(running.popen.pid, signal.SIGSEGV)
    _, status = os.waitpid(running.popen.pid, 0)
    assert os.WTERMSIG(status) == signal.SIGSEGV
    assert not os.WCOREDUMP(status)

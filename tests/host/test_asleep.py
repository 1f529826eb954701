"""A computer that was asleep: its monotonic clock has stood still meanwhile, which a name space of time looks like."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from glasses import Glasses, now_ms, until
from stage import Stage

from sottovoce_device.gate.session import Session
from sottovoce_host.link.registry import Registry
from sottovoce_wire import ExpectEcho, Interrupted, Speaking, Status

SLEPT_S = 3600
ASLEEP = ["unshare", "--time", f"--boottime={SLEPT_S}", "--fork", "--kill-child"]


def test_a_host_that_was_asleep_is_on_time_by_the_clock_that_it_stamps_with(tmp_path: Path) -> None:
    if (
        shutil.which(ASLEEP[0]) is None
        or subprocess.run([*ASLEEP, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs root and name spaces of time")
    stage = Stage(tmp_path)
    settings = tmp_path / "host.toml"
    settings.write_text(
        f'[broker]\nsecurity = "plain"\nport = {stage.port}\n[voice]\nsink = "wav"\npath = "{stage.wav}"\n'
        f'[memory]\npath = "{tmp_path / "memory.sqlite"}"\n'
    )
    command = [*ASLEEP, sys.executable, "-m", "sottovoce_host", "run", f"--config={settings}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as host:
        try:
            assert host.stderr is not None
            assert "connected" in host.stderr.readline()
            with closing(Glasses(stage.port)) as glasses:
                glasses.say("What is two plus two?")
                until(lambda: glasses.got(ExpectEcho), "the reply is foretold")
                (speaking,), told = glasses.got(Speaking)[:1], glasses.got(ExpectEcho)[0]
            since_s = (speaking.sent_ms - now_ms()) / 1000
            assert since_s == pytest.approx(SLEPT_S, abs=30), "the night counts"
            assert told.starts_ms == pytest.approx(told.sent_ms, abs=2_000), "by the same clock"
        finally:
            host.kill()  # unshare takes no notice of a milder signal


def lateness_ms(*sessions_at_ms: tuple[int, int, float]) -> list[float]:
    """How late events are: each by its session, its stamp, and when it came. Before each the glasses were away."""
    registry, late_ms = Registry(), []
    for session, at_ms, came_ms in sessions_at_ms:
        for alive in (False, True):
            status = Status(session=session, at_ms=0, alive=alive, sensing=alive, muted=False, device_version="1")
            registry.take("specs", status, came_ms)
        late_ms.append(registry.take("specs", Interrupted(session=session, seq=1, at_ms=at_ms, turn=0), came_ms)[0])
    return late_ms


def test_glasses_whose_clock_stood_still_while_they_slept_are_on_time_when_they_are_back() -> None:
    slept = Session(iter((1, 2)).__next__, asleep_ms=0.0)
    before = slept.number(0.0), 1_000, 1_000.0
    assert lateness_ms(before, (slept.number(3_599_000.0), 1_500, 3_600_500.0)) == [0, 0]


def test_what_glasses_tell_late_when_they_are_back_is_late_if_they_did_not_sleep() -> None:
    awake = Session(iter((1, 2)).__next__, asleep_ms=0.0)
    before = awake.number(0.0), 1_000, 1_000.0
    late_ms = lateness_ms(before, (awake.number(0.5), 12_000, 26_000.0))
    assert late_ms == [0, pytest.approx(14_000, abs=10)]

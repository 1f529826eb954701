"""The count of wrong codes."""

from pathlib import Path

import pytest

from sottovoce_device.gate.lockout import FIRST_WAIT_S, LONGEST_WAIT_S, Lockout
from sottovoce_trust.errors import LockedError


def test_a_right_code_forgives_the_wrong_ones_before_it(tmp_path: Path) -> None:
    lockout = Lockout(tmp_path / "l", 0.0)
    for _ in range(2):
        lockout.begin(0.0)
    lockout.clear()
    for _ in range(3):
        lockout.begin(0.0)
    with pytest.raises(LockedError):
        lockout.begin(0.0)


def test_each_lock_lasts_twice_as_long_up_to_a_day_whatever_is_switched_off_meanwhile(tmp_path: Path) -> None:
    now, waits = 0.0, []
    for _ in range(13):
        lockout = Lockout(tmp_path / "l", now)  # the clock of a machine that starts begins anew
        for _ in range(3):
            lockout.begin(now)
        waits.append(lockout.left_s(now))
        assert Lockout(tmp_path / "l", 5.0).left_s(5.0) == waits[-1]
        now += waits[-1]
        assert lockout.left_s(now - 1) == 1
        assert lockout.left_s(now) == 0
    assert waits[:3] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]
    assert waits[-1] == LONGEST_WAIT_S


def test_a_spoilt_count_is_a_lock(tmp_path: Path) -> None:
    (tmp_path / "l").write_bytes(b"{}}")
    assert Lockout(tmp_path / "l", 0.0).left_s(0.0) == FIRST_WAIT_S

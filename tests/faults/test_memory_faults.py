"""What was confirmed is kept: by a host that is killed, and by one whose disk is full."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IN_RAM = Path("/dev/shm")  # noqa: S108 -- a file system without a disk: kill -9 is no power cut, and syncs are quick
KILLS = 200


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=IN_RAM if IN_RAM.is_dir() else tmp_path) as made:
        yield Path(made)


def confirmed(attack: str, folder: Path, rounds: int) -> int:
    """How many changes were confirmed in a process of its own that checks, after each round, that all are kept."""
    command = [sys.executable, "-m", "tests.faults.diary", attack, str(folder), str(rounds), "7"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


def test_killed_two_hundred_times_at_random_moments_the_memory_has_all_that_was_confirmed(folder: Path) -> None:
    assert confirmed("killed", folder, KILLS) > KILLS // 2


def test_with_a_full_disk_nothing_is_confirmed_that_is_not_kept_and_nothing_kept_is_lost(folder: Path) -> None:
    assert confirmed("full", folder, 100) > 500

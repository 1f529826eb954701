from pathlib import Path

import pytest

from sottovoce_device.errors import GateError
from sottovoce_device.gate.budget import BURST_BITS, RATE_BITS_PER_S, BitBudget
from sottovoce_device.gate.budget_book import Book

ONE = 100


def spent(budget: BitBudget, now_ms: float) -> int:
    """All that a bucket has, taken in pieces."""
    bits = 0
    while budget.spend(ONE, now_ms):
        bits += ONE
    return bits


def crash_loop(starts: int, begin: Path | None) -> tuple[int, float]:
    """Bits that leave when the gate dies every half a second, and how many seconds that takes."""
    sent = 0
    for number in range(starts):
        kept = None if begin is None else Book(begin, boot="one")
        sent += spent(BitBudget(kept), 1_000_000 + 500 * number)
    return sent, 0.5 * (starts - 1)


def test_a_gate_that_dies_again_and_again_lets_no_more_out_than_one_that_lives(tmp_path: Path) -> None:
    sent, seconds = crash_loop(60, tmp_path / "budget")
    assert BURST_BITS < sent <= BURST_BITS + seconds * RATE_BITS_PER_S
    forgetful, _ = crash_loop(60, None)
    assert forgetful > 30 * BURST_BITS, "this test could not tell the two apart"


def test_a_debt_and_a_pause_are_gone_on_with_too(tmp_path: Path) -> None:
    budget = BitBudget(Book(tmp_path / "budget", boot="one"))
    spent(budget, 0.0)
    budget.owe(32_000, 0.0)
    assert not BitBudget(Book(tmp_path / "budget", boot="one")).spend(1, 99_000)
    assert spent(BitBudget(Book(tmp_path / "budget", boot="one")), 1e9) > BURST_BITS - ONE
    assert (tmp_path / "budget").stat().st_mode & 0o077 == 0


def test_another_boot_begins_with_a_full_bucket_and_a_file_that_makes_no_sense_with_an_empty_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "budget"
    spent(BitBudget(Book(path, boot="one")), 5_000.0)
    assert spent(BitBudget(Book(path, boot="two")), 1_000.0) > BURST_BITS - ONE
    for nonsense in (b"one", b"one many 5", b"one 1 2 3", b"\xff\xfe", b"one nan 0", b"one 1e9 0"):
        path.write_bytes(nonsense)
        budget = BitBudget(Book(path, boot="one"))
        assert not budget.spend(1, 1_000.0), nonsense
        assert spent(budget, 11_000.0) > 9 * RATE_BITS_PER_S
    path.write_bytes(b"one 999999999 0")
    assert spent(BitBudget(Book(path, boot="one")), 0.0) <= BURST_BITS


def test_a_budget_that_cannot_be_kept_ends_the_gate_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"budget cannot be kept.*set \[gate\] ledger"):
        Book(tmp_path / "nowhere" / "budget")
    (tmp_path / "elsewhere").symlink_to(tmp_path / "target")
    with pytest.raises(GateError, match="cannot be kept"):
        Book(tmp_path / "elsewhere")

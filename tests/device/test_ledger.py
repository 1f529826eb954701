import asyncio
import stat
from pathlib import Path
from typing import get_args

import pytest

from sottovoce_device.config import Config, GateConfig
from sottovoce_device.errors import GateError
from sottovoce_device.gate.ledger import KEPT, Ledger, ledger_path, read_ledger
from sottovoce_wire import Attended
from sottovoce_wire.because import SPEAKS_AGAINST, SPEAKS_FOR, because
from sottovoce_wire.evidence import Evidence, EvidenceName


def line(turn: int, *evidence: tuple[EvidenceName, int], opened: bool = False) -> Attended:
    reasons = tuple(Evidence(name=name, weight=weight) for name, weight in evidence)
    return Attended(at_ms=1_000 * turn, turn=turn, opened=opened, confidence=20, evidence=reasons)


def test_every_reason_can_be_put_in_words() -> None:
    assert set(get_args(EvidenceName)) == set(SPEAKS_FOR) | set(SPEAKS_AGAINST)


def test_a_sentence_gives_the_strongest_reason_first_and_what_spoke_the_other_way() -> None:
    shut = because(line(1, ("other_voice", -70), ("talking_on", -310), ("request", 430)))
    assert shut == (
        "stayed shut (20 %): the wearer has been talking, and not to the glasses (-3.1); somebody else had just"
        " spoken (-0.7), although it is a request (+4.3)"
    )
    assert because(line(1, ("request", 430), opened=True)) == "opened (20 %): it is a request (+4.3)"


def test_the_running_gate_tells_its_newest_lines_to_its_own_user(tmp_path: Path) -> None:
    config = Config(gate=GateConfig(socket=str(tmp_path / "gate.sock")))

    async def ask() -> list[Attended]:
        ledger = Ledger(ledger_path(config))
        for turn in range(KEPT + 5):
            ledger.note(line(turn, ("request", 100)))
        serving = asyncio.create_task(ledger.serve())
        while not ledger_path(config).exists():  # noqa: ASYNC110 -- a socket in the file system signals nobody
            await asyncio.sleep(0.01)
        mode = ledger_path(config).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
        found = await asyncio.to_thread(lambda: list(read_ledger(config)))
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        return found

    found = asyncio.run(ask())
    assert [entry.turn for entry in found] == list(range(5, KEPT + 5))
    assert not ledger_path(config).exists()


def test_asking_glasses_that_do_not_run_names_the_cure(tmp_path: Path) -> None:
    config = Config(gate=GateConfig(socket=str(tmp_path / "gate.sock")))
    with pytest.raises(GateError, match="are running here"):
        list(read_ledger(config))

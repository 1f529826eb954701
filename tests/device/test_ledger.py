import asyncio
import stat
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from sottovoce_device.cli import main
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


def explained(tmp_path: Path, last: str) -> Result:
    """What `explain --last` says of three turns."""
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[gate]\nsocket = "{tmp_path}/gate.sock"\n')

    async def ask() -> Result:
        ledger = Ledger(tmp_path / "gate.ledger")
        for turn in (1, 2, 3):
            ledger.note(line(turn, ("request", 100)))
        serving = asyncio.create_task(ledger.serve())
        while not (tmp_path / "gate.ledger").exists():  # noqa: ASYNC110 -- a socket in the file system signals nobody
            await asyncio.sleep(0.01)
        command = ["explain", f"--last={last}", f"--config={settings}"]
        said = await asyncio.to_thread(CliRunner().invoke, main, command)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        return said

    return asyncio.run(ask())


@pytest.mark.parametrize(("last", "turns"), [("0", ""), ("1", "3"), ("2", "23"), ("20", "123")])
def test_so_many_of_the_last_turns_are_explained_as_were_asked_for(tmp_path: Path, last: str, turns: str) -> None:
    said = explained(tmp_path, last)
    assert said.exit_code == 0
    assert "".join(row.split("turn ")[1][0] for row in said.stdout.splitlines()) == turns


def test_fewer_than_no_turns_are_refused(tmp_path: Path) -> None:
    said = explained(tmp_path, "-1")
    assert said.exit_code == 2
    assert "Invalid value for '--last': -1 is not in the range x>=0." in said.stderr

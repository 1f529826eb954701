"""What goes wrong in the program is told by kind and line: an error's text may hold what was said."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hosting import Stage, play

from sottovoce_host.turn import Turn


class Failing(Stage):
    """An observer of the host that fails, and says at what."""

    def sounding(self, turn: Turn) -> None:
        super().sounding(turn)
        raise ValueError(turn.said.text)


def test_a_reply_that_fails_leaves_no_word_of_it_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(stage: Stage) -> None:
        stage.host.observer = failing
        await stage.tell("Take a note that the marzipan is out.")
        await stage.until(lambda: stage.host.silent and failing.turns, "it has failed")

    failing = Failing(tmp_path)
    play(tmp_path, scenario)
    said = capsys.readouterr().err
    assert re.search(
        r"host: a fault in the program, which goes on: ValueError in test_faults_told\.py, line \d+ < ", said
    )
    assert "marzipan" not in said


def test_what_ends_gate_or_host_is_told_by_kind_and_line_alone() -> None:
    script = "from {} import say; from sottovoce_wire.faults import tell_faults; tell_faults(say); int('marzipan')"
    for module in ("sottovoce_device.gate.process", "sottovoce_host.log"):
        done = subprocess.run(
            [sys.executable, "-c", script.format(module)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert re.fullmatch(r"(gate|host): a fault in the program: ValueError in <string>, line 1\n", done.stderr)

"""The live sensing process, with its real models and a driver at work, attacked from within."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.seal.attack import attacked, settings
from tests.seal.gates_end import Gate

from sottovoce_wire import Vitals

Scene = Callable[..., Path]

# What works on a bare kernel depends on its build; whatever does work there must not work in the seal.
CLOSED_BY_LANDLOCK_ALONE = {"create a file", "folder", "rename", "truncate", "TCP connect", "read somebody's file"}
CLOSED_BY_SECCOMP_ALONE = {"UDP send", "memfd", "fork", "create a file", "extended attribute", "pass a descriptor out"}


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    made = Gate(tmp_path / "gate.sock")
    yield made
    made.close()


@pytest.fixture(scope="module")
def question(scene: Scene) -> Path:
    return scene(4.0, "What is seventeen times three?", 1.0)


def test_no_way_out_is_open_in_the_live_sealed_process_and_it_still_does_its_work(
    gate: Gate, tmp_path: Path, question: Path
) -> None:
    results = attacked("both", gate, tmp_path, question)
    assert len(results) > 100
    assert {name: result for name, result in results.items() if not result.startswith("denied")} == {}
    assert {p.name for p in (tmp_path / "victim").iterdir()} == {"there", "secret"}


def test_without_the_seal_most_attempts_succeed_so_they_are_attempts(
    gate: Gate, tmp_path: Path, question: Path
) -> None:
    results = attacked("none", gate, tmp_path, question)
    opened = {name for name, result in results.items() if result == "OPEN" and "thread" not in name}
    assert opened >= CLOSED_BY_LANDLOCK_ALONE | CLOSED_BY_SECCOMP_ALONE
    assert len(opened) > 35, sorted(opened)


@pytest.mark.parametrize(
    ("layer", "closed"), [("landlock", CLOSED_BY_LANDLOCK_ALONE), ("seccomp", CLOSED_BY_SECCOMP_ALONE)]
)
def test_each_layer_closes_its_doors_by_itself(
    gate: Gate, tmp_path: Path, question: Path, layer: str, closed: set[str]
) -> None:
    results = attacked(layer, gate, tmp_path, question)
    both = {name for name in closed for suffix in ("", " (thread from before)") if results[name + suffix] == "OPEN"}
    assert both == set()
    other = {"landlock": "memfd", "seccomp": "read somebody's file"}[layer]
    assert results[other] == "OPEN", "that is the other layer's door: this test has not told the two apart"


def test_the_production_process_is_sealed_on_every_thread_dumps_no_core_and_its_log_leads_nowhere(
    gate: Gate, tmp_path: Path, question: Path
) -> None:
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)  # what a careless parent leaves open
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    command = [sys.executable, "-m", "sottovoce_device", "sense", f"--config={settings(tmp_path, question)}"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, stdout=log, close_fds=False)
    os.close(writer)
    try:
        gate.accept()
        gate.until(lambda: any(isinstance(e, Vitals) and e.microphone == "on" for e in gate.events))
        tasks = list(Path(f"/proc/{process.pid}/task").iterdir())
        assert len(tasks) >= 5
        for task in tasks:
            status = (task / "status").read_text()
            assert re.search(r"^Seccomp:\t2$", status, re.MULTILINE)
            assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)
        if os.getuid() == 0:
            leads = {n: os.readlink(f"/proc/{process.pid}/fd/{n}") for n in (0, 1, 2)}  # noqa: PTH115
            assert set(leads.values()) == {os.devnull}
            inode = os.fstat(reader).st_ino
            links = [os.readlink(p) for p in Path(f"/proc/{process.pid}/fd").iterdir()]  # noqa: PTH115
            assert f"pipe:[{inode}]" not in links, "what it inherited is still open"
        process.terminate()
        assert process.wait(30) == 0
        assert (tmp_path / "log").read_text().count("\n") <= 3
    finally:
        process.kill()
        process.wait()
        os.close(reader)

"""The units as files: what systemd's own tools say of them, and what `make install-units` puts where."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sottovoce_device.config import Config as GlassesConfig
from sottovoce_device.config import socket_path, state_folder, wearer_folder
from sottovoce_device.gate.ledger import ledger_path
from sottovoce_host.config import Config as HostConfig
from sottovoce_host.config import memory_path, pairing_path
from sottovoce_wire.settings import load_settings

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})


@needs_systemd
@pytest.mark.parametrize(("part", "limit"), [("sense", 1.5), ("gate", 1.5), ("host", 2.5)])
def test_systemd_scores_a_unit_as_shut_in(part: str, limit: float) -> None:
    said = analyze("security", "--offline=true", "--no-pager", UNITS / f"sottovoce-{part}.service").stdout
    score = re.search(r"Overall exposure level for .*: (\d+\.\d)", said)
    assert score is not None, said
    assert float(score[1]) <= limit


@needs_systemd
def test_systemd_finds_nothing_wrong_in_the_units(tmp_path: Path) -> None:
    """In a copy whose commands are those of this tree, as the tree of the units need not be installed here."""
    for unit in UNITS.glob("sottovoce*.*"):
        text = unit.read_text().replace("/opt/sottovoce/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text.replace("/opt/sottovoce", str(ROOT)))
    done = analyze("verify", *sorted(p for p in tmp_path.iterdir() if p.suffix in {".service", ".socket", ".target"}))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def install(where: Path) -> None:
    subprocess.run(["make", "-s", "install-units", f"DESTDIR={where}"], cwd=ROOT, check=True)  # noqa: S607 -- make of the developer's own path


def test_installing_puts_every_file_in_its_place_and_leaves_settings_that_are_there(tmp_path: Path) -> None:
    install(tmp_path)
    mine = tmp_path / "etc/sottovoce/glasses.toml"
    mine.write_text("[device]\nname = 'mine'\n")
    install(tmp_path)
    assert mine.read_text() == "[device]\nname = 'mine'\n"
    found = {str(p.relative_to(tmp_path)): p.stat().st_mode & 0o777 for p in tmp_path.rglob("*") if p.is_file()}
    units = [f"etc/systemd/system/{p.name}" for p in UNITS.iterdir() if p.suffix in {".service", ".socket", ".target"}]
    others = ["etc/sottovoce/glasses.toml", "etc/sottovoce/host.toml", "usr/lib/sysusers.d/sottovoce.conf"]
    others.append("usr/lib/tmpfiles.d/sottovoce.conf")
    assert found == dict.fromkeys([*units, *others], 0o644)


def test_the_first_settings_and_the_units_agree_on_every_path() -> None:
    glasses, host = load_settings(GlassesConfig, UNITS / "glasses.toml"), load_settings(HostConfig, UNITS / "host.toml")
    text = {unit.name: unit.read_text() for unit in UNITS.iterdir()}
    assert f"ListenSequentialPacket={socket_path(glasses)}\n" in text["sottovoce-gate.socket"]
    assert state_folder(glasses) == Path("/var/lib/sottovoce-gate")
    assert "StateDirectory=sottovoce-gate\n" in text["sottovoce-gate.service"]
    assert ledger_path(glasses).parent == Path("/run/sottovoce-gate")
    assert "RuntimeDirectory=sottovoce-gate\n" in text["sottovoce-gate.service"]
    assert f"d {wearer_folder(glasses)} " in text["sottovoce.tmpfiles"]
    assert f" -{wearer_folder(glasses)}\n" in text["sottovoce-sense.service"]
    assert f"ReadWritePaths=-{wearer_folder(glasses)}\n" in text["sottovoce-gate.service"]
    assert {memory_path(host).parent, pairing_path(host).parent} == {Path("/var/lib/sottovoce-host")}
    assert "StateDirectory=sottovoce-host\n" in text["sottovoce-host.service"]


@pytest.mark.parametrize(
    ("unit", "package"), [("sense", "sottovoce_device"), ("gate", "sottovoce_device"), ("host", "sottovoce_host")]
)
def test_the_command_of_a_unit_is_one_that_the_product_has(unit: str, package: str) -> None:
    line = next(
        li for li in (UNITS / f"sottovoce-{unit}.service").read_text().splitlines() if li.startswith("ExecStart=")
    )
    _, subcommand, *options = line.split()
    told = subprocess.run(
        [sys.executable, "-m", package, subcommand, "--help"], capture_output=True, text=True, check=True
    )
    assert all(option.split("=")[0] in told.stdout for option in options)

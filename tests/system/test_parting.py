"""Real processes: a running host and a running gate that pair, part and pair anew."""

import re
from collections.abc import Callable
from pathlib import Path

from stage import Running, Stage, wait_until

from sottovoce_host.config import BrokerConfig, Config, PairingConfig
from sottovoce_host.demo.process import free_port
from sottovoce_host.link.pairing_command import pair, unpair


def last_code(gate: Running) -> str | None:
    """The code that was shown last, if the door has not shut since."""
    shown = gate.said.rpartition("gate: paired")[2]
    found = re.findall(r"the code is (\d{3} \d{3})", shown)
    return found[-1] if found else None


def test_either_side_parts_and_the_other_notices_at_once(stage: Stage) -> None:
    state, port = stage.folder / "host", free_port()
    config = Config(pairing=PairingConfig(state=str(state)), broker=BrokerConfig(host="127.0.0.1", port=stage.port))
    (stage.folder / "host.toml").write_text(
        f'[broker]\nhost = "127.0.0.1"\nport = {stage.port}\n[pairing]\nstate = "{state}"\n'
        f'[voice]\nsink = "wav"\npath = "{stage.wav}"\n[memory]\npath = "{stage.folder / "memory.sqlite"}"\n'
    )
    settings = stage.folder / "glasses.toml"
    settings.write_text(
        f'[device]\nstate = "{stage.folder / "glasses"}"\n'
        f'[gate]\nsocket = "{stage.folder / "gate.sock"}"\npairing_port = {port}\nannounce = false\n'
    )
    host = stage.start("host", "sottovoce_host", "run", f"--config={stage.folder / 'host.toml'}")
    gate = stage.start("gate", "sottovoce_device", "gate", f"--config={settings}")
    wait_until(lambda: "connected" in host.said, "the host runs")

    pair_now(config, gate, port, pair)
    wait_until(lambda: gate.said.count("connected to the broker") == 1, "they are connected")
    parting = stage.start("unpair", "sottovoce_device", "unpair", f"--config={settings}")
    assert parting.popen.wait(30) == 0
    wait_until(lambda: "specs has parted from this host" in host.said, "the host was told")
    assert not (stage.folder / "glasses/pairing").exists()

    pair_now(config, gate, port, pair)
    wait_until(lambda: gate.said.count("connected to the broker") == 2, "they are connected again")
    unpair(config, "specs")
    wait_until(lambda: gate.said.count("unpaired: the keys are destroyed") == 2, "the glasses were told")
    wait_until(lambda: not any((stage.folder / "glasses").glob("pairing/*")), "their keys are gone")
    gate.kill()
    assert "Traceback" not in gate.said + host.said


def pair_now(config: Config, gate: Running, port: int, command: Callable[..., str]) -> None:
    code = wait_until(lambda: last_code(gate), "a code is shown")
    assert command(config, f"127.0.0.1:{port}", code, str) == "specs"


def test_a_gate_that_is_killed_and_started_again_is_still_paired(stage: Stage, tmp_path: Path) -> None:
    port = free_port()
    settings = tmp_path / "glasses.toml"
    settings.write_text(
        f'[device]\nstate = "{tmp_path / "glasses"}"\n'
        f'[gate]\nsocket = "{tmp_path / "gate.sock"}"\npairing_port = {port}\nannounce = false\n'
    )
    config = Config(
        pairing=PairingConfig(state=str(tmp_path / "host")), broker=BrokerConfig(host="127.0.0.1", port=stage.port)
    )
    gate = stage.start("gate", "sottovoce_device", "gate", f"--config={settings}")
    pair_now(config, gate, port, pair)
    for _ in range(3):
        gate.kill()
        gate = stage.start("gate", "sottovoce_device", "gate", f"--config={settings}")
        wait_until(lambda: "no connection to the broker" in gate.said, "it looks for its host")  # noqa: B023
        assert last_code(gate) is None

"""The commands, as processes: what they print can be used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def command(folder: Path, package: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = os.environ | {"XDG_STATE_HOME": str(folder / "state")}
    return subprocess.run(
        [sys.executable, "-m", package, *arguments],
        cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_ask_prints_the_reply_and_the_specialist(tmp_path: Path) -> None:
    done = command(tmp_path, "sottovoce_host", "ask", "what is two plus two")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Four.  (arithmetic)\n", "")


def test_ask_prints_one_json_object_and_remembers_in_the_users_state_folder(tmp_path: Path) -> None:
    noted = command(tmp_path, "sottovoce_host", "ask", "--json", "take a note that the key is under the mat")
    assert noted.stderr == ""
    reply = json.loads(noted.stdout)
    assert reply["specialist"] == "notes"
    assert "the key is under the mat" in reply["text"]
    assert [p.relative_to(tmp_path) for p in tmp_path.rglob("*.sqlite")] == [Path("state/sottovoce/memory.sqlite")]
    read = json.loads(command(tmp_path, "sottovoce_host", "ask", "read my notes", "--json").stdout)
    assert "key is under the mat" in read["text"]


@pytest.mark.parametrize(
    ("package", "arguments"),
    [("sottovoce_host", ("ask", "what is two plus two")), ("sottovoce_device", ("replay", "absent.wav"))],
)
def test_what_print_config_prints_is_taken_by_config_and_a_wrong_key_is_not(
    tmp_path: Path, package: str, arguments: tuple[str, ...]
) -> None:
    printed = command(tmp_path, package, "--print-config")
    assert printed.returncode == 0
    settings = tmp_path / "settings.toml"
    settings.write_text(printed.stdout)
    plain = command(tmp_path, package, *arguments)
    fed_back = command(tmp_path, package, *arguments, f"--config={settings}")
    assert (fed_back.returncode, fed_back.stdout, fed_back.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    settings.write_text(printed.stdout + "wrong_key = 1\n")
    refused = command(tmp_path, package, *arguments, f"--config={settings}")
    assert refused.returncode == 2
    assert "'wrong_key'" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("package", "names"), [("sottovoce_host", "ask broker demo run"), ("sottovoce_device", "replay run")]
)
def test_help_lists_the_commands(tmp_path: Path, package: str, names: str) -> None:
    done = command(tmp_path, package, "--help")
    assert done.returncode == 0
    _, _, commands = done.stdout.partition("Commands:\n")
    listed = [line.split()[0] for line in commands.splitlines() if line.strip()]
    assert set(names.split()) <= set(listed)


def test_a_port_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    done = command(tmp_path, "sottovoce_host", "broker", "--port", "99999")
    assert done.returncode == 2
    assert done.stderr == (
        "sottovoce-host: the broker cannot listen on 127.0.0.1:99999 (no such port): "
        "a port is a number from 1 to 65535, set another one\n"
    )


@pytest.mark.parametrize("host", ["", "0.0.0.0", "192.0.2.2", "::"])
def test_a_broker_without_tls_listens_on_this_computer_alone(tmp_path: Path, host: str) -> None:
    done = command(tmp_path, "sottovoce_host", "broker", "--host", host, "--port", "0")
    assert done.returncode == 2
    assert done.stderr == (
        f'sottovoce-host: host "{host}": a broker without TLS is for this computer only, 127.0.0.1; pair instead\n'
    )


def test_the_demo_s_port_is_a_port(tmp_path: Path) -> None:
    done = command(tmp_path, "sottovoce_host", "demo", "--port", "99999")
    assert done.returncode == 2
    assert "99999 is not in the range 0<=x<=65535" in done.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (b'[memory]\npath = "a\\u0000b"\n', "[memory] path: a character NUL is in it; see --print-config"),
        (b"\xff\xfe[\0m\0", "not a text in UTF-8; save it as one, or check the path"),
        (b"\xef\xbb\xbf[broker]\r\nport = true\r\n", "[broker] port: Expected `int`, got `bool`; see --print-config"),
    ],
)
def test_settings_that_no_editor_should_write_are_one_line_and_a_byte_order_mark_is_none_of_them(
    tmp_path: Path, settings: bytes, told: str
) -> None:
    (tmp_path / "host.toml").write_bytes(settings)
    done = command(tmp_path, "sottovoce_host", "ask", "what time is it", "--config", "host.toml")
    assert (done.returncode, done.stderr) == (2, f"sottovoce-host: host.toml: {told}\n")


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--broker=[::1]:8883", '--broker "[::1]:8883": write it as a name or an address, or as 192.168.1.20:8883'),
        ("--broker=host:99999", "the command line: [gate] port: Expected `int` <= 65535; see --print-config"),
        (
            "--name=A",
            "the command line: [device] name: not as it has to be (what the host knows them by",
        ),
    ],
)
def test_what_is_wrong_on_the_command_line_is_not_blamed_on_the_file(tmp_path: Path, option: str, told: str) -> None:
    (tmp_path / "glasses.toml").write_text('[device]\nname = "specs"\n[gate]\nport = 1\n')
    done = command(tmp_path, "sottovoce_device", "explain", "--config=glasses.toml", option)
    assert done.returncode == 2
    assert done.stderr.startswith(f"sottovoce-device: {told}")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[mind]\ntimezone = "Europe"\n', '[mind] timezone = "Europe": no such zone; write it as "Europe/Berlin"'),
        ('[mind]\nskills = "~/mine"\n', "HOME/mine: there is no such folder; set [mind] skills"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, told: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "host.toml").write_text(settings)
    done = command(tmp_path, "sottovoce_host", "ask", "what time is it", "--config", "host.toml")
    assert done.returncode == 2
    assert done.stderr == f"sottovoce-host: {told.replace('HOME', str(tmp_path))}\n"


def test_a_path_of_the_settings_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "host.toml").write_text('[memory]\npath = "~/memory.sqlite"\n')
    done = command(tmp_path, "sottovoce_host", "ask", "take a note that tea is out", "--config", "host.toml")
    assert done.returncode == 0, done.stderr
    assert [p.relative_to(tmp_path) for p in tmp_path.rglob("*.sqlite")] == [Path("home/memory.sqlite")]

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from couple import House

from sottovoce_host.cli import main
from sottovoce_host.link.paired import Paired


def command(house: House, *arguments: str) -> Result:
    settings = house.folder / "settings.toml"
    settings.write_text(f'[pairing]\nstate = "{house.state}"\n')
    return CliRunner().invoke(main, [*arguments, f"--config={settings}"])


@pytest.mark.parametrize("place", ["/proc/x", "file/tok.pem", "."])
def test_a_token_whose_file_cannot_be_written_is_not_let_in(house: House, place: str) -> None:
    (house.folder / "file").touch()
    path = house.folder / place
    refused = command(house, "token", "dash", str(path))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert refused.stderr.startswith(f"sottovoce-host: {path}: cannot be written (")
    assert Paired(house.state).all().members == {}
    assert command(house, "token", "dash", str(house.folder / "tok.pem")).exit_code == 0
    assert list(Paired(house.state).all().members) == ["reader.dash"]


def test_a_token_never_takes_the_place_of_a_device(house: House) -> None:
    pipe = house.folder / "pipe"
    os.mkfifo(pipe)
    refused = command(house, "token", "dash", str(pipe))
    assert refused.stderr == (
        f"sottovoce-host: {pipe}: cannot be written (a device or a pipe is there); "
        "free the disk, or choose another folder\n"
    )
    assert pipe.is_fifo()
    assert Paired(house.state).all().members == {}


def test_a_list_of_the_paired_that_may_not_be_changed_is_one_line(house: House) -> None:
    house.reader("board")
    (house.state / "paired.lock").unlink()
    (house.state / "paired.lock").mkdir()
    for arguments in (("token", "dash", str(house.folder / "tok.pem")), ("unpair", "board")):
        refused = command(house, *arguments)
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
        assert refused.stderr.startswith(f"sottovoce-host: {house.state}/paired.lock: cannot be made (Is a directory)")


@pytest.mark.parametrize("left", [0, 100, 243, 300])
@pytest.mark.parametrize("name", ["authority", "broker", "host"])
def test_a_key_of_the_host_that_is_half_written_is_named_with_what_mends_it(house: House, name: str, left: int) -> None:
    path = house.state / "keys" / f"{name}.pem"
    path.write_bytes(path.read_bytes()[:left])
    refused = command(house, "token", "dash", str(house.folder / "tok.pem"))
    cure = f"move {house.state} away" if name == "authority" else "move it away: a new one is made at the next start"
    assert refused.stderr.startswith(f"sottovoce-host: {path}: damaged; {cure}")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    if name != "authority":
        path.unlink()
        assert command(house, "token", "dash", str(house.folder / "tok.pem")).exit_code == 0


def test_a_token_s_name_that_is_taken_gets_the_cure_that_fits_and_its_file_is_left_alone(house: House) -> None:
    path = house.folder / "tok.pem"
    assert command(house, "token", "dash", str(path)).exit_code == 0
    first = path.read_bytes()
    taken = command(house, "token", "dash", str(path))
    assert taken.exit_code == 2
    assert taken.stderr == (
        "sottovoce-host: dash has a token already: take it back with `sottovoce-host unpair dash`, "
        "or give the new one another name\n"
    )
    assert path.read_bytes() == first
    assert command(house, "unpair", "dash").stdout.startswith("reader.dash: unpaired.")
    assert Paired(house.state).all().members["reader.dash"].state == "leaving"
    assert command(house, "token", "dash", str(path)).exit_code == 0


def test_glasses_and_a_token_of_one_name_are_told_apart(house: House) -> None:
    house.pair("dash")
    path: Path = house.folder / "tok.pem"
    assert command(house, "token", "dash", str(path)).exit_code == 0
    assert "with `sottovoce-host unpair reader.dash`" in command(house, "token", "dash", str(path)).stderr
    assert command(house, "unpair", "reader.dash").stdout.startswith("reader.dash: unpaired.")
    assert command(house, "unpair", "dash").stdout.startswith("dash: unpaired.")


def test_a_name_that_is_nobody_s_is_refused_as_it_was_given(house: House) -> None:
    refused = command(house, "unpair", "dash")
    assert refused.stderr == "sottovoce-host: dash is not paired with this host; paired: nobody\n"

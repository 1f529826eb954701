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

from pathlib import Path

import pytest
from couple import House

from sottovoce_device.gate.identity import Identity, unpair
from sottovoce_trust.errors import PairingError


@pytest.mark.parametrize("name", ["identity.pem", "host.json"])
@pytest.mark.parametrize("left", [0, 100, 243, 300, None])
def test_a_pairing_that_is_half_there_is_told_as_damaged_and_unpaired_to_mend_it(
    house: House, tmp_path: Path, name: str, left: int | None
) -> None:
    path = house.pair("specs").path.with_name(name)
    if left is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(PairingError, match="pairing: damaged; run `sottovoce-device unpair` and pair again"):
        Identity(tmp_path / "specs")
    assert unpair(tmp_path / "specs")


def test_a_pairing_without_an_address_of_the_host_is_damaged(house: House, tmp_path: Path) -> None:
    path = house.pair("specs").path.with_name("host.json")
    path.write_text(path.read_text().replace('["127.0.0.1"]', "[]"))
    with pytest.raises(PairingError, match="pairing: damaged"):
        Identity(tmp_path / "specs")

"""Pairing by code: over real connections, and what it does to those who do not know the code."""

import asyncio
import os
import re
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

import pytest
from couple import CODE, House

from sottovoce_device.gate.codeface import pairing_link
from sottovoce_device.gate.doorway import Doorway, clear_lock
from sottovoce_device.gate.identity import Identity, keep_pairing, paired, unpair
from sottovoce_device.gate.pairing import GlassesSide, Pairing
from sottovoce_host.config import BrokerConfig, Config, PairingConfig
from sottovoce_host.errors import UnreachableError
from sottovoce_host.link.pairing import HostSide, pair_with
from sottovoce_host.link.pairing_command import pair
from sottovoce_trust.certificates import der_of, make_request, new_key, utc_now
from sottovoce_trust.errors import LockedError, PairingError, WrongCodeError
from sottovoce_trust.mdns import announced, find
from sottovoce_wire import WireError
from sottovoce_wire.pairing import (
    SERVICE,
    Answer,
    Confirm,
    Grant,
    Hello,
    decode_pairing,
    encode_pairing,
    to_base64,
)


class Door:
    """Unpaired glasses that wait on a real port. codes: all that they have shown, the newest last."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.codes: list[str] = []
        self.said: list[str] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        door = Doorway("specs", self.state, lambda code, _: self.codes.append(code), self.said.append)
        ready = asyncio.get_running_loop().create_future()
        self.waiting = asyncio.create_task(door.wait("127.0.0.1", 0, ready.set_result))
        self.port = await ready
        return self

    async def __aexit__(self, *_: object) -> None:
        self.waiting.cancel()
        await asyncio.gather(self.waiting, return_exceptions=True)

    async def pair(self, house: House, code: str | None = None) -> str:
        told = code or self.codes[-1]
        return await pair_with("127.0.0.1", self.port, lambda _: house.side(told), lambda seen: (seen,))

    @property
    def wrong(self) -> str:
        return f"{(int(self.codes[-1]) + 1) % 1_000_000:06}"


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 30))  # type: ignore[arg-type]


def test_the_right_code_makes_a_pair_and_shuts_the_door(house: House, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Door(tmp_path / "specs") as door:
            assert await door.pair(house) == "specs"
            await door.waiting
            with pytest.raises(UnreachableError, match="no glasses wait to be paired"):
                await door.pair(house)

    run(scenario)
    identity = Identity(tmp_path / "specs")
    assert identity.authority == house.keys.authority
    assert house.paired.all().members["specs"].serials
    private = [*(tmp_path / "specs/pairing").iterdir(), *(house.state / "keys").iterdir(), house.state / "paired.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_three_wrong_codes_lock_the_glasses_and_a_new_code_is_drawn(house: House, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Door(tmp_path / "specs") as door:
            right, wrong = door.codes[-1], door.wrong
            for _ in range(3):
                with pytest.raises(WrongCodeError, match="not the code that the glasses show"):
                    await door.pair(house, wrong)
            with pytest.raises(LockedError, match="take none for"):
                await door.pair(house, right)
            assert any("locked" in line for line in door.said)
        async with Door(tmp_path / "specs") as door:  # switched off and on
            assert door.codes == []
            with pytest.raises(LockedError):
                await door.pair(house, right)
        clear_lock(tmp_path / "specs")  # somebody at the console
        async with Door(tmp_path / "specs") as door:
            assert door.codes[-1] != right
            await door.pair(house)

    run(scenario)
    assert list(house.paired.all().members) == ["specs"]


def test_a_try_is_counted_before_it_is_answered_so_that_hanging_up_undoes_none(house: House, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Door(tmp_path / "specs") as door:
            for _ in range(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
                hello = house.side("000000").begin()
                writer.write(len(hello).to_bytes(2, "big") + hello)
                assert await reader.read(100)
                writer.close()
                while not any("hung up" in line for line in door.said):  # noqa: ASYNC110 -- a line of the log
                    await asyncio.sleep(0.01)
                door.said.clear()
            with pytest.raises(LockedError):
                await door.pair(house, "000000")

    run(scenario)


def test_a_second_host_is_told_that_another_one_is_pairing(house: House, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Door(tmp_path / "specs") as door:
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            hello = house.side(door.codes[-1]).begin()
            writer.write(len(hello).to_bytes(2, "big") + hello)
            await reader.readexactly(2)
            with pytest.raises(PairingError, match="another host is pairing"):
                await door.pair(house)
            writer.close()

    run(scenario)


def machines(house: House, code: str = CODE) -> tuple[GlassesSide, HostSide, list[Pairing]]:
    kept: list[Pairing] = []
    return GlassesSide("specs", CODE, lambda: None, kept.append), house.side(code), kept


@pytest.mark.parametrize("change", ["request", "device", "nonce", "share"])
def test_whoever_changes_what_the_glasses_say_on_the_way_is_found_out(house: House, change: str) -> None:
    glasses, host, kept = machines(house)
    answer: Any = glasses.take(host.begin())
    forged = {
        "request": to_base64(make_request(new_key(), "specs")),
        "device": "other",
        "nonce": "0" * 64,
        "share": GlassesSide("specs", CODE, lambda: None, kept.append).take(house.side().begin()).share,  # type: ignore[union-attr]
    }
    fields = {f: getattr(answer, f) for f in Answer.__struct_fields__} | {change: forged[change]}
    confirm = host.take(encode_pairing(Answer(**fields)))
    assert isinstance(confirm, Confirm)
    with pytest.raises(WrongCodeError):
        glasses.take(encode_pairing(confirm))
    assert house.paired.all().members == {}
    assert kept == []


def test_whoever_changes_what_the_host_says_on_the_way_is_found_out(house: House) -> None:
    glasses, host, _ = machines(house)
    hello: Any = decode_pairing(host.begin())
    answer = glasses.take(encode_pairing(Hello(nonce="1" * 64, share=hello.share)))
    confirm: Any = host.take(encode_pairing(answer))
    with pytest.raises(WrongCodeError):
        glasses.take(encode_pairing(confirm))


def test_a_grant_that_was_changed_on_the_way_is_not_kept(house: House, tmp_path: Path) -> None:
    glasses, host, kept = machines(house)
    data = encode_pairing(host.take(encode_pairing(glasses.take(host.begin()))) or Confirm(proof="0" * 64))
    grant: Any = host.take(encode_pairing(glasses.take(data)))
    mine = House(tmp_path / "mallory")
    fields = {f: getattr(grant, f) for f in Grant.__struct_fields__}
    for change in ({"authority": to_base64(der_of(mine.keys.authority.encode()))}, {"addresses": ("192.0.2.9",)}):
        with pytest.raises(WrongCodeError):
            glasses.take(encode_pairing(Grant(**(fields | change))))
    assert kept == []


def test_a_run_that_was_overheard_cannot_be_replayed(house: House) -> None:
    glasses, host, kept = machines(house)
    said, data = [host.begin()], host.begin()
    while not host.paired:
        answer = host.take(encode_pairing(glasses.take(data)))
        data = encode_pairing(answer) if answer is not None else b""
        said.append(data)
    later, _, _ = machines(house)
    later.take(said[0])
    with pytest.raises(WrongCodeError):
        later.take(said[1])
    with pytest.raises(WireError, match="out of its order"):
        glasses.take(said[0])
    assert len(kept) == 1


def test_a_message_out_of_its_order_ends_the_run(house: House) -> None:
    glasses, host, _ = machines(house)
    for early in (Confirm(proof="0" * 64), Answer(device="x", nonce="0" * 64, share="0" * 66, request="AAAA")):
        with pytest.raises(WireError, match="out of its order"):
            glasses.take(encode_pairing(early))
    with pytest.raises(WireError, match="out of order"):
        host.take(encode_pairing(Confirm(proof="0" * 64)))


@pytest.mark.parametrize("point", ["00" * 32, "01" + "00" * 31, "ff" * 32, "ec" + "ff" * 30 + "7f", "02" + "00" * 31])
def test_a_share_that_is_no_good_point_of_the_curve_is_a_wrong_code(house: House, point: str) -> None:
    glasses, _, _ = machines(house)
    with pytest.raises(WrongCodeError):
        glasses.take(encode_pairing(Hello(nonce="0" * 64, share=f"41{point}")))


def test_a_name_that_is_paired_is_not_given_to_others_unless_it_is_asked_for(house: House) -> None:
    house.pair("specs")
    with pytest.raises(PairingError, match="--replace"):
        house.pair("specs")
    old = house.paired.all().members["specs"].serials
    key = new_key()
    house.paired.add(house.keys.grant(make_request(key, "specs"), "specs", utc_now()), replace=True)
    assert set(old) <= set(house.paired.all().revoked)
    assert not house.paired.admits("specs", old[0])


def test_the_command_takes_what_the_qr_says(tmp_path: Path) -> None:
    config = Config(pairing=PairingConfig(state=str(tmp_path / "host")), broker=BrokerConfig(host="127.0.0.1"))

    async def scenario() -> None:
        async with Door(tmp_path / "specs") as door:
            link = pairing_link("specs", door.codes[-1], "127.0.0.1", door.port)
            assert await asyncio.to_thread(pair, config, link, None, pytest.fail) == "specs"

    run(scenario)
    assert paired(tmp_path / "specs")


@pytest.mark.parametrize(
    ("where", "code", "says"),
    [
        ("127.0.0.1:x", CODE, "is no address"),
        ("127.0.0.1:1", "12345", "a code has 6 digits"),
        ("127.0.0.1:1", CODE, "no glasses wait to be paired at 127.0.0.1:1 (Connection refused)"),
    ],
)
def test_what_cannot_be_paired_is_said_in_one_line_with_the_cure(
    tmp_path: Path, where: str, code: str, says: str
) -> None:
    config = Config(pairing=PairingConfig(state=str(tmp_path / "host")))
    with pytest.raises((PairingError, UnreachableError), match=re.escape(says)):
        pair(config, where, code, pytest.fail)


def test_glasses_are_found_by_mdns() -> None:
    own, name = ["127.0.0.1"], f"mine-{os.getpid()}"  # tests of another process may announce glasses, too

    async def scenario() -> None:
        try:
            async with announced(SERVICE, name, 4711, own):
                found = await find(SERVICE, 10, own)
        except PairingError as error:
            pytest.skip(f"no multicast on this machine: {error}")
        assert (name, "127.0.0.1", 4711) in {(f.name, f.address, f.port) for f in found}

    run(scenario)


def test_unpaired_keys_are_gone_from_the_disk(house: House, tmp_path: Path) -> None:
    identity = house.pair("specs")
    descriptor = identity.path.open("rb")
    key = identity.path.read_bytes()
    assert unpair(tmp_path / "specs")
    assert b"PRIVATE KEY" in key
    assert set(descriptor.read()) == {0}, "the key was removed without being overwritten"
    assert [p.name for p in (tmp_path / "specs").iterdir()] == []
    assert not unpair(tmp_path / "specs")
    with pytest.raises(PairingError, match="not paired"):
        Identity(tmp_path / "specs")


def test_a_disk_that_is_full_while_pairing_leaves_no_half_a_pairing(house: House, tmp_path: Path) -> None:
    glasses, host, kept = machines(house)
    data = host.begin()
    while not kept:
        answer = host.take(encode_pairing(glasses.take(data)))
        data = encode_pairing(answer) if answer is not None else b""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/.pairing.new").symlink_to("/dev/full")  # nothing can be made there
    with pytest.raises(PairingError, match="free the disk"):
        keep_pairing(tmp_path / "specs", "specs", kept[0])
    assert not paired(tmp_path / "specs")

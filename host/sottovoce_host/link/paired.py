"""Who has been let in: glasses and tokens, with the certificate that counts. A file that host and commands share."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from sottovoce_host.errors import KeyFolderError
from sottovoce_host.link.authority import READER_PREFIX
from sottovoce_trust.certificates import Certificate, read_certificate
from sottovoce_trust.errors import PairingError
from sottovoce_trust.private_files import keep, private_folder, read


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One who may use the broker.

    certificate: the newest, PEM. serials: of all that count: a renewed one counts besides the old one until it has
    been used. state: "offered" until the glasses have said that they keep it; "leaving" until they have been told.
    """

    certificate: str
    serials: tuple[str, ...]
    state: Literal["offered", "paired", "leaving"]


class Members(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them by name, and the serials that must never count again."""

    members: dict[str, Member] = {}
    revoked: tuple[str, ...] = ()


class Paired:
    """The file `<state>/paired.json`. Every change is on the disk, whole, before it is told."""

    def __init__(self, state: Path) -> None:
        self._path = private_folder(state) / "paired.json"
        self._stamp: tuple[int, int] | None = None
        self._read = Members()

    def all(self) -> Members:
        """What the file says now. Raises KeyFolderError where it is damaged: then nobody is let in."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return Members()
        stamp = (found.st_ino, found.st_mtime_ns)  # keep() always makes a new file
        if stamp != self._stamp:
            try:
                self._read = msgspec.json.decode(read(self._path) or b"", type=Members)
            except msgspec.MsgspecError:
                raise KeyFolderError(f"{self._path}: damaged; move it away and pair all glasses again") from None
            self._stamp = stamp
        return self._read

    def admits(self, name: str, serial: str) -> bool:
        """Whether this certificate of this name counts."""
        member = self.all().members.get(name)
        return member is not None and member.state != "leaving" and serial in member.serials

    def add(
        self,
        certificate: Certificate,
        *,
        replace: bool = False,
        offered: bool = False,
        handed: Callable[[], None] = lambda: None,
    ) -> None:
        """Let a name in. Raises PairingError where it is somebody else's; one that was only offered is replaced.

        handed: gives the certificate to its owner; where it raises, nobody is let in.
        """
        with self._changing() as found:
            name, old = certificate.name, found.members.get(certificate.name)
            if old is not None and old.state == "paired" and not replace:
                raise PairingError(_taken(name, found))
            handed()
            revoked = found.revoked + (old.serials if old else ())
            fresh = Member(certificate.pem.decode(), (serial_of(certificate),), "offered" if offered else "paired")
            self._keep(Members(found.members | {name: fresh}, revoked))

    def renewed(self, certificate: Certificate) -> None:
        """Let the new certificate count besides the old one."""
        with self._changing() as found:
            if (old := found.members.get(certificate.name)) is not None:
                serials = (*old.serials[-1:], serial_of(certificate))
                self._keep(
                    Members(
                        found.members | {certificate.name: Member(certificate.pem.decode(), serials, old.state)},
                        found.revoked + old.serials[:-1],
                    )
                )

    def used(self, name: str, serial: str) -> None:
        """Note that a certificate is in use: those before it are not needed any more."""
        member = self.all().members.get(name)
        if member is None or serial not in member.serials or member.serials[0] == serial:
            return
        with self._changing() as found:
            if (member := found.members.get(name)) is not None and serial in member.serials:
                at = member.serials.index(serial)
                fresh = Member(member.certificate, member.serials[at:], member.state)
                self._keep(Members(found.members | {name: fresh}, found.revoked + member.serials[:at]))

    def settle(self, name: str, state: Literal["paired", "leaving"]) -> bool:
        """Change a member's state; whether there is one of this name."""
        with self._changing() as found:
            if (member := found.members.get(name)) is None:
                return False
            self._keep(
                Members(found.members | {name: Member(member.certificate, member.serials, state)}, found.revoked)
            )
        return True

    def remove(self, name: str) -> bool:
        """Take a name out for good; whether it was there."""
        with self._changing() as found:
            if (member := found.members.get(name)) is None:
                return False
            rest = {n: m for n, m in found.members.items() if n != name}
            self._keep(Members(rest, found.revoked + member.serials))
        return True

    @contextmanager
    def _changing(self) -> Iterator[Members]:
        """Only one process changes the file at a time. Raises PairingError where none may."""
        lock = self._path.with_suffix(".lock")
        try:
            descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise PairingError(f"{lock}: cannot be made ({error.strerror}); see who may write to its folder") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield self.all()
        finally:
            os.close(descriptor)

    def _keep(self, members: Members) -> None:
        keep(self._path, msgspec.json.encode(members))


def called(name: str, members: Members) -> str:
    """The name of a member as it is known here, of the one by which a user calls it: a token's goes without its kind.

    Glasses of the same name come first; the token is then called by all of its own.
    """
    reader = f"{READER_PREFIX}{name}"
    return reader if name not in members.members and reader in members.members else name


def _taken(name: str, members: Members) -> str:
    """Why nobody else is let in by this name, and what to do."""
    if not name.startswith(READER_PREFIX):
        return (
            f"{name} is paired already: give the new ones another [device] name, or run "
            f"`sottovoce-host pair --replace` if these are the same glasses"
        )
    short = name.removeprefix(READER_PREFIX)
    shortest = short if called(short, members) == name else name
    return (
        f"{short} has a token already: take it back with `sottovoce-host unpair {shortest}`, "
        "or give the new one another name"
    )


def serial_of(certificate: Certificate) -> str:
    """A serial number as TLS gives it: hexadecimal, in capitals."""
    text = f"{certificate.serial:X}"
    return text if len(text) % 2 == 0 else f"0{text}"


def older_than(member: Member, days: int, now: datetime) -> bool:
    """Whether the newest certificate of a member is older than this."""
    return (now - read_certificate(member.certificate.encode()).made).days >= days

"""The host's own keys: its authority, the broker's identity, its own, and those of read-only tokens."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sottovoce_host.errors import KeyFolderError
from sottovoce_host.link.authority import BROKER_NAME, HOST_PREFIX
from sottovoce_trust.certificates import (
    RENEW_AFTER_DAYS,
    Certificate,
    check_key,
    grant_request,
    issue,
    make_authority,
    new_key,
    read_certificate,
    renew,
    revocations,
)
from sottovoce_trust.errors import PairingError
from sottovoce_trust.private_files import keep, private_folder, read

_END_OF_KEY = b"-----END PRIVATE KEY-----\n"


class HostKeys:
    """What lies in `<state>/keys`, made when it is not there: `authority.pem`, `broker.pem`, `host.pem`.

    Each holds key and certificate and has mode 0600. authority: the certificate alone, PEM. name: the host's own
    name at the broker.
    """

    def __init__(self, state: Path, now: datetime) -> None:
        self._folder = private_folder(private_folder(state) / "keys")
        self._authority = self._load_authority(now)
        self.broker = self._folder / "broker.pem"
        self.host = self._folder / "host.pem"
        self.keep_fresh(now)
        self.name = self._certificate_in(self.host).name
        self.made = self._certificate_in(self.host).made

    @property
    def authority(self) -> str:
        """The authority's certificate, PEM."""
        return self._authority[0].decode()

    def keep_fresh(self, now: datetime) -> bool:
        """Renew what is older than a month, make what is not there; whether anything was written."""
        name = self._certificate_in(self.host).name if self.host.exists() else f"{HOST_PREFIX}{secrets.token_hex(8)}"
        written = False
        for path, who, purpose in ((self.broker, BROKER_NAME, "server"), (self.host, name, "client")):
            if path.exists() and now - self._certificate_in(path).made < timedelta(days=RENEW_AFTER_DAYS):
                continue
            key = _split(read(path) or b"")[0] or new_key()
            keep(path, key + issue(key, who, self._authority, now, purpose))  # type: ignore[arg-type]
            written = True
        return written

    def grant(self, request: bytes, name: str, now: datetime) -> Certificate:
        """The certificate for glasses' request, DER. Raises PairingError where it cannot be used."""
        return read_certificate(grant_request(request, name, self._authority, now))

    def renew(self, certificate: bytes, now: datetime) -> Certificate:
        """A new certificate for the key of an old one, PEM."""
        return read_certificate(renew(certificate, self._authority, now))

    def token(self, name: str, now: datetime) -> tuple[Certificate, bytes]:
        """A new identity for somebody else who may use the broker: its certificate, and the file for its owner."""
        key = new_key()
        certificate = issue(key, name, self._authority, now, "client")
        return read_certificate(certificate), key + certificate + self._authority[0]

    def revocations(self, serials: list[int], now: datetime) -> bytes:
        """The list of certificates that count no more, PEM, for a broker that is not ours."""
        return revocations(serials, self._authority, now)

    def _load_authority(self, now: datetime) -> tuple[bytes, bytes]:
        path = self._folder / "authority.pem"
        found = read(path)
        if found is None:
            key = new_key()
            found = key + make_authority(key, f"sottovoce {secrets.token_hex(4)}", now)
            keep(path, found)
        _whole(path, found, f"move {self._folder.parent} away and pair all glasses again")
        key, certificate = _split(found)
        return certificate, key

    def _certificate_in(self, path: Path) -> Certificate:
        return _whole(path, read(path) or b"", "move it away: a new one is made at the next start")


def _whole(path: Path, identity: bytes, cure: str) -> Certificate:
    """The certificate of an identity. Raises KeyFolderError, naming file and cure, where half of it cannot be read."""
    key, certificate = _split(identity)
    try:
        check_key(key)
        return read_certificate(certificate)
    except PairingError:
        raise KeyFolderError(f"{path}: damaged; {cure}") from None


def _split(identity: bytes) -> tuple[bytes, bytes]:
    """Key and certificate; both empty where the file is not whole."""
    key, end, certificate = identity.partition(_END_OF_KEY)
    return (key + end, certificate) if end else (b"", b"")

"""What the glasses keep of their pairing: key, certificate, authority, where the host is. Only the gate reads it."""

from datetime import datetime
from pathlib import Path

import msgspec

from sottovoce_device.gate.pairing import Pairing
from sottovoce_trust.certificates import check_granted, read_certificate
from sottovoce_trust.errors import PairingError
from sottovoce_trust.private_files import appear, destroy, is_there, keep, private_folder, read
from sottovoce_wire.pairing import Addresses, Port


class _Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    authority: str
    addresses: Addresses
    port: Port


class Identity:
    """A pairing on the disk, in `<state>/pairing`: there as a whole, or not at all.

    path: the file with certificate and key, PEM. authority: the host's, PEM. addresses, port: of its broker.
    made: when the certificate was issued, by the host's clock.
    """

    def __init__(self, state: Path) -> None:
        """Raises PairingError where there is no pairing, or where it cannot be read."""
        self._state = state
        self.path = _folder(state) / "identity.pem"
        identity, host = read(self.path), read(_folder(state) / "host.json")
        if identity is None and host is None and not paired(state):
            raise PairingError("these glasses are not paired: run `sottovoce-device pair`")
        try:
            found = msgspec.json.decode(host or b"", type=_Host)
            key, _, certificate = (identity or b"").partition(_END_OF_KEY)
            read_certificate(certificate)
        except (msgspec.MsgspecError, PairingError):
            raise PairingError(f"{self.path.parent}: damaged; run `sottovoce-device unpair` and pair again") from None
        self._key = key + _END_OF_KEY
        self.name = found.name
        self.authority = found.authority
        self.addresses = found.addresses
        self.port = found.port
        self.made: datetime = check_granted(certificate, self._key, found.name, found.authority.encode()).made

    def renew(self, certificate: bytes) -> bool:
        """Keep a newer certificate for the same key, DER; whether it was newer. Raises PairingError for another's."""
        fresh = check_granted(certificate, self._key, self.name, self.authority.encode())
        if fresh.made <= self.made:
            return False
        if not paired(self._state):
            raise PairingError("a new certificate came for glasses that have just been unpaired")
        keep(self.path, self._key + fresh.pem)
        self.made = fresh.made
        return True


_END_OF_KEY = b"-----END PRIVATE KEY-----\n"


def keep_pairing(state: Path, name: str, pairing: Pairing) -> None:
    """Have the pairing on the disk. Raises PairingError, and keeps nothing of it, where that fails."""
    host = _Host(name, pairing.authority.decode(), pairing.addresses, pairing.port)
    appear(
        _folder(private_folder(state)),
        {
            "identity.pem": pairing.key + read_certificate(pairing.certificate).pem,
            "host.json": msgspec.json.encode(host),
        },
    )


def paired(state: Path) -> bool:
    """Whether there is a pairing. Raises PairingError where that may not be known."""
    return is_there(_folder(state))


def unpair(state: Path) -> bool:
    """Destroy the keys; whether there were any. A gate that runs sees it within a second and hangs up."""
    return destroy(_folder(state))


def _folder(state: Path) -> Path:
    return state / "pairing"

"""What can go wrong between glasses and a host that want to trust each other."""

from sottovoce_wire.errors import SottovoceError


class PairingError(SottovoceError):
    """The two sides cannot be paired, or a pairing cannot be used any more."""


class WrongCodeError(PairingError):
    """The two sides were not given the same code, or somebody between them has changed what they said."""


class LockedError(PairingError):
    """The glasses take no code for a while."""

"""From a short code to strong keys: SPAKE2 (Abdalla and Pointcheval 2005), and the proofs that hang on it.

The only file that knows the library `spake2`. Whoever does not know the code gets one guess a run, and nothing to try
codes on afterwards. The keys depend on every byte that both sides have sent: name, certificate request and nonces.
"""

import hashlib
import hmac
from typing import Final, Literal

from msgspec import Struct
from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError
from spake2.ed25519_basic import NotOnCurve

from sottovoce_trust.errors import WrongCodeError

_HOST: Final = b"sottovoce host 1"
_GLASSES: Final = b"sottovoce glasses 1"
_WRONG: Final = "the code is not the one that the glasses show, or somebody stands between; look again"


class Keys(Struct, frozen=True):
    """One key for each thing that is proved, so that no proof can be used for another."""

    host: bytes
    glasses: bytes
    grant: bytes
    kept: bytes

    def __repr__(self) -> str:
        """Nothing: keys do not belong into a log."""
        return "Keys()"


class Exchange:
    """One side of one run.

    share: what to send to the other side, in hexadecimal.
    """

    def __init__(self, side: Literal["host", "glasses"], code: str) -> None:
        kind = SPAKE2_A if side == "host" else SPAKE2_B
        self._spake = kind(code.encode(), idA=_HOST, idB=_GLASSES)
        self.share: str = self._spake.start().hex()

    def agree(self, share: str, transcript: bytes) -> Keys:
        """The keys, once: bound to the code, both shares and the transcript. Raises WrongCodeError for no share."""
        try:
            key = self._spake.finish(bytes.fromhex(share))
        except (
            SPAKEError,
            NotOnCurve,
            ValueError,
            AssertionError,
        ):  # no good point, or our own
            raise WrongCodeError(_WRONG) from None
        digest = hashlib.sha256(transcript).digest()
        return Keys(*(_derive(key, digest, label) for label in Keys.__struct_fields__))


def prove(key: bytes, data: bytes = b"") -> str:
    """A proof, in hexadecimal, that its sender knows the key (and says this)."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def check(key: bytes, proof: str, data: bytes = b"") -> None:
    """Raise WrongCodeError where the proof is another one. Takes the same time either way."""
    if not hmac.compare_digest(prove(key, data), proof):
        raise WrongCodeError(_WRONG)


def _derive(key: bytes, digest: bytes, label: str) -> bytes:
    """HKDF-SHA256 (RFC 5869) of one block; salt is the transcript's hash."""
    extracted = hmac.new(digest, key, hashlib.sha256).digest()
    return hmac.new(extracted, b"sottovoce pairing 1 " + label.encode() + b"\x01", hashlib.sha256).digest()

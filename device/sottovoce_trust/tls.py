"""TLS 1.3 with certificates on both sides, and no other kind of connection.

The glasses have no clock that keeps time: they do not ask it. A server's certificate counts if this authority issued
it to a server and it ended no earlier than the newest certificate of their own was made. Certificates of clients are
judged by the host, which knows the time.
"""

import ssl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sottovoce_trust.certificates import read_certificate
from sottovoce_trust.errors import PairingError

NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME, openssl/x509_vfy.h."""

Refused = Callable[[str], None]

_MEANINGS: Final = {
    "CERTIFICATE_EXPIRED": "its certificate has expired: unpair and pair again",
    "CERTIFICATE_REVOKED": "the host has parted from it: unpair and pair again",
    "UNKNOWN_CA": "the host does not know who issued its certificate: unpair and pair again",
    "CERTIFICATE_REQUIRED": "the host wants a certificate: pair first",
    "BAD_CERTIFICATE": "the host does not take its certificate: is the host's clock right? else unpair and pair again",
    "CERTIFICATE_UNKNOWN": "the host does not take its certificate: unpair and pair again",
    "UNSUPPORTED_CERTIFICATE": "its certificate is not for a client: unpair and pair again",
    "CERTIFICATE_VERIFY_FAILED": "the other side is not the host that was paired; are both in the right network?",
    "WRONG_VERSION_NUMBER": "the other side does not speak TLS; is it the paired host's port?",
    "UNSUPPORTED_PROTOCOL": "the other side does not speak TLS 1.3",
    "PROTOCOL_VERSION": "the other side does not speak TLS 1.3",
}
"""What the alerts of RFC 8446 and OpenSSL's reasons ask the user to do."""
_STRANGE: Final = "the other side does not speak TLS as the host does"
_HUNG_UP: Final = "the other side hung up on TLS: is the host running, and is it its port?"


def meaning(error: Exception) -> str | None:
    """What a failure of TLS means for who has paired the two; None for any other failure."""
    text = f"{getattr(error, 'reason', None) or ''} {error}".upper().replace(" ", "_")
    return next((told for name, told in _MEANINGS.items() if name in text), None)


def server_context(identity: Path, authority: str) -> ssl.SSLContext:
    """For a broker: shows this identity (certificate and key, PEM), wants a client's certificate of this authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags = ssl.VerifyFlags(
        int(context.verify_flags) | NO_CHECK_TIME
    )  # the border looks, and can say so
    context.num_tickets = 0  # a session that is resumed would not be asked for its certificate again
    _load(context, identity, authority)
    return context


def client_context(
    identity: Path, authority: str, not_before: datetime, refused: Refused = lambda _: None
) -> ssl.SSLContext:
    """For a client: shows this identity, takes a server of this authority that ended no earlier than not_before.

    refused: is told what it means when the other side refuses our certificate. In TLS 1.3 that comes after the
    handshake, when the MQTT client only sees a connection that goes silent.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = (
        False  # laptops change their addresses; the authority issues server certificates to its host only
    )
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags = ssl.VerifyFlags(int(context.verify_flags) | NO_CHECK_TIME)
    context.sslsocket_class = _socket_class(not_before, refused)
    _load(context, identity, authority)
    return context


def _socket_class(not_before: datetime, refused: Refused) -> type[ssl.SSLSocket]:
    class Socket(ssl.SSLSocket):
        """Looks at the server's certificate once more, and listens for the alert that refuses ours."""

        def do_handshake(self, block: bool = False) -> None:
            try:
                super().do_handshake(block)
            except ssl.SSLError as error:
                refused(meaning(error) or (_HUNG_UP if isinstance(error, ssl.SSLEOFError) else _STRANGE))
                raise
            shown = self.getpeercert(binary_form=True)
            if shown is None or read_certificate(shown).ends < not_before:
                refused("the host's certificate had expired when ours was made: is it an old copy of the host?")
                raise ssl.SSLCertVerificationError("the server's certificate has expired")

        def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
            try:
                return super().recv(buflen, flags)
            except ssl.SSLError as error:
                if (told := meaning(error)) is not None:
                    refused(told)
                raise

    return Socket


def _load(context: ssl.SSLContext, identity: Path, authority: str) -> None:
    try:
        context.load_cert_chain(identity)
        context.load_verify_locations(cadata=authority)
    except (OSError, ValueError) as error:
        raise PairingError(f"{identity}: the key cannot be used ({error}); unpair and pair again") from None


def subject_of(peer: dict[str, Any]) -> str:
    """The common name in what `getpeercert()` gives; empty where there is none."""
    return next((str(v) for part in peer.get("subject", ()) for k, v in part if k == "commonName"), "")

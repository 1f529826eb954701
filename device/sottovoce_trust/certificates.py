"""Keys and certificates (X.509, ECDSA on P-256): the only file that knows the library `cryptography`.

Every function takes the time as an argument: certificates are judged by the host's clock, never by the glasses'.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from sottovoce_trust.errors import PairingError

AUTHORITY_DAYS: Final = 20 * 365
LIFETIME_DAYS: Final = 365
"""Glasses may lie in a drawer for so long and still be let in."""
RENEW_AFTER_DAYS: Final = 30
"""A certificate that is older is renewed at the next occasion."""
BACKDATED: Final = timedelta(days=1)
"""What clocks of hosts may differ by when a certificate is new."""

Purpose = Literal["client", "server"]
_PURPOSES: Final = {"client": ExtendedKeyUsageOID.CLIENT_AUTH, "server": ExtendedKeyUsageOID.SERVER_AUTH}


class Certificate(Struct, frozen=True):
    """What we need to know of a certificate.

    name: its common name. serial: its number. made, ends: when it was issued and when it expires. pem: itself.
    """

    name: str
    serial: int
    made: datetime
    ends: datetime
    pem: bytes


def new_key() -> bytes:
    """A new private key, PEM (PKCS 8, not encrypted: it lies in a file of mode 0600)."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def make_request(key_pem: bytes, name: str) -> bytes:
    """A certificate request for this key in this name, DER."""
    request = x509.CertificateSigningRequestBuilder().subject_name(_named(name)).sign(_key(key_pem), hashes.SHA256())
    return request.public_bytes(serialization.Encoding.DER)


def make_authority(key_pem: bytes, name: str, now: datetime) -> bytes:
    """The self-signed certificate of an authority, PEM."""
    key = _key(key_pem)
    builder = _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def grant_request(request_der: bytes, name: str, authority: tuple[bytes, bytes], now: datetime) -> bytes:
    """The client certificate, PEM, that this authority (certificate, key) gives for a request.

    Raises PairingError where the request is broken, not signed by its own key, of another kind of key, or in
    another name.
    """
    try:
        request = x509.load_der_x509_csr(request_der)
        fits = request.is_signature_valid and request.subject == _named(name)
        key = request.public_key()
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        fits, key = False, None
    if not fits or not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PairingError(f"{name}: the certificate request cannot be used; are both sides of the same version?")
    return _issue(key, name, authority, now, "client")


def renew(certificate_pem: bytes, authority: tuple[bytes, bytes], now: datetime, purpose: Purpose = "client") -> bytes:
    """A new certificate, PEM, for the same key and name."""
    old = x509.load_pem_x509_certificate(certificate_pem)
    key = old.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise PairingError("a certificate of another kind than ours cannot be renewed; pair again")
    return _issue(key, _name_of(old), authority, now, purpose)


def issue(key_pem: bytes, name: str, authority: tuple[bytes, bytes], now: datetime, purpose: Purpose) -> bytes:
    """A certificate, PEM, for a key of our own."""
    return _issue(_key(key_pem).public_key(), name, authority, now, purpose)


def revocations(serials: list[int], authority: tuple[bytes, bytes], now: datetime) -> bytes:
    """A revocation list, PEM, for brokers that want one."""
    issuer = x509.load_pem_x509_certificate(authority[0])
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject).last_update(now - BACKDATED)
    builder = builder.next_update(now + timedelta(days=AUTHORITY_DAYS))
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - BACKDATED).build()
        builder = builder.add_revoked_certificate(revoked)
    return builder.sign(_key(authority[1]), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def read_certificate(data: bytes) -> Certificate:
    """Take a certificate (PEM or DER) apart. Raises PairingError where it is none."""
    try:
        found = (
            x509.load_pem_x509_certificate(data) if data.startswith(b"-----") else x509.load_der_x509_certificate(data)
        )
        name = _name_of(found)
    except (ValueError, IndexError):
        raise PairingError("what should be a certificate is none; unpair and pair again") from None
    return Certificate(
        name=name,
        serial=found.serial_number,
        made=found.not_valid_before_utc + BACKDATED,
        ends=found.not_valid_after_utc,
        pem=found.public_bytes(serialization.Encoding.PEM),
    )


def check_key(pem: bytes) -> None:
    """Raises PairingError where this is no private key of ours, PEM."""
    try:
        _key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise PairingError("what should be a key is none; unpair and pair again") from None


def der_of(pem: bytes) -> bytes:
    """The certificate without its armour."""
    return x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)


def check_granted(certificate: bytes, key_pem: bytes, name: str, authority: bytes) -> Certificate:
    """The certificate, if this authority gave it to this key in this name; else PairingError. No clock is asked."""
    try:
        found = x509.load_pem_x509_certificate(read_certificate(certificate).pem)
        issuer = x509.load_pem_x509_certificate(read_certificate(authority).pem)
        found.verify_directly_issued_by(issuer)
        fits = found.public_key() == _key(key_pem).public_key() and _name_of(found) == name
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        fits = False
    if not fits:
        raise PairingError("the certificate that came is not for these glasses, or not from this host")
    return read_certificate(certificate)


def _issue(
    key: ec.EllipticCurvePublicKey, name: str, authority: tuple[bytes, bytes], now: datetime, purpose: Purpose
) -> bytes:
    issuer = x509.load_pem_x509_certificate(authority[0])
    builder = _builder(name, _name_of(issuer), key, now, LIFETIME_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([_PURPOSES[purpose]]), critical=True)
    return builder.sign(_key(authority[1]), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _builder(
    name: str, issuer: str, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(_named(name)).issuer_name(_named(issuer)).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - BACKDATED).not_valid_after(now + timedelta(days=days))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _name_of(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise PairingError("a key of another kind than ours; unpair and pair again")
    return key


def utc_now() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)

"""A CA of one's own, made once and kept: clients trust it once, and every mock under TLS is trusted from then on.

Its private key lies in a file that only its owner may read; it is never sent and never shown. Key and certificate are
one file, so they cannot be mixed. Each file has a number and is never changed: of two that make one at the same moment
the slower takes what the quicker made, and a renewed CA is the next number.
"""

import os
import ssl
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from harness.model.world import Clock
from harness.wire.clock import SystemClock

PASSWORD = "changeit"  # noqa: S105 - Java's own default; a store of public certificates has nothing to hide
ALWAYS = ("localhost", "127.0.0.1", "::1")
"""The names that every certificate of a mock is good for."""
_ALIAS = b"energy-harness-test-ca"
_LIVES = timedelta(days=5 * 365)
_RENEWED_BEFORE = timedelta(days=30)
_LEAF_LIVES = timedelta(days=397)
"""The longest that browsers and Apple's systems take from a server."""
_CLOCKS_DIFFER = timedelta(days=1)


class AuthorityError(Exception):
    """The CA cannot be read, made or kept, or cannot vouch for a name; the text says why and what to do."""


@dataclass(frozen=True)
class Authority:
    """The CA: its certificate, when that ends, and the hand that signs."""

    certificate: x509.Certificate
    signs: trustme.CA = field(repr=False)

    @property
    def ends(self) -> datetime:
        """When clients no longer trust it."""
        return self.certificate.not_valid_after_utc

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def p12(self) -> bytes:
        """A trust store with the certificate that Java takes as trusted; its password is `PASSWORD`."""
        entry = pkcs12.PKCS12Certificate(self.certificate, _ALIAS)
        sealed = serialization.BestAvailableEncryption(PASSWORD.encode())
        return pkcs12.serialize_java_truststore([entry], sealed)


def usual_folder() -> Path:
    """Where the CA of this user is kept; XDG_DATA_HOME is honoured."""
    import platformdirs

    return Path(platformdirs.user_data_dir("energy-harness", appauthor=False)) / "ca"


def authority(folder: Path | None = None, clock: Clock | None = None) -> Authority:
    """The CA kept in this folder, else in `usual_folder`; made where there is none, or where it ends within 30 days."""
    folder, now = folder or usual_folder(), (clock or SystemClock()).now()
    try:
        while True:
            newest = max((number for number in map(_number, folder.glob("ca-*.pem"))), default=0)
            if newest:
                found = _read(_file(folder, newest))
                if found.ends - now > _RENEWED_BEFORE:
                    return found
            _make(_file(folder, newest + 1), now)
    except OSError as error:
        raise AuthorityError(_no_way(error.filename or folder, error)) from None


def server_context(names: Collection[str], folder: Path | None = None, clock: Clock | None = None) -> ssl.SSLContext:
    """TLS for a server that is asked under `names` (hosts, addresses, ``*.example``) and under `ALWAYS`.

    Its certificate is made anew for each context, and its key is kept nowhere.
    """
    signer, now = authority(folder, clock), (clock or SystemClock()).now()
    begins, ends = now - _CLOCKS_DIFFER, min(now + _LEAF_LIVES, signer.ends)
    try:
        leaf = signer.signs.issue_cert(
            *dict.fromkeys((*ALWAYS, *(name.strip("[]") for name in names))),
            organization_name="energy-harness",
            organization_unit_name="mock",
            not_before=begins,
            not_after=ends,
        )
    except ValueError as error:  # of idna, too
        raise AuthorityError(f"no certificate can be made for these names ({', '.join(names)}): {error}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    leaf.configure_cert(context)
    return context


def certificate_file(folder: Path | None = None, clock: Clock | None = None) -> Path:
    """A PEM file with the CA's certificate alone, for HARNESS_CA_FILE and the like: kept beside the CA, up to date."""
    folder = folder or usual_folder()
    path, pem = folder / "certificate.pem", authority(folder, clock).pem
    try:
        if not path.exists() or path.read_bytes() != pem:
            Path(_written_beside(path, pem)).replace(path)
    except OSError as error:
        raise AuthorityError(_no_way(path, error)) from None
    return path


def trust_store(path: Path, folder: Path | None = None, clock: Clock | None = None) -> None:
    """Write the trust store for Java (PKCS#12, `PASSWORD`): HARNESS_TRUSTSTORE_FILE."""
    store = authority(folder, clock).p12
    try:
        Path(_written_beside(path, store)).replace(path)
    except OSError as error:
        raise AuthorityError(_no_way(path, error)) from None


def _file(folder: Path, number: int) -> Path:
    return folder / f"ca-{number}.pem"


def _number(path: Path) -> int:
    text = path.stem.removeprefix("ca-")
    return int(text) if text.isdecimal() else 0


def _read(path: Path) -> Authority:
    pem = path.read_bytes()
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        return Authority(certificate, trustme.CA.from_pem(pem, pem))
    except ValueError:
        raise AuthorityError(f"{path} holds no key with its certificate; delete it, and a new CA is made") from None


def _make(path: Path, now: datetime) -> None:
    """Make a CA in this file, unless somebody is quicker."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = trustme.CA(path_length=0)  # right in all but its name and that it would live until the year 3000
    key = cast("EllipticCurvePrivateKey", serialization.load_pem_private_key(made.private_key_pem.bytes(), None))
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "energy-harness"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"energy-harness test CA of {now:%Y-%m-%d %H:%M:%S}"),
        ]
    )
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - _CLOCKS_DIFFER).not_valid_after(now + _LIVES)
    for one in x509.load_pem_x509_certificate(made.cert_pem.bytes()).extensions:
        builder = builder.add_extension(one.value, one.critical)
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    draft = Path(_written_beside(path, made.private_key_pem.bytes() + certificate))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _written_beside(path: Path, content: bytes) -> str:
    """A file of the same folder with this content, complete and readable by its owner only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return name


def _no_way(path: object, error: OSError) -> str:
    hint = "make its folder writable, or name another with XDG_DATA_HOME"
    return f"the test CA cannot be kept: {path}: {error.strerror}; {hint}"

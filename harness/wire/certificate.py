"""What a certificate says of itself, for a person who has to find out why it is not trusted."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """Whose certificate it is and whose word it is; `names` are the hosts and addresses that it is good for."""

    issuer: str
    names: tuple[str, ...]
    begins: datetime
    ends: datetime
    self_signed: bool

    def covers(self, host: str) -> bool:
        """True where the certificate is good for this host (RFC 9525 6.3: a star stands for one whole label)."""
        wanted = host.strip("[]").lower()
        any_label = f"*.{wanted.partition('.')[2]}"
        return any(name.lower() in (wanted, any_label) for name in self.names)


def certificate_of(der: bytes) -> Certificate | None:
    """The certificate in these bytes, or None where they cannot be read as one."""
    try:
        found = x509.load_der_x509_certificate(der)
        return Certificate(
            _in_words(found.issuer),
            _names(found),
            found.not_valid_before_utc,
            found.not_valid_after_utc,
            found.issuer == found.subject,
        )
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    hosts = names.get_values_for_type(x509.DNSName)
    return (*hosts, *(str(address) for address in names.get_values_for_type(x509.IPAddress)))


def _in_words(name: x509.Name) -> str:
    """The name by which people know an issuer: its common name, else its organisation, else all of it."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for part in name.get_attributes_for_oid(kind):
            return str(part.value)
    return name.rfc4514_string() or "nobody named"

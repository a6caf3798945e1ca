"""TLS of mocks: by a CA of one's own, and what their clients need to trust it."""

import ssl
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from harness.cli.plan import UsageError

_STORE = "HARNESS_TRUSTSTORE_FILE"
_EVERYBODYS = ("HARNESS_CA_FILE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")


@dataclass(frozen=True)
class Tls:
    """What listeners present, and the settings that make clients trust it."""

    context: ssl.SSLContext
    environment: Mapping[str, str]

    @classmethod
    def of(cls, names: Collection[str], systems: Iterable[str]) -> "Tls":
        """For listeners that are asked under `names`, of these systems."""
        from harness.wire.authority import AuthorityError, certificate_file, server_context, trust_store, usual_folder

        store = usual_folder() / "truststore.p12"
        try:
            context, certificate = server_context(names), certificate_file()
            trust_store(store)
        except AuthorityError as error:
            raise UsageError(f"--tls: {error}") from None
        trusted = dict.fromkeys(variables_of_tls(systems), str(certificate))
        return cls(context, {**trusted, _STORE: str(store)})


def variables_of_tls(systems: Iterable[str]) -> tuple[str, ...]:
    """The variables that only clients over TLS are given: by them they trust our CA."""
    return (*(f"{name.upper()}_CA_FILE" for name in systems), *_EVERYBODYS, _STORE)

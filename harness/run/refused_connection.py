"""Why no request of a client came through: what its connections ended with, and what to do about it."""

import ipaddress
from collections.abc import Sequence

from harness.run.check import Check
from harness.wire.incidents import Incident, Kind

TRUST = (
    "let it trust the test CA of the mocks: HARNESS_CA_FILE, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS name it as PEM, "
    "HARNESS_TRUSTSTORE_FILE as a trust store for Java; harness ca export shows how each platform takes it"
)
"""What to do where a client does not know who signed our certificates."""
_TELLING: tuple[Kind, ...] = (
    "unknown CA", "certificate refused", "no agreement", "plain on TLS", "TLS on plain", "broken off", "silent",
    "no HTTP",
)  # fmt: skip
"""What says most comes first."""


def refused_connection(incidents: Sequence[Incident], names: Sequence[str], addresses: str) -> Check:
    """The obstacle. `names` are those of our certificate, none where they are not known; `addresses` are those that
    the client was given."""
    one = min(incidents, key=lambda incident: _TELLING.index(incident.kind))
    times = sum(incident.kind == one.kind for incident in incidents)
    again = f", {times} times" if times > 1 else ""
    what, todo = _read(one, names, addresses)
    check = "connection" if one.kind in ("plain on TLS", "TLS on plain", "no HTTP") else "tls"
    return Check(check, "failed", f"no request came through: {what}{again}", todo)


def advice(incident: Incident, names: Sequence[str] = ()) -> str:
    """What to do about one incident, to whom nothing else is known."""
    return _read(incident, names, "")[1]


def _read(one: Incident, names: Sequence[str], addresses: str) -> tuple[str, str]:
    """What was seen, and what to do."""
    given = f": {addresses}" if addresses else ""
    if _is_for_another_name(one, names):
        return _another_name(one, names)
    if one.kind == "unknown CA":
        return f"the client does not trust the CA of our certificate ({one.detail})", TRUST
    if one.kind == "certificate refused":
        held = f"; ours is for {', '.join(sorted(names))}" if names else ""
        what = f"the client will not have our certificate ({one.detail}; asked for {_asked(one)}{held})"
        return what, f"{TRUST}; and let it ask for a name that is in the certificate"
    if one.kind == "no agreement":
        what = f"client and mock share no version of TLS, or no cipher ({one.detail})"
        return what, "let it speak TLS 1.2 or 1.3, with its platform's usual ciphers"
    if one.kind == "plain on TLS":
        return f"plain HTTP came to {one.here}, where TLS is spoken", f"let it ask for https://, not http://{given}"
    if one.kind == "TLS on plain":
        what = f"TLS came to {one.here}, where plain HTTP is spoken"
        return what, f"have TLS spoken with --tls, at a port of its own; or let it ask for http://, not https://{given}"
    if one.kind == "no HTTP":
        return f"{one.detail} (at {one.here})", f"let it speak HTTP/1.1{given}"
    return one.detail, f"most clients do so that do not trust a certificate: {TRUST}; see what it says itself"


def _is_for_another_name(one: Incident, names: Sequence[str]) -> bool:
    """The name, or the address, that it came for is not in our certificate: true of no connection that came to be."""
    if not names or one.kind not in ("certificate refused", "broken off", "silent"):
        return False
    return not is_covered(one.asked or _address(one.here), names)


def is_covered(name: str, names: Sequence[str]) -> bool:
    """A certificate for `names` is good for this one (RFC 9525 6.3: a star stands for the first label, whole)."""
    given, known = name.lower().rstrip("."), {one.lower().strip("[]") for one in names}
    return given in known or (not _is_address(given) and f"*.{given.partition('.')[2]}" in known)


def _another_name(one: Incident, names: Sequence[str]) -> tuple[str, str]:
    what = f"the client came for {_asked(one)}, and our certificate is for {', '.join(sorted(names))} ({one.detail})"
    asked = one.asked or _address(one.here)
    host = f"[{asked}]" if ":" in asked else asked
    port = one.here.rpartition(":")[2]
    ours = " or ".join(sorted(names))
    return what, f"let it ask for {ours}; or tell the mock that name: --public-url https://{host}:{port}"


def _asked(one: Incident) -> str:
    return one.asked or f"the address {_address(one.here)}"


def _address(here: str) -> str:
    return here.rpartition(":")[0].strip("[]")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

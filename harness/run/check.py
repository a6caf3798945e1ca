"""What preflight says of one thing that it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: ``passed``, ``warning`` or ``failed``; what was seen, and what to do next."""

    check: str
    outcome: str
    detail: str
    next: str = ""


UNCHECKED = Check(
    "insecure",
    "warning",
    "--insecure: certificates are NOT checked, so anybody on the way may have answered, and has seen the token",
    "give the CA with --ca-file, and leave --insecure out",
)

LOCKED = "unlock the credential on your side, and exempt this machine from the lock while it tests; then check again"
"""What to do where the subject refuses the true credential after our probes."""

NEXT = {
    "name": "check the spelling of the host in --url, and that this machine resolves it (getent hosts NAME)",
    "refused": "start the server, or correct host and port in --url; in a container, localhost is the container itself",
    "timeout": "check that a firewall lets this machine through, or raise pull.page_timeout_s",
    "tls": "give the CA that signed the certificate with --ca-file, or correct the certificate and the host name",
    "client-certificate": "give the certificate that the server knows with --client-cert and --client-key",
    "proxy": "check --proxy and the environment's HTTPS_PROXY, or go without: --proxy none",
    "not-http": "something else listens on that port; check the port, and http against https",
    "reset": "check the port, and http against https; look into the server's log: over TLS it may miss --client-cert",
    "too-large": "ask for smaller pages",
}
"""What to do about each kind of failure."""


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    return "/".join(url.split("/", 3)[:3])

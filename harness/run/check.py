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

CERTIFICATE_WANTED = "give the certificate that the server knows with --client-cert and --client-key"
"""What to do where a server wants to see a client certificate."""


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    return "/".join(url.split("/", 3)[:3])


def shown(text: str, most: int = 200) -> str:
    """A text of the subject on one line, not longer than a person will read."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"

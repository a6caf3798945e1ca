"""Where a subject is reached."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Addresses:
    """Where the subject is reached: one base URL, or an own address for some of the entries (``/locations``).

    With `slash`, every address that is asked below them ends in one.
    """

    base: str
    entries: Mapping[str, str] = field(default_factory=dict)
    slash: bool = False

    def of(self, target: str) -> str:
        """The URL of a path below the interface's address; an absolute URL stays as it is."""
        if is_absolute(target):
            return target
        url = self._of(target)
        return f"{url}/" if self.slash and not url.endswith("/") else url

    def _of(self, target: str) -> str:
        for entry, address in self.entries.items():
            if target == entry:
                return address
            if target.startswith(entry + "/"):
                return address.rstrip("/") + target.removeprefix(entry)
        return self.base.rstrip("/") + target

    @property
    def on_loopback(self) -> bool:
        """True where all of them are on this machine."""
        return all(map(_on_loopback, filter(None, (self.base, *self.entries.values()))))

    def path_of(self, url: str) -> str | None:
        """The path below the interface's address that a URL stands for, or None."""
        plain = url.partition("?")[0]
        for entry, address in self.entries.items():
            if plain.rstrip("/") == address.partition("?")[0].rstrip("/"):
                return entry
        base = self.base.rstrip("/")
        return plain.removeprefix(base) if base and plain.startswith(base + "/") else None

    def is_ours(self, url: str) -> bool:
        """True where the URL has the origin of one of the subject's addresses: credentials go nowhere else."""
        try:
            origin = _origin(url)
        except ValueError:  # no URL at all, such as http://[x
            return False
        return origin in {_origin(address) for address in (self.base, *self.entries.values()) if address}


def _on_loopback(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname or "")


def is_absolute(target: str) -> bool:
    """True for an http or https URL."""
    return target.lower().startswith(("http://", "https://"))


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    try:
        port = parts.port
    except ValueError:
        port = -1
    host = (parts.hostname or "").lower()
    host = "localhost" if is_loopback(host) else host
    return scheme, host, port or {"http": 80, "https": 443}.get(scheme)


def is_loopback(host: str) -> bool:
    """True for the loopback addresses and ``localhost``."""
    if host.lower() in ("localhost", "ip6-localhost") or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

"""Which proxy a request goes through."""

from collections.abc import Callable
from urllib.request import getproxies, proxy_bypass

import httpx

from harness.model.address import is_loopback
from harness.model.reach import NO_PROXY

ProxyOf = Callable[[httpx.URL], str | None]


def proxy_of(given: str | None) -> ProxyOf:
    """URL → the proxy for it: the one given, else the environment's. ``NO_PROXY`` counts for both, as with curl, and
    nothing on loopback is asked through a proxy."""

    def proxy(url: httpx.URL) -> str | None:
        if given == NO_PROXY or is_loopback(url.host) or proxy_bypass(url.netloc.decode("ascii")):
            return None
        found = given or getproxies().get(url.scheme) or getproxies().get("all")
        return f"http://{found}" if found and "://" not in found else found

    return proxy


def without_password(proxy: str) -> str:
    """A proxy's address as it may be shown: without user and password."""
    scheme, separator, rest = proxy.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"

"""Which proxy a request goes through."""

import os
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


def environment_of(url: httpx.URL) -> str:
    """What names the proxy for a URL where no option does: the variable, else the settings of the operating system."""
    for name in (f"{url.scheme}_proxy", "all_proxy"):
        for spelt in (name, name.upper()):  # in the order in which the standard library lets them win
            if os.environ.get(spelt):
                return f"environment variable {spelt}"
    return "settings of the operating system"


def without_password(proxy: str) -> str:
    """A proxy's address as it may be shown: without user and password."""
    scheme, separator, rest = proxy.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"

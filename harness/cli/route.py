"""The way to a plan's subject: the connections for it, and what a report says of it."""

from urllib.parse import unquote, urlsplit

import httpx

from harness.cli.plan import Plan, UsageError
from harness.model.reach import NO_PROXY
from harness.wire.look import Look
from harness.wire.proxy import environment_of, proxy_of, without_password
from harness.wire.tls import context_of
from harness.wire.transport import over_socket

_LONGEST_LOOK_S = 2


def transport(plan: Plan) -> httpx.AsyncBaseTransport:
    """Connections to the subject. UsageError where the environment names a proxy of a kind that is not spoken."""
    for address in _proxies(plan):
        if not address.startswith(("http://", "https://")):
            raise UsageError(
                f"environment: {without_password(address)} is no HTTP proxy, and no other is spoken; "
                "give --proxy URL or --proxy none"
            )
    reach = plan.reach
    return over_socket(context_of(reach), proxy_of(reach.proxy), reach.connect_to, _elsewhere(plan))


def look_of(plan: Plan, silence_s: float) -> Look:
    """A look at addresses the way that the plan's requests go; it waits no longer than they do."""
    reach = plan.reach
    said_by = plan.origins.get("proxy") if reach.proxy else None
    return Look(proxy_of(reach.proxy), reach.connect_to, _elsewhere(plan), said_by, min(_LONGEST_LOOK_S, silence_s))


def secrets_on_the_way(plan: Plan) -> list[str]:
    """Passwords of proxies, which no evidence may show."""
    found = [unquote(password) for one in _proxies(plan) if (password := urlsplit(one).password)]
    return list(dict.fromkeys(found))


def told(plan: Plan) -> tuple[dict[str, str], dict[str, str]]:
    """What is not the default of how the subject is reached and spared, in words; and where more than the plan knows
    came from."""
    reach, care = plan.reach, plan.care
    words: dict[str, str] = {}
    origins: dict[str, str] = {}
    if care.rate is not None:
        words["rate"] = f"{care.rate:g}/s" if care.rate >= 1 else f"{care.rate * 60:g}/min"
    if care.max_requests is not None:
        words["max_requests"] = str(care.max_requests)
    if reach.connect_to is not None:
        words["connect_to"] = "{}:{}".format(*reach.connect_to)
    proxies = dict.fromkeys(map(without_password, _proxies(plan)))
    if proxies:
        words["proxy"] = ", ".join(proxies)
        origins = {} if reach.proxy else {"proxy": ", ".join(dict.fromkeys(map(environment_of, _by_proxy(plan))))}
    elif reach.proxy is not None:
        unused = "" if reach.proxy == NO_PROXY else ", not used: the address is on loopback or in NO_PROXY"
        words["proxy"] = without_password(reach.proxy) + unused
    for name in ("ca_file", "client_cert", "client_key"):
        if getattr(reach, name) is not None:
            words[name] = str(getattr(reach, name))
    if reach.insecure:
        words["insecure"] = "certificates are not checked"
    if reach.headers:
        words["headers"] = ", ".join(name for name, _ in reach.headers)
    return words, origins


def _elsewhere(plan: Plan) -> set[str]:
    """The host of a token endpoint that is not the subject's: ``--connect-to`` says nothing of it."""
    ours = {urlsplit(address).hostname for address in (plan.addresses.base, *plan.addresses.entries.values())}
    host = urlsplit(plan.oauth.token_url).hostname if plan.oauth else None
    return {host} - ours if host else set()


def _proxies(plan: Plan) -> list[str]:
    """The proxies that requests to the subject go through, passwords and all."""
    choose = proxy_of(plan.reach.proxy)
    return [proxy for address in _by_proxy(plan) if (proxy := choose(address))]


def _by_proxy(plan: Plan) -> list[httpx.URL]:
    """The addresses that are asked through a proxy."""
    if plan.kind == "reference" or plan.reach.connect_to is not None:
        return []
    choose = proxy_of(plan.reach.proxy)
    addresses = (plan.addresses.base, *plan.addresses.entries.values())
    addresses += (plan.oauth.token_url,) if plan.oauth else ()
    return [url for url in map(httpx.URL, addresses) if choose(url)]

"""Why a client cannot be judged, from what is known of its first contact: configuration, not conformance."""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from harness.model.exchange import SPOILT, TOKEN_ENDPOINT, HttpExchange
from harness.run.check import Check, shown
from harness.run.client_clock import clock_of_client
from harness.run.lost_path import fits, meant, path_of
from harness.run.refused_connection import refused_connection
from harness.wire.incidents import Incident

_WRONG_CLIENT = ("invalid_client", "unauthorized_client")
_MOST_SHOWN = 3


@dataclass(frozen=True)
class FirstContact:
    """What is known of a client at the end of a situation. `exchanges` are those that show what can be known of it: of
    one that goes on from situation to situation, all.

    `origins` are the addresses that it was to reach, by system; `environment` are the settings that it was given, by
    name. `paths` are the templates of all paths that there are, whole. `certificate_names` are those that our
    certificate is good for. `waited_s` is how long its first call was waited for; `is_over` is why the situation ended.
    `is_well`: nothing was to go wrong in it. `exit_code` is None where it still runs, or nobody can tell.
    """

    way: Literal["command", "keep", "attach", "reference"]
    origins: Mapping[str, str]
    exchanges: Sequence[HttpExchange]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    incidents: Sequence[Incident] = ()
    paths: Sequence[str] = ()
    certificate_names: Sequence[str] = ()
    waited_s: float = 0
    exit_code: int | None = None
    last_lines: Sequence[str] = ()
    is_well: bool = True
    is_over: str = "done"

    @property
    def _given(self) -> dict[str, str]:
        """The settings that hold an address of ours. One of the user's own may hold a secret besides: not that."""
        others = [one for one in self.environment.values() if not one.startswith("http") and len(one) >= 8]
        urls = {name: url for name, url in self.environment.items() if url.startswith("http")}
        return {name: url for name, url in urls.items() if not any(one in url for one in others)}

    @property
    def addresses(self) -> str:
        """The settings that hold an address of ours, else the addresses themselves."""
        return ", ".join([f"{name}={url}" for name, url in self._given.items()] or self.origins.values())

    @property
    def variables(self) -> str:
        """The names of the settings that hold an address of ours."""
        return " and ".join(self._given) or "the settings that it was given"

    @property
    def token_url(self) -> str:
        """The setting that holds the address of the token endpoint."""
        held = [f"{name}={url}" for name, url in self._given.items() if name.endswith("TOKEN_URL")]
        return ", ".join(held) or "the token endpoint"


def checks(contact: FirstContact) -> tuple[Check, ...]:
    """What is to be said of it: failed where it cannot be judged, with the one thing that most likely is the reason."""
    found = [met(one, contact.certificate_names) for one in contact.exchanges[:1]]
    found += clock_of_client(contact.exchanges)
    stands = _obstacle(contact)
    return tuple(found if stands is None else [*found, stands])


def described(exchange: HttpExchange, *, secured: bool | None = None) -> str:
    """A first contact in one line. `secured`: it came over TLS of ours; None where nobody can tell."""
    agent = exchange.request.headers.get("user-agent")
    who = f"from {shown(agent, 80)!r}" if agent else "from a client without a User-Agent"
    over = {None: "", False: ", without TLS", True: ", over TLS: it trusts our CA, or checks no certificate"}[secured]
    return f"{exchange.request.method} {path_of(exchange.request.url)} came first, {who}{over}"


def met(first: HttpExchange, certificate_names: Sequence[str]) -> Check:
    """Who it is that said this first; `certificate_names` are those that our certificate is good for."""
    secured: bool | None = first.request.url.startswith("https:")
    if secured and not certificate_names:
        secured = None  # TLS is somebody else's, on the way to us
    return Check("first contact", "passed", described(first, secured=secured))


def _obstacle(contact: FirstContact) -> Check | None:
    said = contact.exchanges
    if any(_is_let_in(one) for one in said):
        return _ended_badly(contact)
    lost = [one for one in said if _is_lost(one, contact.paths)]
    ids = {one.id for one in lost}
    api = [one for one in said if one.id not in ids and TOKEN_ENDPOINT not in one.tags]
    tokens = [one for one in said if one.id not in ids and TOKEN_ENDPOINT in one.tags]
    if contact.incidents and not api and not lost and _could_have_called(contact):
        names = contact.certificate_names
        return refused_connection(contact.incidents, names, contact.addresses)
    if not said:
        return _nobody(contact) if contact.is_over == "nobody called" else None
    if lost and not api:
        return _lost(lost, contact)
    if not contact.is_well or any(SPOILT in one.tags for one in said):
        return None
    if api and not tokens and all(_status(one) == 401 for one in api):
        return _without_token(api, contact)
    if tokens and all(_is_wrong_client(one) for one in tokens):
        return _wrong_client(tokens, contact)
    if not api and any(_status(one) == 200 for one in tokens):
        return _pushes_nothing(contact)
    return None


def _could_have_called(contact: FirstContact) -> bool:
    """Its silence means something: one that goes on from an earlier situation may have nothing to say."""
    is_anew = contact.way == "command" and contact.is_well and bool(contact.exchanges)
    return is_anew or contact.is_over == "nobody called"


def _status(exchange: HttpExchange) -> int:
    return exchange.response.status if exchange.response else 0


def _is_let_in(exchange: HttpExchange) -> bool:
    """It is a request that clauses can judge: one to the API, for something that there is, with a token that counts."""
    if TOKEN_ENDPOINT in exchange.tags:
        return False
    return exchange.operation is not None and ("authorised" in exchange.tags or SPOILT in exchange.tags)


def _is_lost(exchange: HttpExchange, paths: Sequence[str]) -> bool:
    """Nothing is at its path. Where only the method is wrong there is something, and the clauses say so."""
    return exchange.operation is None and _status(exchange) == 404 and not fits(path_of(exchange.request.url), paths)


# -- nobody called -------------------------------------------------------------------------------------------------


def _nobody(contact: FirstContact) -> Check:
    listened = f"we listened on {contact.addresses}"
    own = (
        f"let it take its addresses from {contact.variables}, or give them under names of its own "
        "(env and render in harness.toml); a proxy that it uses must leave our address out (NO_PROXY)"
    )
    if contact.way == "attach":
        seen = f"nobody called within {contact.waited_s:g} s; {listened}"
        return Check("first contact", "failed", seen, f"start your client with these addresses; {own}")
    if contact.exit_code is None:
        seen = f"the client runs, but called nobody here within {contact.waited_s:g} s; {listened}{_last(contact)}"
        return Check("first contact", "failed", seen, f"{own}; where it only takes long to start, raise start_s")
    how = _ended(contact.exit_code)
    seen = f"the client ended before its first request, {how}; {listened}{_last(contact)}"
    todo = f"see what it says; {own}" if contact.exit_code else own
    return Check("first contact", "failed", seen, todo)


def _ended(code: int) -> str:
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by the signal {signal.Signals(-code).name}"
    except ValueError:
        return f"by the signal {-code}"


def _last(contact: FirstContact) -> str:
    if not contact.last_lines:
        return "; it wrote nothing"
    return f"; the last that it wrote: {' | '.join(shown(one) for one in contact.last_lines)}"


def _ended_badly(contact: FirstContact) -> Check | None:
    """It ended with an error though nothing was refused: it says itself that it could not do its work."""
    if contact.way != "command" or not contact.is_well or not contact.exit_code:
        return None
    if any(SPOILT in one.tags or _is_refused(one) for one in contact.exchanges):
        return None  # it may well end so: the clauses say what was wrong with its requests
    seen = f"the client ended {_ended(contact.exit_code)} though every request was accepted{_last(contact)}"
    return Check("client", "failed", seen, "let it end with exit code 0 where all is well; see what it says")


def _is_refused(exchange: HttpExchange) -> bool:
    if exchange.response is None or exchange.response.status >= 400:
        return True
    code = exchange.response.body.at("/status_code") if exchange.response.body.is_json else None
    return isinstance(code, int) and code >= 2000


# -- it called, but ------------------------------------------------------------------------------------------------


def _lost(lost: list[HttpExchange], contact: FirstContact) -> Check:
    asked = list(dict.fromkeys(f"{one.request.method} {path_of(one.request.url)}" for one in lost))
    more = f" and {len(asked) - _MOST_SHOWN} more" if len(asked) > _MOST_SHOWN else ""
    seen = f"it called us, but at paths where nothing is: {', '.join(asked[:_MOST_SHOWN])}{more}"
    found = meant(path_of(lost[0].request.url), contact.paths)
    if found.path:
        seen = f"{seen}; {found.wrong}"
        todo = f"the nearest path that there is: {found.path}; take the addresses as they are given: "
    else:
        todo = "take the addresses as they are given, with nothing before or after them but the API's own path: "
    return Check("path", "failed", seen, f"{todo}{contact.addresses}")


def _without_token(api: list[HttpExchange], contact: FirstContact) -> Check:
    shows = any(one.request.headers.get("authorization") for one in api)
    token = "with a token that nobody gave out here" if shows else "without a token"
    own = next((name for name in contact.environment if name.endswith("_TOKEN")), None)
    if own is not None:
        seen = f"it called the API {token} (401, {_times(len(api))})"
        return Check("token", "failed", seen, f"let it show the token in {own}, as the API wants it shown")
    seen = f"it called the API {token} (401, {_times(len(api))}), and never asked for one"
    return Check("token", "failed", seen, f"let it ask for its token at {contact.token_url} first")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _is_wrong_client(exchange: HttpExchange) -> bool:
    response = exchange.response
    if response is None or response.status not in (400, 401, 403) or not response.body.is_json:
        return False
    return response.body.at("/error") in _WRONG_CLIENT


def _wrong_client(tokens: list[HttpExchange], contact: FirstContact) -> Check:
    first = tokens[0].response
    assert first is not None  # noqa: S101 - it said what it said
    said = f"{first.status} {first.body.at('/error')}"
    seen = f"the token endpoint knows no client of this id with this secret ({said}, {_times(len(tokens))})"
    names = [one for one in contact.environment if one.endswith(("CLIENT_ID", "CLIENT_SECRET"))]
    given = " and ".join(names) or "the client id and secret that it was given"
    return Check("credentials", "failed", seen, f"let it use {given}: they are made for this run, and no others count")


def _pushes_nothing(contact: FirstContact) -> Check | None:
    seen = "it got a token, and then nothing came"
    todo = f"give it something to send, and let it send it to these addresses: {contact.addresses}"
    if contact.exit_code:
        seen = f"{seen}: it ended {_ended(contact.exit_code)}{_last(contact)}"
    elif contact.way != "command":  # it may have nothing to say yet
        return Check("first contact", "warning", seen, todo)
    return Check("first contact", "failed", seen, todo)

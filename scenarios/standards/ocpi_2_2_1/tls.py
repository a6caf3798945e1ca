"""OCPI 2.2.1, transport: TLS in front of the interface, and links that stay on it."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from harness.judge.vocabulary import header_problem, next_link
from harness.model.address import is_loopback
from harness.model.edit import Rewrite, with_header
from harness.model.exchange import HttpExchange, Transcript
from harness.model.requirement import MUST, Binds, Problems, Reason, excluded, requirement
from harness.model.settings import Settings
from harness.model.verdict import Inapplicable, Problem
from harness.standards.ocpi_2_2_1 import OCPI

SINCE = "2026.12"


def requests_rewritten(spelling: str, place: str, old: str, new: str) -> Rewrite:
    """Every request URL with one text in the place of another."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        return [
            replace(exchange, request=replace(exchange.request, url=exchange.request.url.replace(old, new)))
            for exchange in exchanges
        ]

    return Rewrite(spelling, place, change)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.1"],
    row="pull-https-only",
    since=SINCE,
    binds=Binds.SERVER,
    when=lambda transcript: bool(transcript.exchanges),
    broken_by=[requests_rewritten("served over plain HTTP", "transcript", "https://", "http://")],
    kept_by=[requests_rewritten("scheme in capitals", "transcript", "https://", "HTTPS://")],
)
def interface_is_served_over_tls(transcript: Transcript, settings: Settings) -> Problems:
    """The interface is reached over https only.

    Why: over plain HTTP anybody on the way can read the token and change the data.
    Fix: put a TLS listener in front and hand out the https address; for a run on another machine of your own set
    pull.plain_http to "allowed".
    """
    plain = {exchange.request.url for exchange in transcript.exchanges if _is_plain(exchange.request.url)}
    allowed = settings.text("pull.plain_http")
    if plain and (
        allowed == "allowed"
        or (allowed == "loopback" and all(is_loopback(urlsplit(url).hostname or "") for url in plain))
    ):
        yield Inapplicable(f"served without TLS, which pull.plain_http = {allowed} lets pass in this run")
        return
    origins = sorted({"/".join(url.split("/", 3)[:3]) for url in plain})
    for origin in origins:
        yield Problem("transcript", "an https address", origin)


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http://")


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.1"],
    row="pull-https-only",
    since=SINCE,
    binds=Binds.SERVER,
    when=lambda exchange: next_link(exchange) is not None,
    asked_by=["ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/ask-with-well-formed-parameters"],
    broken_by=[with_header("Link", '<http://cpo.example/ocpi/2.2.1/locations?offset=50>; rel="next"')],
    kept_by=[
        with_header("Link", '<HTTPS://cpo.example/ocpi/2.2.1/locations?offset=50>; rel="next"'),
        with_header("Link", "<https://cpo.example/ocpi/2.2.1/locations?offset=50>;rel=next"),
        with_header("Link", '</terms>; rel="license", <https://cpo.example/next?a=1,2>; title="a,b"; rel="next"'),
    ],
)
def next_links_stay_on_https(exchange: HttpExchange) -> Problems:
    """A page that came over https points to its next page with an https URL.

    Why: the puller sends its token along with that request; behind a gateway that ends TLS, a server that builds the
    URL from its inner address gives the token away.
    Fix: build absolute URLs from the public address (X-Forwarded-Proto, or a configured base URL).
    """
    if _is_plain(exchange.request.url):
        yield Inapplicable("served without TLS in this run")
    elif _is_plain(next_link(exchange) or ""):
        yield header_problem(exchange, "Link", "an https URL")


EXCLUDED = (
    excluded(
        "the certificate is valid",
        "pull-https-only",
        Reason.NOT_OBSERVABLE,
        "a certificate that is not trusted ends the run before any verdict, with exit code 3 and what to do",
    ),
)

"""NDW, pull authentication: a token or API key in the Authorization header under the scheme Token.

Needs the setting ``pull.auth``.
"""

from collections.abc import Sequence
from dataclasses import replace

from harness.model.edit import Rewrite, with_status
from harness.model.exchange import HttpExchange, Transcript
from harness.model.requirement import MUST, Binds, Problems, requirement
from harness.model.verdict import Problem
from harness.standards.ocpi_2_2_1 import refused
from scenarios.ndw import NDW

SINCE = "2026.12"


def refused_under(scheme: str, *forms: str) -> Rewrite:
    """Every call that shows its credential under this scheme is refused; where forms are given, in these alone."""

    def is_refused(exchange: HttpExchange) -> bool:
        shown = exchange.request.credential
        return shown is not None and shown.scheme == scheme and (not forms or shown.form in forms)

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        return [
            replace(exchange, response=with_status(401).change(exchange.response))
            if exchange.response and is_refused(exchange)
            else exchange
            for exchange in exchanges
        ]

    as_forms = f" as {' or '.join(forms)}" if forms else ""
    return Rewrite(f"refused under the scheme {scheme}{as_forms}", "transcript", change)


def _shows_presentations(transcript: Transcript) -> bool:
    return bool(_presentations(transcript))


def _presentations(transcript: Transcript) -> list[HttpExchange]:
    return [exchange for exchange in transcript.exchanges if "presentation" in exchange.tags and _tells(exchange)]


def _tells(exchange: HttpExchange) -> bool:
    return exchange.response is not None and exchange.response.status in (200, 401, 403)


@requirement(
    MUST,
    NDW["Pull - Authentication"],
    row="pull-auth-token-scheme",
    since=SINCE,
    binds=Binds.SERVER,
    only_where={"pull.auth": "token"},
    when=_shows_presentations,
    asked_by=["ocpi-2.2.1/present-the-token"],
    broken_by=[refused_under("Token")],
    kept_by=[refused_under("Token", "raw")],
)
def token_works_under_the_scheme_token(transcript: Transcript) -> Problems:
    """The token is accepted in the header Authorization under the scheme Token, in Base64 or as it is.

    Why: that is where NDW puts it; a server that wants it as Bearer, or in a header of its own, never sees it.
    Fix: read "Authorization: Token ..." beside what your gateway reads today.
    """
    tried = _presentations(transcript)
    if all(refused(exchange) for exchange in tried):
        forms = ", ".join(exchange.request.credential.form for exchange in tried if exchange.request.credential)
        yield Problem("transcript", "200 for Authorization: Token", f"the token is refused as {forms}")

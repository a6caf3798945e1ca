"""NDW, push: how a client asks for an access token, and how it shows it.

Needs no setting.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qsl

from harness.judge.vocabulary import shown
from harness.model.edit import Edit, Rewrite, of_the_request, with_body, with_header, without_header
from harness.model.exchange import Conversation, HttpExchange, TokenExchange
from harness.model.requirement import MAY, MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.verdict import Inapplicable, NotEnough, Problem
from scenarios.ndw import NDW
from scenarios.ndw.push_bodies import meant, of_requests
from scenarios.ndw.push_pace import POLITE_S, hammers, in_words
from scenarios.ndw.push_words import (
    PUSHES,
    asks_for_a_token,
    gives_out,
    has_failed,
    number_of,
    problem_of,
    pushes,
    seconds,
    shifted,
    status_seen,
    told,
)

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

FORM = "application/x-www-form-urlencoded"
ASKING = "grant_type=client_credentials&client_id=NL-XPO&client_secret=[secret 1]"
"""A request for a token as NDW shows it."""


def asking_otherwise(edit: Edit) -> Rewrite:
    """The edit of each request for a token."""
    asked = of_the_request(edit).on(asks_for_a_token)
    return Rewrite(asked.spelling, asked.place, lambda exchanges: [asked.changed(one) or one for one in exchanges])


def fields_of(exchange: HttpExchange) -> dict[str, list[str]]:
    """The fields of the form; empty where the body is none."""
    found: dict[str, list[str]] = {}
    if not _is_form(exchange):
        return found
    for name, value in parse_qsl(exchange.request.body.raw.decode("utf-8", "replace"), keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def _is_form(exchange: HttpExchange) -> bool:
    media_type = (exchange.request.headers.get("content-type") or "").partition(";")[0]
    return media_type.strip().lower() == FORM


def _by_basic(exchange: HttpExchange) -> bool:
    return (exchange.request.headers.get("authorization") or "").lower().startswith("basic ")


@requirement(
    MUST,
    NDW["Push - Authentication"],
    row="push-token-request-form",
    when=asks_for_a_token,
    broken_by=[
        asking_otherwise(with_header("Content-Type", "application/json")),
        asking_otherwise(without_header("Content-Type")),
    ],
    kept_by=[asking_otherwise(with_header("Content-Type", f"{FORM}; charset=UTF-8"))],
)
def token_requests_are_forms(exchange: TokenExchange) -> Problems:
    """A token is asked for by POST of a form (application/x-www-form-urlencoded).

    Why: the token server reads a form and nothing else; to JSON it answers 400.
    Fix: POST the fields as a form, as every OAuth2 library does by itself.
    """
    if exchange.request.method != "POST":
        yield Problem("request.path:", "POST", exchange.request.method)
    elif not _is_form(exchange):
        given = exchange.request.headers.get("content-type")
        yield Problem("request.header:content-type", FORM, "absent" if given is None else shown(given))


@requirement(
    MUST,
    NDW["Push - Authentication"],
    row="push-token-request-form",
    when=lambda exchange: asks_for_a_token(exchange) and exchange.request.method == "POST" and _is_form(exchange),
    broken_by=[
        asking_otherwise(with_body(ASKING.replace("client_credentials", "password"))),
        asking_otherwise(with_body(ASKING.replace("grant_type=client_credentials&", ""))),
        asking_otherwise(with_body(ASKING.replace("client_id=NL-XPO&", ""))),
        asking_otherwise(with_body(ASKING.replace("&client_secret=[secret 1]", ""))),
        asking_otherwise(with_body(f"{ASKING}&client_id=NL-XPO")),
    ],
    kept_by=[asking_otherwise(with_body(ASKING)), asking_otherwise(with_body(f"{ASKING}&scope=profile+email"))],
)
def token_requests_have_their_fields(exchange: TokenExchange) -> Problems:
    """A request for a token says grant_type=client_credentials, and who asks: client_id and client_secret, each once.

    Why: the token server gives a token for these three and for no other grant; a field that comes twice is refused.
    Fix: use the client credentials grant (RFC 6749 4.4), not that of a user with a password.
    """
    fields = fields_of(exchange)
    if fields.get("grant_type") == ["refresh_token"]:
        yield Inapplicable("it renews by refresh_token, of which NDW's page does not say that it is taken")
        return
    grants = fields.get("grant_type", [])
    if grants != ["client_credentials"]:
        yield Problem("request.body:", "grant_type=client_credentials, once", _in_words("grant_type", grants))
    for name in () if _by_basic(exchange) else ("client_id", "client_secret"):
        given = fields.get(name, [])
        if len(given) != 1 or not given[0]:
            actual = f"{name}, {len(given)} times" if given and given[0] else f"no {name}"
            yield Problem("request.body:", f"{name}, once", actual)


def _in_words(name: str, values: Sequence[str]) -> str:
    return " and ".join(f"{name}={value}" for value in values[:3]) or f"no {name}"


@requirement(
    MAY,
    NDW["Push - Authentication"],
    row="push-token-request-form",
    when=asks_for_a_token,
    broken_by=[asking_otherwise(with_header("Authorization", "Basic [secret 1]"))],
    kept_by=[asking_otherwise(with_header("X-Trace", "1"))],
)
def token_requests_show_the_secret_in_the_form(exchange: TokenExchange) -> Problems:
    """Client id and secret are fields of the form, and not shown by HTTP Basic.

    Why: NDW's page shows them as fields. Most token servers take both, and NDW's probably does.
    Fix: where the library can be told, have it send the credentials in the body (client_secret_post).
    """
    if _by_basic(exchange):
        yield Problem("request.header:authorization", "client_id and client_secret in the form", "HTTP Basic")


@requirement(
    MUST,
    NDW["Push - Authentication"],
    row="push-bearer-on-every-request",
    when=meant(*PUSHES),
    broken_by=of_requests(
        meant("putLocation"),
        without_header("Authorization"),
        with_header("Authorization", "Token [secret 1]"),
        with_header("Authorization", "[secret 1]"),
        with_header("Authorization", "Bearer"),
    ),
    kept_by=of_requests(meant("putLocation"), with_header("Authorization", "bearer [secret 1]")),
)
def pushes_show_a_bearer_token(exchange: HttpExchange) -> Problems:
    """Every push carries "Authorization: Bearer" and the access token.

    Why: NDW answers 401 to all else; OCPI's own scheme, Token, is of the other direction.
    Fix: set the header on every request, also on repeats; take Bearer for the push, and Token for the pull.
    """
    given = exchange.request.headers.get("authorization")
    scheme, _, token = (given or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        actual = "absent" if given is None else f"scheme {shown(scheme)}" if token.strip() else "no scheme, or no token"
        yield Problem("request.header:authorization", "Bearer and an access token", actual)


def _asked_in_vain(exchange: HttpExchange) -> bool:
    return asks_for_a_token(exchange) and has_failed(exchange)


def asked_again(spelling: str, pauses: Sequence[float]) -> Rewrite:
    """After the first request for a token that failed, there are only such, each after such a pause."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        first = last = next(filter(_asked_in_vain, exchanges), None)
        if first is None or last is None:
            return list(exchanges)
        kept = [one for one in exchanges if one is first or one.sent < first.sent or not asks_for_a_token(one)]
        for number, pause in enumerate(pauses):
            last = shifted(first, last.received + timedelta(seconds=pause), f"-again-{number}")
            kept.append(last)
        return sorted(kept, key=lambda one: one.sent)

    return Rewrite(spelling, "request.path:", change)


def _lines(conversation: Conversation) -> Iterator[list[HttpExchange]]:
    """The requests for a token that came to nothing, in a row, and the one after them that did not; those by HTTP Basic
    apart: a library may try one way and then the other at once."""
    for basic in (True, False):
        row: list[HttpExchange] = []
        asked = [one for one in conversation.exchanges if asks_for_a_token(one) and _by_basic(one) is basic]
        for one in sorted(asked, key=lambda each: each.sent):
            if has_failed(one):
                row.append(one)
            elif row:
                yield [*row, one]
                row = []
        if row:
            yield row


def _workers(conversation: Conversation) -> int:
    """How many of the client's processes have a token of their own, at most: a token that was refused has another in
    its place."""
    given = set(map(number_of, filter(gives_out, conversation.exchanges)))
    refused = {
        one.request.credential.n
        for one in pushes(conversation)
        if status_seen(one) == 401 and one.request.credential is not None
    }
    return max(1, len(given - refused))


@requirement(
    SHOULD,
    NDW["Push - Authentication"],
    basis=Basis.ASSUMED,
    row="push-401-renews-once",
    when=lambda conversation: any(map(_asked_in_vain, conversation.exchanges)),
    asked_by=["ndw/token-server-is-down"],
    broken_by=[
        asked_again("a tight loop at the token server", [0.003] * 60),
    ],
    kept_by=[asked_again("every five seconds at the token server", [5.0] * 4)],
)
def token_server_is_not_hammered(conversation: Conversation) -> Problems:
    """While the token server fails, it is asked after pauses that grow, or that are polite anyway.

    Why: every client of NDW needs it; when it comes back, all of them are at its door.
    Fix: one request for a token at a time, however many pushes wait for it; pauses of 1, 2, 4 … seconds between.
    """
    workers = _workers(conversation)
    problems: list[Problem] = []
    shown_ = False
    for row in _lines(conversation):
        # of several workers, the one who asks again is not the one who was answered last
        pauses = [max(0.0, seconds(one.received, later.sent)) for one, later in zip(row, row[workers:], strict=False)]
        if len(pauses) >= 3 * workers and hammers(pauses):
            expected = f"pauses that grow, or of {POLITE_S:.0f} s and more"
            problems.append(problem_of(row[-1], "request.path:", expected, in_words(pauses)))
        shown_ |= len(pauses) >= 3 * workers or any(pause >= POLITE_S for pause in pauses)
    lacking = NotEnough("needs more: the token server did not fail often enough in a row to show the pauses")
    yield from told(problems, shown_, [lacking])

"""What stands in the way where something answers: gateways, wrong paths, refused tokens, and token endpoints."""

import socket

from harness.cli.options import Flags
from tests.harness.run.listeners import LIST, Talk, by_path, context, head_of, http, page, saying
from tests.harness.run.staging import Diagnosis, Setup, Stage, plain


def serving(path: str, right: bytes = http(200, LIST), wrong: bytes = http(404, "{}")) -> Talk:
    """A server with one list, at this path."""
    return by_path(lambda asked: right if asked == path else wrong)


def oauth(token: bytes, api: bytes = http(401), tls: bool = False) -> Setup:
    """An API and its token endpoint, by what both always say."""

    def setup(stage: Stage) -> Flags:
        scheme, made = ("https", context("127.0.0.1")) if tls else ("http", None)
        login = f"{scheme}://127.0.0.1:{stage.port(saying(token), made)}/oauth2/token"
        api_url = f"http://127.0.0.1:{stage.port(saying(api))}/ocpi"
        return Flags(url=api_url, client_id="me", client_secret_env="S", token_url=login)

    return setup


def nobody_gives_tokens(stage: Stage) -> Flags:
    login = f"http://127.0.0.1:{stage.free_port()}/token"
    return Flags(url="http://127.0.0.1:9/ocpi", client_id="me", client_secret_env="S", token_url=login)


def error(name: str, status: int = 400) -> bytes:
    return http(status, f'{{"error":"{name}"}}')


GIVEN_OUT = http(200, '{"access_token":"access-Token-0001","token_type":"Bearer"}')
VERSIONS = '{"data":[{"version":"2.1.1","url":"http://%s/o/2.1.1"},{"version":"2.2.1","url":"http://%s/o/2.2.1"}]}'
ENDPOINTS = (
    '{"data":{"version":"2.2.1","endpoints":['
    '{"identifier":"locations","role":"RECEIVER","url":"http://%s/in/locations"},'
    '{"identifier":"locations","role":"SENDER","url":"http://%s/out/locations"},'
    '{"identifier":"tariffs","role":"SENDER","url":"http://%s/out/tariffs"}]}}'
)


def listing(connection: socket.socket) -> None:
    """A server whose versions module says where the lists are."""
    head = head_of(connection)
    host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
    told = {"/ocpi/versions": VERSIONS % (host, host), "/o/2.2.1": ENDPOINTS % (host, host, host)}
    body = told.get(head.split(" ", 2)[1])
    connection.sendall(http(200, body) if body else http(404))


SCOPE = http(403, WWW_Authenticate='Bearer error="insufficient_scope", scope="ocpi.read"')
AUDIENCE = http(401, WWW_Authenticate='Bearer error="invalid_token", error_description="The audience is invalid"')

OF_THE_WAY_TO_THE_API = (
    Diagnosis(
        "a login page", plain(saying(page(200, "Sign in to your account"))),
        "interface", ("a web page answers, not the API, titled 'Sign in to your account'",), ("login or gateway page",),
    ),
    Diagnosis(
        "a redirect to a login elsewhere", plain(saying(http(302, Location="https://login.example/oauth2/authorize?x=1"))),
        "interface", ("redirected to a login page at login.example",), ("without a login in a browser",),
    ),
    Diagnosis(
        "a redirect to https", plain(by_path(lambda path: http(301, Location=f"https://cpo.example{path}"))),
        "interface", ("redirected (http://127.0.0.1:", "301 to https://cpo.example/ocpi/locations"),
        ("not followed", "give https://cpo.example/ocpi as --url"),
    ),
    Diagnosis(
        "a redirect to a slash", plain(by_path(lambda path: http(308, Location=f"{path}/"))),
        "interface", ("redirected",), ('locations_url = "http://127.0.0.1:', '/ocpi/tariffs/"'),
    ),
    Diagnosis(
        "a gateway without the server behind it", plain(saying(page(502, "502 Bad Gateway"))),
        "interface", ("a gateway answers that the server behind it does not",), ("start the server",),
    ),
    Diagnosis(
        "a server that wants to be left alone", plain(saying(http(503, Retry_After="3600"))),
        "interface", ("asks to wait longer than is waited",), ("try again later",),
    ),
)  # fmt: skip

NOTHING = "nothing is served at these paths"
OF_THE_PATH = (
    Diagnosis(
        "a path where nothing is served", plain(serving("/elsewhere")),
        "interface", (NOTHING, "/ocpi/locations: 404", "/ocpi/tariffs: 404"), ("URL above /locations and /tariffs",),
    ),
    Diagnosis(
        "the version is missing in the path", plain(serving("/ocpi/2.2.1/locations"), "/ocpi"),
        "interface", (NOTHING, "/ocpi/2.2.1/locations answers 200"), ("give http://127.0.0.1:", "/ocpi/2.2.1 as --url"),
    ),
    Diagnosis(
        "the version is missing below another path", plain(serving("/api/v1/cpo/2.2.1/locations"), "/api/v1"),
        "interface", (NOTHING, "/api/v1/cpo/2.2.1/locations answers 200"), ("/api/v1/cpo/2.2.1 as --url",),
    ),
    Diagnosis(
        "only the host was given", plain(serving("/ocpi/cpo/2.2.1/locations"), ""),
        "interface", (NOTHING, "/ocpi/cpo/2.2.1/locations answers 200"), ("/ocpi/cpo/2.2.1 as --url",),
    ),
    Diagnosis(
        "a path that goes on too long", plain(serving("/ocpi/2.2.1/locations"), "/ocpi/2.2.1/credentials"),
        "interface", (NOTHING, "/ocpi/2.2.1/locations answers 200"), ("/ocpi/2.2.1 as --url",),
    ),
    Diagnosis(
        "a slash that is missing at the end", plain(serving("/ocpi/locations/", wrong=page(404, "Not Found"))),
        "interface", (NOTHING, "/ocpi/locations/ answers"), ('toml set locations_url = "http://127', '/locations/"'),
    ),
    Diagnosis(
        "a near path that asks for a token", plain(serving("/ocpi/2.2.1/locations", right=http(401, "{}"))),
        "interface", (NOTHING, "/ocpi/2.2.1/locations asks for a token"), ("/ocpi/2.2.1 as --url", "check the token"),
    ),
    Diagnosis(
        "lists that the versions module names", plain(listing),
        "interface", (NOTHING, "/o/2.2.1 says where the lists are".removeprefix("/o/2.2.1 ")),
        ('locations_url = "http://127.0.0.1:', '/out/locations"', 'tariffs_url = "'),
    ),
    Diagnosis(
        "another version of OCPI",
        plain(serving("/ocpi/versions", http(200, '{"data":[{"version":"2.1.1","url":"http://x"}]}'))),
        "interface", (NOTHING, "it serves OCPI 2.1.1, and 2.2.1 is not among them"), ("the right version",),
    ),
)  # fmt: skip

FORMS = (
    "in each of 6 forms, Token <base64>, Token <raw>, Token <base64+lf>, Token <base64 twice>, Bearer <raw>, X-API-Key"
)
OF_ACCESS = (
    Diagnosis(
        "a token that is refused in every form", plain(saying(http(401, '{"status_code":2001}'))),
        "token", ("refused on every list", FORMS, "/tariffs: 401"), ("check the token", "not expired", "token C"),
    ),
    Diagnosis(
        "a token that is refused with HTTP 200", plain(saying(http(200, '{"status_code":2002}'))),
        "token", ("refused on every list", FORMS), ("check the token",),
    ),
    Diagnosis(
        "a login with a password before the API", plain(saying(http(401, WWW_Authenticate='Basic realm="stage"'))),
        "token", ('the server says Basic realm="stage"',), ("login with user and password stands before the API",),
    ),
    Diagnosis(
        "a firewall before the API", plain(saying(page(403, "Access denied"))),
        "token", ("refused on every list", ": 403"), ("a gateway or firewall may refuse this machine",),
    ),
    Diagnosis(
        "a token without the scope", plain(saying(SCOPE)),
        "token", ("insufficient_scope",), ("use a token with the scope 'ocpi.read'",),
    ),
    Diagnosis(
        "a token endpoint that is not there", nobody_gives_tokens,
        "token endpoint (refused)", ("connection refused",), ("--token-url",),
    ),
    Diagnosis(
        "a token endpoint that is not trusted", oauth(GIVEN_OUT, tls=True),
        "token endpoint (tls)", ("issued by 'Example Trust'",), ("--ca-file",),
    ),
    Diagnosis("a wrong path of the token endpoint", oauth(page(404, "Not Found")),
              "token endpoint", ("/oauth2/token: 404",), ("check the path of --token-url",)),
    Diagnosis("a web page at the token endpoint", oauth(page(200, "Log in")),
              "token endpoint", ("200, with a web page",), ("login or gateway page",)),
    Diagnosis("a token endpoint without JSON", oauth(http(200, "OK", "text/plain")),
              "token endpoint", ("200, with what is no JSON",), ("answers with JSON",)),
    Diagnosis("a token endpoint without a token", oauth(http(200, "{}")),
              "token endpoint", ("without an access_token",), ("--token-url",)),
    Diagnosis("a client that is not known", oauth(error("invalid_client", 401)),
              "token endpoint", ("401: invalid_client",), ("check client id and secret", "oauth_client_auth=basic")),
    Diagnosis("a scope that is wanted", oauth(error("invalid_scope")),
              "token endpoint", ("400: invalid_scope",), ("default scope",)),
    Diagnosis("an audience that is wanted", oauth(error("invalid_target")),
              "token endpoint", ("400: invalid_target",), ("default audience",)),
    Diagnosis(
        "a fresh token without the scope", oauth(GIVEN_OUT, SCOPE),
        "token", ("just issued, and refused on every list as Bearer <raw>", "insufficient_scope"),
        ("the owner of the token endpoint give this client the scope 'ocpi.read'",),
    ),
    Diagnosis(
        "a fresh token for another API", oauth(GIVEN_OUT, AUDIENCE),
        "token", ("just issued", "The audience is invalid"), ("issued for this one (its audience)",),
    ),
    Diagnosis(
        "a fresh token that opens nothing", oauth(GIVEN_OUT),
        "token", ("just issued, and refused on every list",), ("of the same environment",),
    ),
)  # fmt: skip

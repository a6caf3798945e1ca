"""The curl lines: what a shell makes of them, and that failures of a real listener show themselves again by them."""

import base64
import json
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, get_args

import pytest

from harness.auth.token import altered, written
from harness.cli.demo_faults import FAULTS
from harness.cli.plan import Plan
from harness.cli.route import transport
from harness.cli.session import Session
from harness.judge.vocabulary import status
from harness.mock.fault import Fault
from harness.mock.faulty_app import FaultyApp
from harness.model.address import Addresses
from harness.model.body import Body
from harness.model.credential import Alteration, Form
from harness.model.edit import with_field, with_header, with_status, without_field
from harness.model.exchange import Headers, HttpExchange, HttpResponse
from harness.report.curl import curl_line, variable_prefix
from harness.report.record import exchange_of, read
from harness.wire.clock import SystemClock
from harness.wire.serve import served
from tests.needs import needs
from tests.proofs.conversation import SEED, TOKEN, bench

INTERFACE = "ndw-pull"
MORE_FAULTS = (
    Fault("getTariffs", with_header("X-Total-Count", "none").on(status(200))),
    Fault("getTariffs", with_field("/data/0/currency", 'it\'s "quoted" & $HOME `id` \\ 100%').on(status(200))),
    Fault("getLocation", with_header("Content-Type", "text/plain").on(status(200))),
    Fault("getLocation", without_field("/timestamp").on(status(200))),
    Fault("getLocation", with_status(500).on(status(401))),
    Fault("getLocations", with_field("/status_code", "1000").on(status(200))),
)
AS_WHOLE = {"exchange", "schema", "text", "objects", "token"}


@dataclass(frozen=True)
class Red:
    """A run over a socket, its faulty server still listening."""

    report: dict[str, Any]
    asked: dict[str, HttpExchange]


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Red]:
    folder = tmp_path_factory.mktemp("red")
    at, clock = bench(INTERFACE), SystemClock()
    described = at.suite.interface.reference
    from harness.systems.ndw.reference import create_app

    app = FaultyApp(
        create_app(token=TOKEN, now=clock.now, seed=SEED, locations=75, page_size=20),
        (*FAULTS, *MORE_FAULTS),
        at.document,
        described.base_path,
    )
    with served(app) as origin:
        plan = Plan(
            INTERFACE, "server", Addresses(origin + described.base_path), TOKEN, at.profile, parties=described.parties
        )
        session = Session(plan, at.suite, at.document, clock, transport(plan), SEED, lambda _text: None)
        report = session.run(folder).report
        asked = {line["id"]: exchange_of(line, folder) for line in read(folder) if line.get("kind") == "exchange"}
        yield Red(report, asked)


def shell(command: str, **variables: str) -> bytes:
    """What /bin/sh makes of it."""
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", **variables}
    done = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def answer(raw: bytes) -> HttpResponse:
    """The response that ``curl -i`` printed."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return HttpResponse(int(first.split(" ")[1]), Headers.of(fields), Body(body))


@needs("curl")
def test_every_failure_shows_itself_again(red: Red) -> None:
    """The clause itself judges what curl got: it fails at the same place, for the same reason."""
    of = {one.id: one for one in bench(INTERFACE).suite.requirements}
    again = set()
    for verdict in red.report["verdicts"]:
        requirement = of[verdict["requirement"]]
        if verdict["outcome"] != "failed" or not requirement.evidence.startswith((*AS_WHOLE, "located:")):
            continue
        for problem in verdict["problems"][:2]:
            command = red.report["exchanges"][problem["exchange"]]["curl"]
            came = answer(shell(command, NDW_PULL_TOKEN=TOKEN))
            exchange = replace(red.asked[problem["exchange"]], response=came)
            judge = bench(INTERFACE).judge((requirement,))
            found = [one.problem for one in judge.take(exchange)]
            seen = {(one.where, one.expected, one.actual) for one in found}
            assert (problem["where"], problem["expected"], problem["actual"]) in seen, (verdict["requirement"], command)
            kind = "probe" if "knock" in exchange.situation else problem["where"].partition(":")[0]
            again.add((kind, verdict["requirement"], exchange.request.url))
    kinds = Counter(kind for kind, _requirement, _url in again)
    assert {"response.status", "response.header", "response.body", "probe"} <= set(kinds), kinds
    assert min(kinds.values()) >= 2, kinds
    assert sum("?" in url for _kind, _requirement, url in again) >= 2


def test_the_lines_tell_no_secret(red: Red) -> None:
    told = json.dumps(red.report["exchanges"])
    assert "NDW_PULL_TOKEN" in told
    for form in get_args(Form):
        assert written(TOKEN, form) not in told


def line_of(url: str = "http://h/x", **request: Any) -> dict[str, Any]:
    made = {"method": "GET", "url": url, "headers": [], "body": {"text": ""}, "credential": None, **request}
    return {"failure": None, "request": made}


def credential(form: str = "raw", alteration: str | None = None, **more: Any) -> dict[str, Any]:
    return {"n": 1, "scheme": "Token", "form": form, "altered": alteration, "place": "header:authorization", **more}


def arguments(entry: dict[str, Any], **variables: str) -> list[str]:
    """The arguments that curl would get: a stand-in prints them."""
    stand_in = 'curl() { for one in "$@"; do printf "%s\\0" "$one"; done; }; '
    return shell(stand_in + curl_line(entry, "X"), **variables).decode().split("\0")[:-1]


SECRETS = ["proof-Token-0001-abcXYZ", "a$b`c\"d'e\\f!g h", "%s%d\\n"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", get_args(Form))
@pytest.mark.parametrize("alteration", [None, *(one for one in get_args(Alteration) if one != "made up")])
def test_a_shell_writes_the_credential_as_the_wire_did(secret: str, form: Form, alteration: Alteration | None) -> None:
    mark = f"[secret 1{'' if form == 'raw' else f' {form}'}{f', {alteration}' if alteration else ''}]"
    entry = line_of(headers=[["Authorization", f"Token {mark}"]], credential=credential(form, alteration))
    shown = written(altered(secret, alteration, 0), form)
    assert f"Authorization: Token {shown}" in arguments(entry, X_TOKEN=secret)


@pytest.mark.parametrize("secret", SECRETS[:1])
def test_a_made_up_token_is_another_one_of_its_kind(secret: str) -> None:
    entry = line_of(headers=[["Authorization", "Token [secret 1, made up]"]], credential=credential("raw", "made up"))
    (shown,) = (one for one in arguments(entry, X_TOKEN=secret) if one.startswith("Authorization"))
    shown = shown.removeprefix("Authorization: Token ")
    assert shown != secret
    assert [(one.isdigit(), one.isupper()) for one in shown] == [(one.isdigit(), one.isupper()) for one in secret]


HOSTILE = ["'; touch /tmp/owned; '", "$(id)", "`id`", '"x"', "a\x1b[31mb", "\u202eevil", "!!", "\\", "tab\there", "é😀"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reaches_curl_as_it_is_and_no_terminal(text: str) -> None:
    url = f"http://h/{text}?a=1"
    entry = line_of(url, headers=[["X-Odd", text], ["X-Both", f"{text} [secret 1] {text}"]], credential=credential())
    got = arguments(entry, X_TOKEN="s")
    assert url in got
    assert f"X-Odd: {text}" in got
    assert f"X-Both: {text} s {text}" in got
    assert not {"\x1b", "\u202e"} & set(curl_line(entry))


def test_a_token_in_the_query_goes_there_in_curls_own_spelling() -> None:
    entry = line_of("http://h/x?limit=1&token=[secret 1]", credential=credential(place="query:token"))
    assert arguments(entry, X_TOKEN="a/b+c")[-4:] == ["--get", "--data-urlencode", "token=a/b+c", "http://h/x?limit=1"]


def test_a_client_shows_its_secret_at_the_token_endpoint() -> None:
    body = {"text": "grant_type=client_credentials&scope=a+b&client_secret=[secret 2]"}
    told = credential(place="body:client_secret", n=2, scheme=None)
    got = arguments(line_of(method="POST", body=body, credential=told), X_CLIENT_SECRET="s&s")
    assert got.count("--data-urlencode") == 3
    assert {"grant_type=client_credentials", "scope=a b", "client_secret=s&s"} <= set(got)
    basic = line_of(headers=[["Authorization", "Basic [secret 2 base64]"]], credential=credential(n=2, scheme="Basic"))
    shown = base64.b64encode(b"me:s&s").decode()
    assert f"Authorization: Basic {shown}" in arguments(basic, X_CLIENT_ID="me", X_CLIENT_SECRET="s&s")


def test_other_secret_fields_are_variables_named_after_them() -> None:
    assert "X-Api-Key: k" in arguments(line_of(headers=[["X-Api-Key", "[secret 3]"]]), X_X_API_KEY="k")


def test_what_curl_adds_of_its_own_is_taken_away_and_an_empty_field_stays() -> None:
    entry = line_of(method="POST", headers=[["X-Empty", ""], ["Host", "h"]], body={"text": "{}"})
    got = arguments(entry)
    assert {"X-Empty;", "Accept:", "Content-Type:"} <= set(got)
    assert not [one for one in got if one.startswith("Host")]
    assert "Host: other" in arguments(line_of(headers=[["Host", "other"]]))


def test_how_the_subject_was_reached_is_in_the_line() -> None:
    reach = {"connect_to": "10.0.0.1:8443", "ca_file": "/a b/ca.pem", "insecure": "yes", "proxy": "http://p:3128"}
    got = shlex.split(curl_line(line_of(), "", reach).replace("\\\n", ""), comments=True)
    for option, value in (
        ("--connect-to", "::10.0.0.1:8443"),
        ("--cacert", "/a b/ca.pem"),
        ("--proxy", "http://p:3128"),
    ):
        assert got[got.index(option) + 1] == value
    assert "--insecure" in got


def test_binary_bodies_are_piped() -> None:
    raw = bytes(range(256))
    entry = line_of(method="PUT", body={"base64": base64.b64encode(raw).decode()})
    assert shell("curl() { cat; }; " + curl_line(entry)) == raw


def test_what_was_never_sent_has_no_line() -> None:
    assert curl_line({**line_of(), "failure": {"kind": "not-followed", "detail": ""}}) == ""


def test_variables_begin_with_the_interface() -> None:
    assert variable_prefix("ndw-pull") == "NDW_PULL"

"""Why a client cannot be judged: what is said of each kind of first contact, and of which nothing is said."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

import pytest

from harness.model.body import Body
from harness.model.exchange import SPOILT, TOKEN_ENDPOINT, Headers, HttpExchange, HttpRequest, HttpResponse
from harness.run.check import Check
from harness.run.first_contact import FirstContact, checks, described
from harness.run.lost_path import meant
from harness.wire.incidents import Incident

_NUMBERS = count(1)
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:7401"
BASE = "/ocpi/2.2.1"
TOKEN_PATH = "/realms/dotnl/protocol/openid-connect/token"
LOCATION = f"{BASE}/locations/NL/XPO/LOC-1"
ENVIRONMENT = {
    "NDW_PUSH_URL": f"{ORIGIN}{BASE}",
    "NDW_TOKEN_URL": f"{ORIGIN}{TOKEN_PATH}",
    "NDW_CLIENT_ID": "dotnl-nl-xpo",
    "NDW_CLIENT_SECRET": "not-to-be-shown",
    "OF_THEIR_OWN": f"{ORIGIN}{TOKEN_PATH}?client_secret=not-to-be-shown",
}
IDS = "{country_code}/{party_id}"
PATHS = (
    f"{BASE}/locations/{IDS}/{{location_id}}",
    f"{BASE}/locations/{IDS}/{{location_id}}/{{evse_uid}}",
    f"{BASE}/tariffs/{IDS}/{{tariff_id}}",
    TOKEN_PATH,
)
CONTACT = FirstContact("command", {"ndw": ORIGIN}, (), ENVIRONMENT, paths=PATHS, waited_s=60)
NAMES = ("localhost", "127.0.0.1", "::1", "*.mock.example")


def said(path: str = LOCATION, status: int = 200, *tags: str, method: str = "PUT", **more: Any) -> HttpExchange:
    """One exchange; with the tag ``authorised`` it was let in."""
    known = more.pop("known", TOKEN_ENDPOINT in tags or status != 404)
    request = HttpRequest(method, f"{ORIGIN}{path}", Headers.of(more.pop("headers", {"User-Agent": "pusher/1.0"})))
    response = HttpResponse(status, Headers(), Body(json.dumps(more).encode()))
    return HttpExchange(
        f"e{next(_NUMBERS)}", "s", "putLocation" if known else None, request, response, NOW, NOW, frozenset(tags)
    )


WELL = said(LOCATION, 200, "authorised", status_code=1000)
REFUSED = said(LOCATION, 200, "authorised", status_code=2001)
TOKEN = said(TOKEN_PATH, 200, TOKEN_ENDPOINT, method="POST", access_token="[secret 2]")
NO_CLIENT = said(TOKEN_PATH, 401, TOKEN_ENDPOINT, method="POST", error="invalid_client")
NO_ACCESS = said(LOCATION, 401)
LOST = said("/locations/NL/XPO/LOC-1", 404, TOKEN_ENDPOINT, known=False)  # that service stands at the root
SILENT = replace(CONTACT, is_over="nobody called")
STRANGER = Incident("unknown CA", "the alert 'unknown ca'", "127.0.0.1:5", "127.0.0.1:7441", "localhost")


def failed(contact: FirstContact) -> Check | None:
    found = checks(contact)
    assert "not-to-be-shown" not in repr((found, contact))
    obstacles = [one for one in found if one.outcome == "failed"]
    assert len(obstacles) <= 1
    return obstacles[0] if obstacles else None


OBSTACLES: dict[str, tuple[FirstContact, str, str]] = {
    "nobody called, and the user starts it": (
        replace(SILENT, way="attach", waited_s=600),
        "nobody called within 600 s; we listened on NDW_PUSH_URL=http://127.0.0.1:7401/ocpi/2.2.1, NDW_TOKEN_URL=",
        "start your client with these addresses",
    ),
    "it runs and calls nobody": (
        replace(SILENT, last_lines=("starting", "connecting to ndw.nu")),
        "the client runs, but called nobody here within 60 s; we listened on NDW_PUSH_URL=",
        "let it take its addresses from NDW_PUSH_URL and NDW_TOKEN_URL",
    ),
    "it ended before its first request": (
        replace(SILENT, exit_code=2, last_lines=("Traceback", "KeyError: 'PUSH_BASE'")),
        "ended before its first request, with exit code 2; we listened on",
        "see what it says",
    ),
    "it was ended by a signal before": (replace(SILENT, exit_code=-11), "by the signal SIGSEGV", "see what it says"),
    "it ended and said nothing at all": (replace(SILENT, exit_code=0), "with exit code 0; we", "env and render"),
    "it does not trust our CA": (
        replace(SILENT, incidents=(STRANGER, STRANGER), certificate_names=NAMES),
        "the client does not trust the CA of our certificate (the alert 'unknown ca'), 2 times",
        "harness ca export",
    ),
    "it asks for another name": (
        replace(SILENT, certificate_names=NAMES, incidents=(
            replace(STRANGER, kind="certificate refused", detail="the alert 'bad certificate'", asked="ndw.example"),
        )),
        "came for ndw.example, and our certificate is for *.mock.example, 127.0.0.1, ::1, localhost",
        "--public-url https://ndw.example:7441",
    ),
    "it asks for another address": (
        replace(SILENT, certificate_names=NAMES, incidents=(
            replace(STRANGER, kind="silent", detail="went", asked=None, here="192.0.2.7:7441"),
        )),
        "came for the address 192.0.2.7",
        "--public-url https://192.0.2.7:7441",
    ),
    "it refuses a certificate of the right name": (
        replace(SILENT, certificate_names=NAMES, incidents=(
            replace(STRANGER, kind="certificate refused", asked="a.mock.example"),
        )),
        "the client will not have our certificate (the alert 'unknown ca'; asked for a.mock.example",
        "NODE_EXTRA_CA_CERTS",
    ),
    "it breaks the handshake off without a word": (
        replace(SILENT, incidents=(replace(STRANGER, kind="broken off", detail="closed during the handshake"),)),
        "no request came through: closed during the handshake",
        "most clients do so that do not trust a certificate",
    ),
    "it speaks an old TLS": (
        replace(SILENT, incidents=(replace(STRANGER, kind="no agreement"),)), "share no version", "TLS 1.2 or 1.3"
    ),
    "http to the port of https": (
        replace(SILENT, incidents=(replace(STRANGER, kind="plain on TLS"),)),
        "plain HTTP came to 127.0.0.1:7441, where TLS is spoken",
        f"let it ask for https://, not http://: NDW_PUSH_URL={ORIGIN}",
    ),
    "https to the port of http": (
        replace(SILENT, incidents=(replace(STRANGER, kind="TLS on plain"),)), "TLS came to", "--tls"
    ),
    "it gets a token, and its pushes break off": (
        replace(CONTACT, exchanges=(TOKEN,), incidents=(STRANGER,)), "does not trust the CA", "harness ca export"
    ),
    "all its paths are unknown": (
        replace(CONTACT, exchanges=(TOKEN, LOST, LOST)),
        "PUT /locations/NL/XPO/LOC-1; the base path /ocpi/2.2.1 is missing",
        "/ocpi/2.2.1/locations/NL/XPO/LOC-1; take the addresses as they are given: NDW_PUSH_URL=",
    ),
    "its token path is unknown": (
        replace(CONTACT, exchanges=(said("/realms/dotnl/openid-connect/token", 404, method="POST"),)),
        "POST /realms/dotnl/openid-connect/token",
        f"the nearest path that there is: {TOKEN_PATH}",
    ),
    "it never asks for a token": (
        replace(CONTACT, exchanges=(NO_ACCESS, NO_ACCESS)),
        "called the API without a token (401, 2 times), and never asked for one",
        f"NDW_TOKEN_URL={ORIGIN}{TOKEN_PATH}",
    ),
    "it comes with a token of another place": (
        replace(CONTACT, exchanges=(said(LOCATION, 401, headers={"authorization": "Bearer [secret 9]"}),)),
        "with a token that nobody gave out here",
        "NDW_TOKEN_URL=",
    ),
    "its secret is wrong": (
        replace(CONTACT, exchanges=(NO_CLIENT, NO_CLIENT)),
        "(401 invalid_client, 2 times)",
        "let it use NDW_CLIENT_ID and NDW_CLIENT_SECRET",
    ),
    "it gets a token, and pushes nothing": (
        replace(CONTACT, exchanges=(TOKEN,), exit_code=1, last_lines=("no data",)),
        "then nothing came: it ended with exit code 1; the last that it wrote: no data",
        "give it something to send",
    ),
    "it ends with an error though all was accepted": (
        replace(CONTACT, exchanges=(TOKEN, WELL), exit_code=1, last_lines=("cannot write state.db",)),
        "ended with exit code 1 though every request was accepted; the last that it wrote: cannot write state.db",
        "exit code 0",
    ),
    "its clock is off": (
        replace(CONTACT, exchanges=(
            replace(WELL, request=replace(WELL.request, headers=Headers.of(
                {"Date": format_datetime(NOW - timedelta(minutes=62), usegmt=True)}
            ))),
        )),
        "is 1 h 2 min behind this machine's",
        "set whichever of the two is wrong",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OBSTACLES)
def test_what_stands_in_the_way_is_said_with_what_to_do(name: str) -> None:
    contact, seen, todo = OBSTACLES[name]
    found = failed(contact)
    assert found is not None
    assert seen in found.detail
    assert todo in found.next


FINE: dict[str, FirstContact] = {
    "it pushes": replace(CONTACT, exchanges=(TOKEN, WELL), exit_code=0),
    "one unknown path among good calls": replace(CONTACT, exchanges=(TOKEN, LOST, WELL)),
    "a strange connection beside good calls": replace(CONTACT, exchanges=(TOKEN, WELL), incidents=(STRANGER,)),
    "it was refused, and ends so": replace(CONTACT, exchanges=(TOKEN, REFUSED), exit_code=1),
    "it gave up in trouble": replace(CONTACT, exchanges=(TOKEN, WELL), exit_code=1, is_well=False),
    "the token server was down": replace(
        CONTACT, exchanges=(replace(NO_CLIENT, tags=frozenset({TOKEN_ENDPOINT, SPOILT})),), is_well=False
    ),
    "it was refused once for its secret": replace(CONTACT, exchanges=(NO_CLIENT, TOKEN, WELL)),
    "its request for a token is malformed": replace(
        CONTACT, exchanges=(said(TOKEN_PATH, 400, TOKEN_ENDPOINT, error="invalid_request"),), exit_code=1
    ),
    "it shows its token in the wrong way": replace(CONTACT, exchanges=(TOKEN, NO_ACCESS), exit_code=1),
    "it asks for what there is with a wrong method": replace(
        CONTACT, exchanges=(TOKEN, said(LOCATION, 404, method="GET", known=False))
    ),
    "it goes on, and has nothing to say": replace(CONTACT, way="keep", incidents=(STRANGER,)),
    "it goes on, and only renews its token": replace(
        CONTACT, way="attach", exchanges=(TOKEN,), incidents=(STRANGER,)
    ),
    "the user went on to the next": replace(CONTACT, way="attach", is_over="skipped"),
    "a service was ended by somebody": replace(CONTACT, way="keep", exchanges=(TOKEN, WELL), exit_code=-15),
    "its Date is some seconds old": replace(
        CONTACT, exchanges=(replace(WELL, request=replace(WELL.request, headers=Headers.of(
            {"Date": format_datetime(NOW - timedelta(seconds=20), usegmt=True)}
        ))),)
    ),
    "its Date is none": replace(
        CONTACT, exchanges=(replace(WELL, request=replace(WELL.request, headers=Headers.of({"Date": "now"}))),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_a_client_that_can_be_judged_is_left_to_the_clauses(name: str) -> None:
    assert failed(FINE[name]) is None


def test_what_is_no_obstacle_is_noted_all_the_same() -> None:
    assert [(one.check, one.outcome) for one in checks(FINE["its Date is some seconds old"])] == [
        ("first contact", "passed"), ("clock", "warning")
    ]  # fmt: skip
    assert checks(FINE["it goes on, and only renews its token"])[-1].outcome == "warning"


def test_a_first_contact_is_described_in_a_line() -> None:
    assert described(WELL) == f"PUT {LOCATION} came first, from 'pusher/1.0'"
    assert described(said(headers={}), secured=False).endswith("from a client without a User-Agent, without TLS")
    assert described(WELL, secured=True).endswith("over TLS: it trusts our CA, or checks no certificate")


@pytest.mark.parametrize(
    ("path", "wrong", "right"),
    [
        ("/locations/NL/XPO/L1", "the base path /ocpi/2.2.1 is missing", "/ocpi/2.2.1/locations/NL/XPO/L1"),
        (f"{BASE}{LOCATION}", "it has the base path /ocpi/2.2.1 twice", LOCATION),
        ("/cpo/2.2.1/locations/NL/XPO/L1/E1", "its base path is /cpo/2.2.1, not", f"{BASE}/locations/NL/XPO/L1/E1"),
        (f"{LOCATION}/", "it ends in a slash", LOCATION),
        (f"{BASE}//locations/NL/XPO/LOC-1", "it has a slash too many", LOCATION),
        (f"{BASE}/Locations/NL/XPO/LOC-1", "it says Locations for locations", LOCATION),
        ("/token", "it is not quite the path", TOKEN_PATH),
        (f"{TOKEN_PATH}/protocol/openid-connect/token", "it is not quite the path", TOKEN_PATH),
        ("/", "", ""),
        (f"{BASE}/sessions/NL/XPO/S1", "", ""),
    ],
)
def test_the_nearest_path_is_known(path: str, wrong: str, right: str) -> None:
    found = meant(path, PATHS)
    assert found.wrong.startswith(wrong)
    assert bool(found.wrong) is bool(wrong)
    assert found.path == right

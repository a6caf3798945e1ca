"""How a subject is reached and spared: what the command line and harness.toml may say of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from harness.cli.options import Flags
from harness.cli.plan import Plan, UsageError
from harness.cli.route import told
from harness.cli.settings import plans
from harness.model.reach import Care, Reach

SECRET = "s3cr3t-Canary"
ENVIRONMENT = {"T": "t0ken-0001", "GATE": SECRET, "EMPTY": "", "SPACED": " x", "P": f"http://me:{SECRET}@proxy:3128"}
SERVER = Flags(url="https://cpo.example/ocpi", token_env="T")
CONFIGURED = '[ndw-pull]\nurl = "https://cpo.example/ocpi"\ntoken = "${T}"\n'


def planned(directory: Path, flags: Flags = SERVER) -> Plan:
    return plans("ndw-pull", flags, ENVIRONMENT, directory)[0][0]


def refused(directory: Path, flags: Flags) -> str:
    with pytest.raises(UsageError) as error:
        planned(directory, flags)
    assert SECRET not in str(error.value)
    return str(error.value)


def pem_files(directory: Path) -> None:
    certificate = trustme.CA().issue_cert("client.example")
    certificate.cert_chain_pems[0].write_to_path(str(directory / "cert.pem"))
    certificate.private_key_pem.write_to_path(str(directory / "key.pem"))


def test_nothing_said_is_the_default(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    assert (plan.reach, plan.care, told(plan)) == (Reach(), Care(), ({}, {}))
    assert plan.pace == Care(rate=10)
    assert planned(tmp_path, replace(SERVER, url="http://127.0.0.1:1/x")).pace == Care()


def test_flags_say_it_all(tmp_path: Path) -> None:
    pem_files(tmp_path)
    flags = replace(
        SERVER, rate="30/min", max_requests=5, connect_to="[::1]:8443", header_env=("X-Gate=GATE",), insecure=True,
        client_cert=Path("cert.pem"), client_key=Path("key.pem"), proxy="none",
    )  # fmt: skip
    plan = planned(tmp_path, flags)
    assert plan.care == Care(0.5, 5)
    assert plan.reach == Reach(
        ("::1", 8443), "none", None, tmp_path / "cert.pem", tmp_path / "key.pem", True, (("X-Gate", SECRET),)
    )
    assert SECRET not in repr(plan) + repr(plan.reach) + repr(told(plan))
    words = told(plan)[0]
    assert words["rate"] == "30/min"
    assert {plan.origins[name] for name in words} >= {"--rate", "--max-requests", "--connect-to", "--insecure"}
    assert plan.origins["headers"] == "X-Gate of environment variable GATE"


def test_the_file_says_the_same(tmp_path: Path) -> None:
    pem_files(tmp_path)
    (tmp_path / "harness.toml").write_text(
        CONFIGURED + 'rate = "2/s"\nproxy = "${P}"\nclient_cert = "cert.pem"\nclient_key = "key.pem"\n'
        'insecure = true\nheaders = {"X-Gate" = "${GATE}"}\n'
    )
    plan = planned(tmp_path, Flags())
    assert plan.care == Care(2)
    assert plan.reach == Reach(
        None, ENVIRONMENT["P"], None, tmp_path / "cert.pem", tmp_path / "key.pem", True, (("X-Gate", SECRET),)
    )
    assert told(plan)[0]["proxy"] == "http://proxy:3128"
    assert plan.origins["rate"] == "harness.toml line 4"
    assert plan.origins["insecure"] == "harness.toml line 8"
    over = planned(tmp_path, Flags(rate="1/s", proxy="none", header_env=("x-gate=T",)))
    assert (over.care.rate, over.reach.proxy, over.reach.headers) == (1, "none", (("x-gate", "t0ken-0001"),))


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        ({"rate": "5"}, "--rate: '5' is no rate; did you mean '5/s'?"),
        ({"rate": "0/s"}, "--rate: '0/s' is no rate; write it as 5/s or 30/min"),
        ({"rate": "quick"}, "--rate: 'quick' is no rate; write it as 5/s or 30/min"),
        ({"max_requests": 0}, "--max-requests: give a number from 1; --dry-run sends nothing"),
        ({"connect_to": "127.0.0.1"}, "'127.0.0.1' is no address; write it as HOST:PORT"),
        ({"connect_to": "h:0"}, "'h:0' is no address"),
        ({"connect_to": "https://h:1"}, "is no address"),
        ({"connect_to": "h:1", "proxy": "http://p:1"}, "connects straight to that address; leave out --proxy"),
        ({"proxy": f"http://me:{SECRET}@p:1"}, "--proxy: no secret on a command line"),
        ({"proxy": "p:3128"}, "--proxy: is no URL of an HTTP proxy, such as http://proxy.example:3128; did you mean"),
        ({"proxy": "socks5://p:1"}, "--proxy: is no URL of an HTTP proxy"),
        ({"header_env": ("X-Gate",)}, "--header-env: write it as NAME=VARIABLE"),
        ({"header_env": (f"X-Gate={SECRET}",)}, "--header-env: write it as NAME=VARIABLE"),
        ({"header_env": ("X Gate=GATE",)}, "'X Gate' is not the name of a header field"),
        ({"header_env": ("authorization=GATE",)}, "authorization is the harness's own"),
        ({"header_env": ("Host=GATE",)}, "Host is the harness's own"),
        ({"header_env": ("x-request-id=GATE",)}, "x-request-id is the harness's own"),
        ({"header_env": ("X-Gate=NONE",)}, "environment variable NONE is not set"),
        ({"header_env": ("X-Gate=EMPTY",)}, "environment variable EMPTY is empty"),
        ({"header_env": ("X-Gate=SPACED",)}, "environment variable SPACED holds what no header can"),
        ({"client_key": Path("key.pem")}, "a key alone proves nothing"),
        ({"client_cert": Path("cert.pem")}, "--client-cert: cannot be used"),
        ({"client_cert": Path("key.pem")}, "'key.pem' holds no certificate in PEM form"),
        ({"client_cert": Path("cert.pem"), "client_key": Path("other.pem")}, "cannot be used"),
        ({"client_cert": Path("cert.pem"), "client_key": Path("locked.pem")}, "the key is encrypted"),
    ],
)
def test_what_cannot_be_is_one_line(flags: dict[str, Any], line: str, tmp_path: Path) -> None:
    pem_files(tmp_path)
    trustme.CA().issue_cert("x.example").private_key_pem.write_to_path(str(tmp_path / "other.pem"))
    (tmp_path / "locked.pem").write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    assert line in refused(tmp_path, replace(SERVER, **flags))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f'headers = {{"X-Gate" = "{SECRET}"}}\n', "line 4, [ndw-pull] headers: no secret may stand in the file"),
        (f'proxy = "http://me:{SECRET}@p:1"\n', "line 4, [ndw-pull] proxy: no secret may stand in the file"),
        ('insecure = "yes"\n', "line 4, [ndw-pull] insecure: expected true or false, found a text"),
    ],
)
def test_no_secret_stands_in_the_file_even_where_it_is_not_needed(text: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text(CONFIGURED + text)
    assert line in refused(tmp_path, Flags(reference=True))


def test_the_reference_is_reached_without_any_of_it(tmp_path: Path) -> None:
    for flags in (Flags(reference=True, insecure=True), Flags(reference=True, connect_to="h:1")):
        assert "the bundled reference is reached without it" in refused(tmp_path, flags)
    assert planned(tmp_path, Flags(reference=True, rate="5/s", max_requests=3)).care == Care(5, 3)


def test_a_subject_behind_an_address_elsewhere_is_a_guest_too(tmp_path: Path) -> None:
    here = replace(SERVER, url="http://localhost:8080/ocpi")
    assert not planned(tmp_path, here).is_guest
    assert planned(tmp_path, replace(here, connect_to="10.0.0.1:80")).is_guest
    assert planned(tmp_path, replace(SERVER, connect_to="127.0.0.1:80")).is_guest

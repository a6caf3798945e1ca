"""Trouble is told apart: usage (2), configuration (3), and that nothing is half-written."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from harness.systems.ndw.reference import create_app
from harness.wire.serve import listener, served
from tests.harness.cli.commands import TOKEN, harness


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "ndw-pul"), "unknown interface 'ndw-pul'; did you mean 'ndw-pull'?"),
        (("check", "ndw-pull"), "there is no subject to check; give --url URL --token-env VAR"),
        (("check", "ndw-pull", "--url", "cpo.example/ocpi", "--token-env", "T"), "has no scheme; did you mean"),
        (("check", "ndw-pull", "--url", "https://cpo.example", "--token-env", "UNSET"), "variable UNSET is not set"),
        (("check", "ndw-pull", "--reference", "--set", "pull.max_page=3"), "did you mean 'pull.max_pages'?"),
        (("check", "ndw-pull", "--reference", "--fault", "getTarifs:with_status(404)"), "no operation getTarifs"),
        (("check", "ndw-pull", "--reference", "--fault", "getTariffs:with_state(404)"), "no edit with_state"),
        (("explain", "envelope-is-timestampt"), "did you mean 'ocpi-2.2.1/envelope-is-timestamped'?"),
        (("reference", "ndw", "--token-env", "UNSET"), "variable UNSET is not set"),
    ],
)
def test_wrong_usage_is_one_line_and_nothing_is_written(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    ran = harness(*arguments, folder=tmp_path, T=TOKEN)
    assert ran.code == 2
    assert ran.out == ""
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_literal_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text(f'[ndw-pull]\nurl = "https://cpo.example"\ntoken = "{TOKEN}"\n')
    ran = harness("check", folder=tmp_path)
    assert ran.code == 2
    assert "harness.toml line 3" in ran.err
    assert TOKEN not in ran.err + ran.out
    assert [path.name for path in tmp_path.iterdir()] == ["harness.toml"]


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with listener() as taken:
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = harness("reference", "ndw", "--port", port, folder=tmp_path)
    assert ran.code == 2
    assert f"port {port}" in ran.err


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def assert_not_testable(url: str, tmp_path: Path, *says: str, more: tuple[str, ...] = ()) -> None:
    """The check of this URL ends with 3, says this, and leaves every clause untested."""
    ran = harness(
        "check", "ndw-pull", "--url", url, "--token-env", "T", "--out", "run", *more, folder=tmp_path, T=TOKEN
    )
    assert ran.code == 3, ran.out + ran.err
    for text in (*says, "What to do:", "could not be tested: configuration, not conformance (exit code 3)"):
        assert text in ran.out
    assert "FAILED" not in ran.out
    report = json.loads((tmp_path / "run" / "report.json").read_text("utf-8"))
    assert {verdict["outcome"] for verdict in report["verdicts"]} == {"untested", "inapplicable"}
    assert f"Not tested: each of the {len(report['verdicts'])} clauses" in ran.out
    assert len(ran.out.splitlines()) < 20  # nothing buries what to do


def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    assert_not_testable("https://cpo.invalid/ocpi", tmp_path, "connection (name)", "check the spelling of the host")


def test_a_refused_connection(tmp_path: Path) -> None:
    with listener() as free:
        port = free.getsockname()[1]
    assert_not_testable(f"http://127.0.0.1:{port}/ocpi", tmp_path, "connection (refused)", "start the server")


def test_a_server_that_never_answers(tmp_path: Path, silent_port: int) -> None:
    more = ("--set", "pull.page_timeout_s=1")
    assert_not_testable(f"http://127.0.0.1:{silent_port}/ocpi", tmp_path, "connection (timeout)", more=more)


def test_a_token_that_every_list_refuses(tmp_path: Path) -> None:
    with served(create_app(token="another-Token-2", locations=5)) as origin:
        assert_not_testable(origin + "/ocpi/2.2.1", tmp_path, "refused on every list", "check the token")


def test_a_path_where_nothing_is_served(tmp_path: Path) -> None:
    with served(create_app(token=TOKEN, locations=5)) as origin:
        assert_not_testable(origin + "/ocpi/2.2.1/wrong", tmp_path, "nothing is served at these paths", "--url")


def test_a_certificate_that_is_not_trusted_and_one_that_is(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with served(create_app(token=TOKEN), tls=context) as origin:
        url = origin + "/ocpi/2.2.1"
        assert_not_testable(url, tmp_path, "connection (tls)", "certificate not trusted", "--ca-file")
        arguments = ("check", "ndw-pull", "--url", url, "--token-env", "T", "--ca-file", "ca.pem", "--strict")
        ran = harness(*arguments, "--out", "trusted", folder=tmp_path, T=TOKEN)
    assert ran.code == 0, ran.out + ran.err
    report = json.loads((tmp_path / "trusted" / "report.json").read_text())
    outcomes = {verdict["requirement"]: verdict["outcome"] for verdict in report["verdicts"]}
    assert outcomes["ocpi-2.2.1/interface-is-served-over-tls"] == "passed"
    assert outcomes["ocpi-2.2.1/next-links-stay-on-https"] == "passed"


def test_ctrl_c_ends_the_record_and_renders_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/ocpi"
        arguments = ("check", "ndw-pull", "--url", url, "--token-env", "T", "--out", str(tmp_path / "run"))
        process = subprocess.Popen(
            [sys.executable, "-m", "harness", *arguments],
            env={"T": TOKEN},
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process, server.accept()[0]:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "")
    assert "interrupted (exit code 130)" in out
    last = (tmp_path / "run" / "run.jsonl").read_text().splitlines()[-1]
    assert json.loads(last)["reason"] == "interrupted"
    assert json.loads((tmp_path / "run" / "report.json").read_text())["exit"] == 130

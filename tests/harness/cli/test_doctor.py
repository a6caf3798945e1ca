"""``harness doctor`` from the outside: what a person reads, where it ends, and that nothing is left behind."""

import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.cli.plan import UsageError
from harness.cli.session import Session
from harness.run.preflight import Readiness
from harness.systems.ndw.reference import create_app
from harness.wire.serve import listener, served
from tests.harness.cli.commands import TOKEN, harness

START = "start the server, or correct host and port in --url; in a container, localhost is the container itself"


def test_a_server_that_can_be_tested(tmp_path: Path) -> None:
    with served(create_app(token=TOKEN, locations=5)) as origin:
        url = origin + "/ocpi/2.2.1"
        ran = harness("doctor", "ndw-pull", "--url", url, "--token-env", "T", folder=tmp_path, T=TOKEN)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"ndw-pull: at {url}",
        f"  ok       connection  {origin} answers",
        "  ok       clock       the server's clock agrees with this machine's within 5 minutes",
        "  ok       token       accepted as Authorization: Token <base64>",
        "Result: can be tested (exit code 0); to judge it: harness check ndw-pull …",
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("encoding", "arrow", "dots"), [("utf-8", "→", "…"), ("ascii", "->", r"\u2026")])
def test_what_stands_in_the_way_and_what_to_do(encoding: str, arrow: str, dots: str, tmp_path: Path) -> None:
    with listener() as free:
        port = free.getsockname()[1]
    (tmp_path / "harness.toml").write_text(
        f'[ndw-pull]\nurl = "http://127.0.0.1:{port}/ocpi"\ntoken = "${{T}}"\nheaders = {{"X-Key" = "${{T}}"}}\n'
    )
    ran = harness("doctor", folder=tmp_path, T=TOKEN, PYTHONUTF8="0", PYTHONIOENCODING=encoding)
    assert (ran.code, ran.err) == (3, "")
    assert ran.out.splitlines()[1:] == [
        "  headers: X-Key (X-Key of environment variable T)",
        f"  failed   connection (refused)  http://127.0.0.1:{port}: connection refused",
        f"{' ' * 33}{arrow} {START}",
        "Result: cannot be tested: configuration, not conformance (exit code 3)",
    ]
    assert dots not in ran.out
    assert TOKEN not in ran.out


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process stands in an empty folder, with a token in its environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("T", TOKEN)


def looked(*arguments: str) -> tuple[int, str]:
    """The exit code and the output of the command in this process."""
    ran = CliRunner().invoke(app, ["doctor", *arguments])
    return ran.exit_code, ran.output


@pytest.mark.usefixtures("here")
def test_a_warning_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T", "short")
    with served(create_app(token="short", locations=5)) as origin:
        code, out = looked("ndw-pull", "--url", origin + "/ocpi/2.2.1", "--token-env", "T")
    assert code == 0, out
    assert "  warning  secrecy     the token cannot be told from ordinary text" in out
    assert "Result: can be tested, with 1 warning (exit code 0)" in out


@pytest.mark.usefixtures("here")
def test_the_bundled_reference_and_its_faults() -> None:
    faults = ("--fault", "getLocations:with_status(404)", "--fault", "getTariffs:with_status(404)")
    code, out = looked("ndw-pull", "--reference", *faults, "--max-requests", "4")
    assert code == 3, out
    assert out.startswith("ndw-pull: the bundled reference, not your system, at http://127.0.0.1:")
    assert "  failed   interface   nothing is served at these paths" in out


@pytest.mark.usefixtures("here")
def test_several_interfaces_each_have_their_say() -> None:
    code, out = looked("ndw-pull", "ndw-pull", "--reference")
    assert code == 0, out
    assert out.count("Result: can be tested") == 2


@pytest.mark.usefixtures("here")
def test_where_no_request_may_be_sent_nothing_can_be_seen() -> None:
    code, out = looked("ndw-pull", "--reference", "--set", "pull.auth=oauth2", "--max-requests", "1")
    assert code == 3, out
    assert "failed   requests  --max-requests 1 was reached" in out


@pytest.mark.usefixtures("here")
def test_ctrl_c_is_told_and_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_session: Session) -> Readiness:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "look", interrupted)
    assert looked("ndw-pull", "--reference") == (130, "Result: interrupted (exit code 130)\n")


@pytest.mark.usefixtures("here")
def test_on_a_terminal_long_lines_are_wrapped_below_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = TextIOWrapper(BytesIO(), encoding="utf-8")
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "70")
    with listener() as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/ocpi"
    app(["doctor", "ndw-pull", "--url", url, "--token-env", "T"], standalone_mode=False)
    screen.seek(0)
    lines = screen.read().splitlines()
    told = lines[next(number for number, line in enumerate(lines) if "→" in line) :]
    assert all(len(line) <= 70 for line in lines[1:-1])
    assert told[1].startswith(" " * 35)
    assert " ".join(" ".join(told[:-1]).split()) == f"→ {START}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ndw-pul",), "unknown interface 'ndw-pul'; did you mean 'ndw-pull'?"),
        (("ndw-pull",), "there is no subject to check; give --url URL --token-env VAR"),
        (("--url", "https://cpo.example", "--token-env", "T"), "--url: say which interface it is for"),
        (("ndw-pull", "ndw-pull", "--url", "https://cpo.example"), "--url: is about one subject; give one INTERFACE"),
        (("ndw-pull", "--reference", "--fault", "getTarifs:with_status(404)"), "no operation getTarifs"),
    ],
)
@pytest.mark.usefixtures("here")
def test_wrong_usage_is_refused_in_one_line(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(UsageError) as error:
        app(["doctor", *arguments], standalone_mode=False)
    assert says in str(error.value)
    assert "\n" not in str(error.value)

"""``harness check ndw-push`` with clients that are programs: real sockets, real processes."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.harness.cli.client_programs import (
    TOKEN,
    checking,
    failed,
    free_port,
    outcomes,
    record,
    report,
    settings,
    started,
    under_other_names,
)
from tests.harness.cli.commands import harness

CHOSEN = ("ndw/all-is-well", "ndw/get-is-refused", "ndw/unauthorised-out-of-the-blue")
ONLY = [word for name in CHOSEN for word in ("--only", name)]
FREE_PORTS = ("--port", "ndw=0", "--port", "control=0")
ITS_OUTPUT = "ndw/no-secret-is-in-the-output"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two runs of one program, a service with hooks that is told all under names of its own: started
    for each situation, and attached to."""
    folder, port = tmp_path_factory.mktemp("client"), free_port()
    program, said = under_other_names(folder)
    settings(folder, said, hooks_at=port)
    service = [*program, "--serve", "--port", str(port), "--hooks", "--no-story", "--locations", "2"]
    ran = harness("check", "ndw-push", *ONLY, "--out", "command", "--", *service, folder=folder, CPO_TOKEN=TOKEN)
    assert ran.code == 0, ran.out + ran.err
    with checking(*ONLY, "--attach", *FREE_PORTS, "--out", "attached", folder=folder) as check:
        check.until("Waiting for its first call")
        with started(*service, folder=folder, CPO_TOKEN=TOKEN, PUSHER=check.environment["PUSHER"]):
            code, out = check.ended()
    assert code == 0, out + "\n".join(check.told)
    (folder / "told").write_text("\n".join(check.told), "utf-8")
    return folder / "command", folder / "attached"


def test_situations_are_played_for_a_command(runs: tuple[Path, Path]) -> None:
    command, _ = runs
    overs = [(one["name"], one["why"]) for one in record(command, "situation") if one.get("state") == "over"]
    assert overs == [(name, "done") for name in CHOSEN]
    assert failed(command) == []
    starts = [one for one in record(command, "situation") if one.get("happened", {}).get("kind") == "started"]
    assert len(starts) == len(CHOSEN)
    assert report(command)["totals"]["MUST"]["passed"] >= 60


def test_a_service_that_is_attached_to_gets_the_verdicts_of_a_command(runs: tuple[Path, Path]) -> None:
    command, attached = map(outcomes, runs)
    assert (command.pop(ITS_OUTPUT), attached.pop(ITS_OUTPUT)) == ("passed", "untested")
    assert attached == command


def test_who_attaches_is_told_what_happens(runs: tuple[Path, Path]) -> None:
    told = (runs[1].parent / "told").read_text("utf-8").splitlines()
    first = next(number for number, line in enumerate(told) if "came first, from 'python-httpx/" in line)
    assert any(line.startswith("[1/3] ndw/all-is-well") for line in told[:first])
    assert any(line.startswith("[2/3]") for line in told[first:])
    assert "    over when something was pushed and every change has come, and 0.2 s were quiet" in told
    assert "    wrong on purpose from now on: push:token_revoked():times=1" in told


def test_files_that_were_rendered_are_taken_away(runs: tuple[Path, Path]) -> None:
    assert not (runs[0].parent / "app.yml").exists()


def test_no_secret_is_in_a_record(runs: tuple[Path, Path]) -> None:
    told = (runs[1].parent / "told").read_text("utf-8")
    secret = next(line for line in told.splitlines() if "export NDW_CLIENT_SECRET=" in line).partition("=")[2]
    written = b"".join(file.read_bytes() for folder in runs for file in folder.iterdir() if file.is_file())
    assert secret
    assert secret.encode() not in written
    assert TOKEN.encode() not in written


def test_a_command_that_is_not_there_is_configuration(tmp_path: Path) -> None:
    ran = harness("check", "ndw-push", "--out", "run", "--", "./not-here", folder=tmp_path)
    assert ran.code == 3
    assert "the command './not-here' was not found" in ran.out


def test_a_client_that_ends_before_it_calls_is_configuration(tmp_path: Path) -> None:
    settings(tmp_path)
    says = 'echo "no configuration, but $NDW_CLIENT_SECRET" >&2; exit 7'
    ran = harness("check", "ndw-push", "--out", "run", "--", "sh", "-c", says, folder=tmp_path)
    assert ran.code == 3
    assert "the client ended before its first request, with exit code 7" in ran.out
    assert "no configuration, but [secret 1]" in ran.out


def test_a_client_that_knows_another_path_is_configuration(tmp_path: Path) -> None:
    """And it is told to whoever attaches as soon as it calls; then it is up to them to end it."""
    settings(tmp_path)
    with checking("--attach", *FREE_PORTS, "--out", "run", folder=tmp_path) as check:
        finish = check.until("/finish").split()[6]
        check.until("Waiting for its first call")
        wrong = check.environment["NDW_PUSH_URL"] + "/location/NL/XPO/LOC-1"
        with httpx.Client(trust_env=False) as client:
            assert client.put(wrong, json={}).status_code == 404
            check.until("PUT /ocpi/2.2.1/location/NL/XPO/LOC-1 came first, from 'python-httpx/")
            assert client.post(finish).is_success
        code, out = check.ended()
    assert code == 3, out
    assert "at paths where nothing is: PUT /ocpi/2.2.1/location/NL/XPO/LOC-1" in out


def test_ctrl_c_ends_the_command_and_gives_the_report(tmp_path: Path) -> None:
    settings(tmp_path)
    os.mkfifo(tmp_path / "pid")
    program = ("sh", "-c", f"echo $$ > {tmp_path / 'pid'}; exec sleep 60")
    with checking("--out", "run", "--", *program, folder=tmp_path) as check:
        number = int((tmp_path / "pid").read_text())
        code, out = check.ended(signal.SIGINT)
    assert code == 130, out
    assert report(tmp_path / "run")["exit"] == 130
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_person_at_a_terminal_is_asked_and_may_end_it_there(tmp_path: Path) -> None:
    settings(tmp_path)
    keyboard, terminal = os.openpty()
    arguments = ("--attach", *FREE_PORTS, "--only", CHOSEN[0], "--out", "run")
    with checking(*arguments, folder=tmp_path, terminal=terminal) as check, httpx.Client(trust_env=False) as client:
        check.until("Waiting for its first call")
        account = {name.lower(): check.environment[f"NDW_{name}"] for name in ("CLIENT_ID", "CLIENT_SECRET")}
        form = {"grant_type": "client_credentials", **account}
        assert client.post(check.environment["NDW_TOKEN_URL"], data=form).is_success
        assert "Change the status of one charging point" in check.asks()
        os.write(keyboard, b"\n")
        assert "Change a price of one tariff" in check.asks()
        code, out = check.ended(signal.SIGINT)
    os.close(keyboard)
    os.close(terminal)
    assert code == 130, out
    assert "interrupted (exit code 130)" in out

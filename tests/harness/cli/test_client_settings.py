"""How a client is had: flags and harness.toml make a plan, and what makes none is refused in one line."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.cli.client_way import ClientWay
from harness.cli.durations import seconds
from harness.cli.plan import Plan, UsageError
from harness.cli.settings import Flags, plans
from harness.model.address import Addresses

SECRET = "s3cr3t-Canary"
ENVIRONMENT = {"T": SECRET}
PULL = '[ndw-pull]\nurl = "https://cpo.example/ocpi"\ntoken = "${T}"\n'
PUSH = '[ndw-push]\ncommand = ["./pusher", "--once"]\n'
COMMAND = ("./pusher",)


def planned(flags: Flags, folder: Path, text: str | None = None, interface: str | None = "ndw-push") -> Plan:
    """The one plan."""
    if text is not None:
        (folder / "harness.toml").write_text(text, "utf-8")
    (plan,), _ = plans(interface, flags, ENVIRONMENT, folder)
    return plan


def way(flags: Flags, folder: Path, text: str | None = None) -> ClientWay:
    """How the client is had."""
    found = planned(flags, folder, text).client
    assert found is not None
    return found


def refused(flags: Flags, folder: Path, text: str | None = None, interface: str | None = "ndw-push") -> str:
    """The one line with which this is refused."""
    with pytest.raises(UsageError) as error:
        planned(flags, folder, text, interface)
    line = str(error.value)
    assert "\n" not in line
    assert SECRET not in line
    return line


@pytest.mark.parametrize(
    ("flags", "text", "had"),
    [
        (Flags(command=COMMAND), None, ("command", COMMAND)),
        (Flags(command=COMMAND, keep=True), None, ("keep", COMMAND)),
        (Flags(attach=True), None, ("attach", ())),
        (Flags(reference=True), PUSH, ("reference", ())),
        (Flags(), PUSH, ("command", ("./pusher", "--once"))),
        (Flags(), PUSH + "keep = true\n", ("keep", ("./pusher", "--once"))),
        (Flags(attach=True), PUSH + "keep = true\n", ("attach", ())),
        (Flags(command=COMMAND), PUSH + "keep = true\n", ("command", COMMAND)),
        (Flags(), "[ndw-push]\n", ("attach", ())),
    ],
)
def test_the_ways_to_have_a_client(flags: Flags, text: str | None, had: tuple[str, object], tmp_path: Path) -> None:
    plan = planned(flags, tmp_path, text)
    assert plan.client is not None
    assert (plan.client.way, plan.client.command) == had
    assert plan.kind == ("reference" if had[0] == "reference" else "client")
    assert (plan.addresses, plan.token, plan.turned) == (Addresses(""), "", False)


def test_a_plan_holds_all_that_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "app.tmpl").write_text("x")
    text = PUSH + (
        'quiet_s = 0.5\nlimit_s = 20\nstart_s = 9\ntls = true\nlisten = "0.0.0.0"\nname = "Ours"\n'
        'parties = ["nl/abc"]\n'
        'public_url = "https://mock.example/"\nenv = {BASE = "${NDW_PUSH_URL}/x", CA = "${NDW_CA_FILE}"}\n'
        'pull = "ndw-pull"\nrender = {"app.tmpl" = "app.yml"}\n[ndw-push.hooks]\nexport = ["./export"]\n' + PULL
    )
    plan = planned(Flags(passive=True, ports=("ndw=7",)), tmp_path, text)
    found = plan.client
    assert found is not None
    assert (found.quiet_s, found.limit_s, found.start_s) == (0.5, 20, 9)
    assert (found.tls, found.listen, found.public_url, found.ports) == (
        True,
        "0.0.0.0",
        "https://mock.example",
        ("ndw=7",),
    )
    assert found.env == {"BASE": "${NDW_PUSH_URL}/x", "CA": "${NDW_CA_FILE}"}
    assert found.render == {str(tmp_path / "app.tmpl"): str(tmp_path / "app.yml")}
    assert (found.passive, found.slow, found.folder) == (True, False, tmp_path)
    assert (plan.name, plan.parties, plan.hooks) == ("Ours", ("NL/ABC",), {"export": ("./export",)})
    assert found.pull is not None
    assert (found.pull.interface, found.pull.kind, found.pull.token) == ("ndw-pull", "server", SECRET)
    assert plan.origins["command"] == "harness.toml line 2"
    assert SECRET not in repr(plan)


def test_the_own_server_of_a_client_may_be_named_on_the_command_line(tmp_path: Path) -> None:
    flags = Flags(command=COMMAND, pull_url="http://127.0.0.1:1/ocpi", token_env="T", rate="5/s")
    pull = way(flags, tmp_path).pull
    assert pull is not None
    assert (pull.addresses.base, pull.token, pull.care.rate) == ("http://127.0.0.1:1/ocpi", SECRET, 5)


def test_ports_are_the_usual_ones_only_where_they_must_stay(tmp_path: Path) -> None:
    assert way(Flags(attach=True), tmp_path).ports == ()
    assert way(Flags(command=COMMAND), tmp_path).ports == ("ndw=0", "control=0")


def test_a_bare_check_starts_what_is_configured_and_waits_for_nobody(tmp_path: Path) -> None:
    assert planned(Flags(), tmp_path, PUSH, None).interface == "ndw-push"
    assert planned(Flags(), tmp_path, PULL + "[ndw-push]\nkeep = false\n", None).interface == "ndw-pull"
    assert refused(Flags(), tmp_path, "[ndw-push]\n", None) == (
        "harness.toml line 1: [ndw-push] names no command, and nobody is waited for unasked; say "
        "harness check ndw-push --attach, or harness check --reference for a self-check"
    )


@pytest.mark.parametrize(
    ("flags", "text", "line"),
    [
        (Flags(), None, "ndw-push: there is no client to check; give -- COMMAND (started for each situation)"),
        (Flags(keep=True), None, "--keep: there is no command to keep"),
        (Flags(), "[ndw-push]\nkeep = true\n", "harness.toml line 2, [ndw-push] keep: there is no command to keep"),
        (Flags(attach=True, command=COMMAND), None, "--attach: you start the client yourself; leave out -- COMMAND"),
        (Flags(attach=True, keep=True), None, "--attach: you start the client yourself; leave out --keep"),
        (Flags(url="http://x", command=COMMAND), None, "--url: ndw-push judges a client, and it is the client that"),
        (Flags(token_env="T", command=COMMAND), None, "--token-env: goes with --pull-url"),
        (Flags(faults=("push:no",), command=COMMAND), None, "--fault: faults are put on the bundled reference only"),
        (Flags(patience="10m", command=COMMAND), None, "--for: is how long --attach waits"),
        (Flags(patience="soon", attach=True), None, "--for: 'soon' is no duration; write it as 90s, 10m, 2h or PT10M"),
        (Flags(reference=True, tls=True), None, "--tls: --reference checks the bundled reference"),
        (Flags(ports=("ndw=x",), attach=True), None, "--port: 'ndw=x': a port is a number"),
        (Flags(chair="sever", attach=True), None, "--as: 'sever' is no HTTP role; did you mean 'server'?"),
        (Flags(chair="server"), None, "ndw-push --as server: who is written to, and as whom?"),
        (Flags(allow_writes=True, attach=True), None, "--allow-writes: nothing is written to this subject"),
        (Flags(), "[ndw-push]\ncommand = []\n", "harness.toml line 2, [ndw-push] command: is empty"),
        (Flags(), PUSH + "quiet_s = 0\n", "harness.toml line 3, [ndw-push] quiet_s: give seconds, more than 0"),
        (Flags(), PUSH + "quiet_s = 99\n", "harness.toml line 3, [ndw-push] quiet_s: so much quiet never comes"),
        (Flags(), PUSH + "keep = 1\n", "harness.toml line 3, [ndw-push] keep: expected true or false, found a whole"),
        (Flags(), PUSH + 'comand = "x"\n', "unknown key 'comand' in [ndw-push]; did you mean 'command'?"),
        (Flags(), PUSH + 'pull = "ndw-pul"\n', "[ndw-push] pull: 'ndw-pul' is no table of a server to read"),
        (Flags(), PUSH + 'env = {A = "${NDW_PUSH_UR}"}\n', "${NDW_PUSH_UR} is none of the settings that a client is"),
        (Flags(), PUSH + 'env = {A = "${NDW_CA_FILE}"}\n', "${NDW_CA_FILE} is given over TLS only; add --tls"),
        (Flags(), PUSH + 'env = {"A-B" = "x"}\n', "[ndw-push] env A-B: is no name of a variable"),
        (Flags(), PUSH + 'render = {"no" = "x"}\n', "[ndw-push] render no: there is no file 'no' beside harness.toml"),
        (Flags(), PUSH + 'render = {"harness.toml" = "./harness.toml"}\n', "would overwrite the template itself"),
        (Flags(), PUSH + "hooks = {exprt = []}\n", "[ndw-push.hooks] exprt: no such hook; did you mean 'export'?"),
    ],
)
def test_what_makes_no_plan_is_refused(flags: Flags, text: str | None, line: str, tmp_path: Path) -> None:
    assert line in refused(flags, tmp_path, text)


@pytest.mark.parametrize(
    ("flags", "flag"),
    [
        (Flags(command=COMMAND), "-- COMMAND"),
        (Flags(attach=True), "--attach"),
        (Flags(slow=True), "--slow"),
        (Flags(pull_url="http://x"), "--pull-url"),
    ],
)
def test_a_server_has_nothing_of_a_client(flags: Flags, flag: str, tmp_path: Path) -> None:
    assert refused(flags, tmp_path, PULL, "ndw-pull").startswith(f"{flag}: ndw-pull judges a server")


def test_turned_chairs(tmp_path: Path) -> None:
    flags = Flags(url="http://127.0.0.1:1", client_id="me", client_secret_env="T", token_url="http://127.0.0.1:1/t")
    usual = planned(Flags(chair="server"), tmp_path, PULL, "ndw-pull")
    assert (usual.turned, usual.kind) == (False, "server")
    made: Mapping[str, object] = vars(flags)
    written = planned(Flags(**{**made, "chair": "server", "allow_writes": True}), tmp_path)  # type: ignore[arg-type]
    assert (written.turned, written.allow_writes, written.kind, written.client) == (True, True, "server", None)
    assert written.oauth is not None
    assert (written.addresses.base, written.oauth.id) == ("http://127.0.0.1:1", "me")
    puller = planned(Flags(chair="client", attach=True), tmp_path, PULL, "ndw-pull")
    assert puller.client is not None
    assert (puller.turned, puller.kind, puller.client.way) == (True, "client", "attach")


@pytest.mark.parametrize(("text", "found"), [("90", 90), ("1.5m", 90), ("2h", 7200), ("PT10M", 600), ("P1DT1S", 86401)])
def test_durations(text: str, found: float) -> None:
    assert seconds(text, "--for") == found

"""``harness serve`` asked for what there is not: one line, exit code 2, nothing listens. Ports, names, terminals."""

import io
import os
import socket
from pathlib import Path

import pytest

from harness.cli.env import _dotenv, _property
from harness.cli.mocks import mocked_systems
from harness.cli.plan import UsageError
from harness.cli.ports import OVER_TLS, bound, in_url, port_of, wanted_ports
from harness.cli.serve import Wanted
from harness.cli.serve_told import Terminal, line, welcome
from harness.cli.serving import serve
from harness.mock.app import Names
from harness.mock.journal import Entry
from tests.harness.cli.commands import harness
from tests.harness.systems.ndw.pushing import Pushing

ANY = ("ndw=0", "control=0")


@pytest.mark.parametrize(
    ("systems", "wanted", "told"),
    [
        (("ndx",), {}, "did you mean 'ndw'"),
        ((), {"faults": ("putLocatio:stall()",)}, "--fault: no operation putLocatio; did you mean 'putLocation'"),
        ((), {"faults": ("nonsense",)}, "--fault: 'nonsense'"),
        ((), {"settings": ("push.get_metod=serve",)}, "did you mean 'push.get_method'"),
        ((), {"settings": ("push.get_method=yes",)}, "one of 405, serve, 404"),
        ((), {"data": Path("nowhere")}, "--data: nowhere is no folder"),
        ((), {"store": Path("nowhere/world.db")}, "--store: nowhere/world.db cannot be made"),
        ((), {"ports": ("ndx=1",)}, "--port: 'ndx=1': write it as SYSTEM=N"),
        ((), {"ports": ("99999",)}, "--port: '99999'"),
        ((), {"ports": ("ndw=65530",), "tls": True}, "would have port 65570"),
        ((), {"now": "noon"}, "--now: 'noon'"),
        ((), {"listen": "203.0.113.1", "ports": ANY}, "--listen: 203.0.113.1 is no address of this machine"),
        ((), {"public_url": "mock.example"}, "--public-url: 'mock.example' is no URL"),
        ((), {"public_url": "http://mock.example:port"}, "--public-url"),
        ((), {"ready_file": Path("nowhere/ready"), "ports": ANY}, "--ready-file: nowhere/ready"),
        ((), {"pull_url": "http://127.0.0.1:1"}, "token"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    systems: tuple[str, ...],
    wanted: dict[str, object],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(UsageError) as raised:
        serve(systems, Wanted(**wanted), {}, tmp_path)  # type: ignore[arg-type]
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert capsys.readouterr().out == ""


def test_a_taken_port_is_told_by_its_name_and_no_other_stays_bound() -> None:
    systems = mocked_systems(["ndw"])
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as soon_free:
        number, free = port_of(taken), port_of(soon_free)
        soon_free.close()
        for ports in ((f"ndw={number}", f"control={free}"), (f"ndw={free}", f"control={free}")):
            with pytest.raises(UsageError, match=r"^--port: ndw: port \d+ on .*; choose another with --port ndw=N"):
                bound(wanted_ports(ports, systems), "127.0.0.1")
        socket.create_server(("127.0.0.1", free)).close()


def test_a_process_ends_with_exit_code_2_and_a_line(tmp_path: Path) -> None:
    ran = harness("serve", "--format", "yaml", folder=tmp_path)
    assert (ran.code, ran.out, ran.err) == (2, "", "harness: --format: 'yaml' is none of text, json\n")


def test_ports_over_tls_are_40_further_on_or_free_as_well() -> None:
    systems = mocked_systems(["ndw"])
    over = f"ndw{OVER_TLS}"
    assert wanted_ports((), systems, tls=True) == {"control": 7400, "ndw": 7401, over: 7441}
    assert wanted_ports(("0",), systems, tls=True) == {"control": 7400, "ndw": 0, over: 0}
    assert [in_url(host) for host in ("::1", "127.0.0.1")] == ["[::1]", "127.0.0.1"]


def test_a_name_is_known_where_it_is_loopback_public_or_any_address_will_do() -> None:
    names = Names("https://mock.example:8443", any_address=True)
    assert [names.is_known(host) for host in ("localhost:7401", "[::1]:7401", "Mock.example", "192.0.2.7:80")] == [
        True
    ] * 4
    assert [Names().is_known(host) for host in ("192.0.2.7", "mock.example")] == [False] * 2
    assert not names.is_known("other.example")


def test_a_written_world_loads_again_to_the_same_and_a_broken_one_names_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def written(into: str, **wanted: Path) -> dict[str, str]:
        serve((), Wanted(write_data=tmp_path / into, **wanted), {}, tmp_path)  # type: ignore[arg-type]
        return {path.name: path.read_text("utf-8") for path in (tmp_path / into).iterdir()}

    first = written("first")
    assert "LOC-0001" in first["locations.yaml"]
    assert "client_secret" not in first["accounts.yaml"]
    assert written("second", data=tmp_path / "first") == first
    assert str(tmp_path / "second" / "tariffs.yaml") in capsys.readouterr().out.splitlines()
    tariffs = tmp_path / "first" / "tariffs.yaml"
    tariffs.write_text(first["tariffs.yaml"].replace("currency: EUR", "currency: 7"))
    with pytest.raises(UsageError, match=r"^--data: tariffs\.yaml:4: .*currency"):
        written("third", data=tmp_path / "first")


def test_a_world_without_secrets_gives_its_accounts_the_same_ones() -> None:
    pushing = Pushing()
    session = pushing.session
    secret = pushing.env["NDW_CLIENT_SECRET"]
    key, row = next(session.tables.rows("accounts"))
    session.tables.put("accounts", {name: value for name, value in row.items() if name != "client_secret"}, key)
    assert session.environment({"ndw": "http://localhost"})["NDW_CLIENT_SECRET"] == secret
    assert pushing.ask().status_code == 200


def test_one_line_per_request_and_nothing_twice() -> None:
    pushing = Pushing()
    pushing.push("PUT", "/locations/NL/XPO/LOC-1", {"id": "LOC-2"})
    pushing.push("PUT", "/locations/NL/XPO/LOC-1", raw=b"{")
    refused, broken = (_lines(pushing, entry) for entry in list(pushing.session.journal)[-2:])
    assert refused[0].endswith("PUT /ocpi/2.2.1/locations/NL/XPO/LOC-1 -> 200 2001")
    assert refused[1] == "         fails ndw/ids-match-the-url"
    assert '               /id: expected LOC-1, as in the URL, got "LOC-2"' in refused
    assert any("likewise /party_id, /publish, /address and 5 more" in one for one in refused)
    assert sum("fails " in one or "warns " in one for one in refused) == 5
    assert refused[-2:] == ["         and 1 more", "         do:  harness explain ndw/ids-match-the-url"]
    assert not any("why:" in one for one in refused)
    assert sum("the body is no JSON" in one for one in broken) == 1
    assert not any("fails ndw/bodies-are-strict-json" in one for one in broken)


def test_nothing_that_is_written_steers_or_breaks_a_terminal() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    Terminal(out).say(["a\x1b[2Jb", "één"])
    assert raw.getvalue() == b"a\\u001b[2Jb\n\\xe9\\xe9n\n"
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        terminal = Terminal(gone)
        terminal.say(["nobody reads this"])
        terminal.say(["nor this"])
        assert os.fstat(writing).st_rdev == Path(os.devnull).stat().st_rdev


def test_settings_with_odd_signs_survive_a_shell() -> None:
    session, addresses = Pushing().session, {"ndw": "http://127.0.0.1:1"}
    env = {"NDW_CA_FILE": "/home/o'neil/a b.pem"}
    told = list(welcome(session, env, "http://127.0.0.1:2", addresses, {"ndw": ["http://127.0.0.1:1"]}))
    assert """  export NDW_CA_FILE='/home/o'"'"'neil/a b.pem'""" in told
    assert not any("listens on" in one for one in told)


def test_properties_and_dotenv_write_odd_signs_as_their_readers_take_them() -> None:
    assert _property("https://x:1/é=#! \\😀") == "https\\://x\\:1/\\u00e9\\=\\#\\!\\ \\\\\\ud83d\\ude00"
    assert [_dotenv(one) for one in ("http://x:1/a", "a b", "o'n $1")] == ["http://x:1/a", "'a b'", '"o\'n \\$1"']


def _lines(pushing: Pushing, entry: Entry) -> list[str]:
    return list(line(pushing.session, entry, pushing.session.served[0].profile))

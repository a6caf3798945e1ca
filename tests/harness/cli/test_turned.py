"""The harness as the client, against the mock as anybody's server: wrong ones are found, and little stays in it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.cli.dry_run import announcement
from harness.cli.mocks import mock_sessions, served_by_default
from harness.cli.plan import OAuthClient, Plan, UsageError
from harness.cli.selection import Wanted, selections
from harness.cli.session import check, session
from harness.cli.turned import seated
from harness.collect import suite
from harness.mock.app import MockApp
from harness.mock.session import DEFAULT, Session
from harness.model.address import Addresses
from harness.run.preflight import Readiness
from harness.wire.clock import SystemClock
from harness.wire.serve import served

PUSH, PARTY = "ndw-push", "NL/XPO"


def planned(**more: Any) -> Plan:
    """A check of somebody's endpoint by its defaults."""
    given: dict[str, Any] = {"kind": "reference", "addresses": Addresses(""), "token": "", "turned": True, "seed": 7}
    return Plan(PUSH, profile=served_by_default("ndw").profile, **{**given, **more})


def report_of(plan: Plan, folder: Path) -> dict[str, Any]:
    """The report of a check."""
    return check(replace(plan, out=folder), lambda _text: None).report


def failed(report: dict[str, Any]) -> set[str]:
    """The clauses that failed, by id."""
    return {one["requirement"] for one in report["verdicts"] if one["outcome"] == "failed"}


class Endpoint:
    """Somebody's endpoint: the mock, with an account of its own, on a socket."""

    def __init__(self, settings: Mapping[str, object] | None = None) -> None:
        clock = SystemClock()
        sessions = mock_sessions((served_by_default("ndw", settings),), clock)
        found = sessions.get(DEFAULT)
        assert found is not None
        self.session: Session = found
        self.app = MockApp("ndw", sessions, clock.sleep)

    def plan(self, origin: str, **more: Any) -> Plan:
        """The plan of who may write to it."""
        env = self.session.environment({"ndw": origin})
        oauth = OAuthClient(env["NDW_CLIENT_ID"], env["NDW_CLIENT_SECRET"], env["NDW_TOKEN_URL"])
        given: dict[str, Any] = {"addresses": Addresses(env["NDW_PUSH_URL"]), "oauth": oauth, "parties": (PARTY,)}
        return planned(kind="server", allow_writes=True, **{**given, **more})


def test_a_right_endpoint_passes_and_little_stays_in_it(tmp_path: Path) -> None:
    """All passes over a socket; no tariff is left that was not there before, and no EVSE that is not REMOVED."""
    endpoint = Endpoint()
    tables = endpoint.session.tables
    before = {key for table in ("locations", "tariffs") for key, _ in tables.rows(table)}
    with served(endpoint.app) as origin:
        plan = endpoint.plan(origin)
        report = report_of(plan, tmp_path)
    assert (failed(report), report["exit"]) == (set(), 0)
    assert report["totals"]["MUST"]["passed"] >= 15
    assert {one["binds"] for one in report["verdicts"]} == {"server", "author"}
    assert report["subject"]["as"] == "server"
    assert not {key for key, _ in tables.rows("tariffs")} - before
    made = [row for key, row in tables.rows("locations") if key not in before]
    assert made
    assert {evse["status"] for row in made for evse in row["evses"]} == {"REMOVED"}
    [left] = [one for one in report["sampled"] if one.startswith("left behind")]
    assert f"{len(made)} locations" in left
    assert plan.oauth is not None
    assert plan.oauth.secret not in (tmp_path / "run.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("deleteTariff:with_status(200)", "ndw/deleted-tariffs-get-204-without-a-body"),
        ('*:with_header("X-Request-ID","mine")', "ocpi-2.2.1/message-ids-echoed"),
    ],
)
def test_a_wrong_endpoint_is_found_by_its_clause(fault: str, clause: str, tmp_path: Path) -> None:
    """An answer that breaks a rule fails the clause about it, and is never laid at our own door."""
    report = report_of(planned(faults=(fault,)), tmp_path)
    assert (failed(report), report["exit"]) == ({clause}, 1)
    assert report["subject"]["kind"] == "reference"


def test_nothing_is_written_where_nobody_said_yes() -> None:
    """Without --allow-writes, and without a party in whose name it would be done, nothing is sent."""
    plan = planned(kind="server", addresses=Addresses("http://127.0.0.1:1/ocpi"), parties=(PARTY,))
    with pytest.raises(UsageError, match=r"your server is written to: .*--allow-writes"):
        check(plan, lambda _text: None)
    with pytest.raises(UsageError, match="--party NL/ABC"):
        check(replace(plan, allow_writes=True, parties=()), lambda _text: None)


def looked(plan: Plan) -> Readiness:
    """What preflight says."""
    with session(plan, lambda _text: None) as held:
        return held.look()


def test_what_stands_in_the_way_is_configuration() -> None:
    """A wrong base path with the right one beside it, a wrong secret, a token that the endpoint does not take."""
    endpoint = Endpoint()
    with served(endpoint.app) as origin:
        right = endpoint.plan(origin)
        assert right.oauth is not None
        above = looked(replace(right, addresses=Addresses(f"{origin}/ocpi")))
        other = looked(replace(right, oauth=replace(right.oauth, secret="not-the-secret")))
        given = looked(replace(right, oauth=None, token="made-up-by-hand"))
        assert not [key for key, _ in endpoint.session.tables.rows("locations") if "KNOCK" in key]
    assert [one.world for one in (above, other, given)] == [None] * 3
    assert above.checks[-1].next == f"give {origin}/ocpi/2.2.1 as --url"
    assert (other.checks[-1].check, "client id and secret" in other.checks[-1].next) == ("token endpoint", True)
    assert "--set" not in other.checks[-1].next
    assert given.checks[-1].check == "token"


def test_a_party_that_is_unknown_there_may_be_why_nothing_is_found() -> None:
    """Where every path is answered 404, the party is named as one more thing to check."""
    endpoint = Endpoint({"push.base_path": "/far/from/the/usual"})
    with served(endpoint.app) as origin:
        found = looked(endpoint.plan(origin, addresses=Addresses(f"{origin}/ocpi/2.2.1")))
    assert (found.world, found.checks[-1].check) == (None, "interface")
    assert "check --party" in found.checks[-1].next


def test_a_part_holds_its_conversations_and_takes_away_what_they_made() -> None:
    """The clauses to choose from are those of a server; what was made in part is taken away, too."""
    wanted = Wanted(only=("ndw/deleted-tariffs-get-204*",))
    chosen = selections([PUSH], wanted, turned=True)[PUSH]
    assert chosen is not None
    plan, turned = seated(planned(selection=chosen))
    assert [one.id for one in turned.scenarios if plan.holds(one.id)] == [
        "ndw/push-tariffs",
        "ndw/read-back-what-was-put",
        "ndw/leave-little-behind",
    ]
    assert chosen.of == len(turned.requirements) < len(suite(PUSH).requirements)


def test_a_dry_run_says_what_would_be_written() -> None:
    """It needs no leave: nothing is sent."""
    lines = list(announcement(planned(kind="server", addresses=Addresses("https://ndw.example"), parties=("NL/ABC",))))
    assert any(line.startswith("Writes    about ten") for line in lines)
    assert any("What was made is taken away again" in line for line in lines)

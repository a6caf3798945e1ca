"""The parties that the user declared reach the clauses that compare with them."""

from dataclasses import replace

from harness.cli.plan import Plan
from harness.model.address import Addresses
from tests.proofs.conversation import bench

SUITE = bench("ndw-pull").suite
PLAN = Plan("ndw-pull", "server", Addresses("https://cpo.example"), "t", bench("ndw-pull").declaring("").profile)


def declared(plan: Plan) -> tuple[object, tuple[str, ...], str | None]:
    made = plan.declaring(SUITE.interface)
    return made.profile.settings.values["party.declared"], made.parties, made.origins.get("party.declared")


def test_parties_become_the_setting() -> None:
    plan = replace(PLAN, parties=("NL/ABC", "NL/DEF"), origins={"parties": "--party"})
    assert declared(plan) == ("NL/ABC,NL/DEF", ("NL/ABC", "NL/DEF"), "--party")


def test_a_bundled_reference_declares_its_own() -> None:
    assert declared(replace(PLAN, kind="reference")) == ("NL/XPO", ("NL/XPO",), "bundled reference")
    named = replace(PLAN, kind="reference", parties=("NL/ABC",))
    assert declared(named)[:2] == ("NL/ABC", ("NL/ABC",))


def test_a_server_of_nobody_knows_whom_declares_nothing() -> None:
    assert declared(PLAN) == ("", (), None)


def test_a_setting_given_by_hand_stays() -> None:
    plan = replace(PLAN, profile=PLAN.profile.with_setting("party.declared", "NL/QQQ"))
    assert declared(plan)[0] == "NL/QQQ"
    assert declared(replace(plan, parties=("NL/ABC",)))[0] == "NL/ABC"

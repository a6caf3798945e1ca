"""A whole check through trouble: what passes is told and no clause fails on it, what stays ends it, with the moment."""

import io
import json
from pathlib import Path

import jsonschema_rs
import pytest

from harness.report.console import print_report
from harness.report.record import exchange_of
from tests.checkout import ROOT
from tests.harness.run.checked import Checked, checked, reference
from tests.harness.run.hostile_server import Deed, Hostile, answered, saying

GONE = saying()
UNAVAILABLE = answered(b"<html>back in a moment</html>", status=b"503 Service Unavailable")


def printed(ended: Checked) -> str:
    out = io.StringIO()
    print_report(ended.result.folder, ended.result.report, out, title="check")
    return out.getvalue()


def assert_by_schema(ended: Checked) -> None:
    for name, documents in (("report", [ended.result.report]), ("run", ended.exchanges)):
        schema = jsonschema_rs.validator_for(json.loads((ROOT / f"reports/schema/{name}.json").read_text()))
        for document in documents:
            schema.validate(document)


@pytest.fixture(scope="module")
def untroubled(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The same check without any trouble."""
    with Hostile(app=reference()).listening() as origin:
        return checked(origin, tmp_path_factory.mktemp("untroubled"))


@pytest.mark.parametrize(
    ("deed", "name", "after", "attempts"), [(GONE, "reset", 0, 1), (UNAVAILABLE, "503", 7, 2), (GONE, "reset", 120, 2)]
)
def test_trouble_that_passes_changes_no_verdict(
    untroubled: Checked, deed: Deed, name: str, after: int, attempts: int, tmp_path: Path
) -> None:
    server = Hostile({"*": deed}, app=reference(), after=after, until=after + attempts)
    with server.listening() as origin:
        ended = checked(origin, tmp_path)
    assert ended.code == untroubled.code
    for outcome in ("passed", "failed", "untested", "inapplicable", "cannot_tell"):
        assert ended.ids(outcome) == untroubled.ids(outcome)
    passed = [one for one in ended.exchanges if "retried" in one["tags"]]
    [seen] = [one for one in ended.exchanges if one["retried"]]
    told = [name] * len(passed)
    assert seen["retried"] == told
    assert seen["attempts"] >= 1 + len(passed)
    assert exchange_of(seen, ended.result.folder).retried == tuple(told)
    assert ended.result.report["retried"] == {", ".join(told): 1}
    assert f"Tried again: 1 answer came only at a further attempt (1 after {', '.join(told)})" in printed(ended)
    assert_by_schema(ended)


def test_a_check_without_trouble_says_nothing_of_it(untroubled: Checked) -> None:
    assert untroubled.result.report["retried"] == {}
    assert "Tried again" not in printed(untroubled)


def test_a_503_that_stays_is_judged(tmp_path: Path) -> None:
    with Hostile({"/tariffs": UNAVAILABLE}, app=reference()).listening() as origin:
        ended = checked(origin, tmp_path)
    assert ended.code == 1
    assert "tariff-list-is-served" in ended.ids("failed")
    assert not any(
        one["response"]["status"] == 503 and one["attempts"] > 3 for one in ended.exchanges if one["response"]
    )


def test_a_subject_that_goes_away_leaves_the_rest_open_and_says_when(untroubled: Checked, tmp_path: Path) -> None:
    with Hostile({"*": GONE}, app=reference(), after=40).listening() as origin:
        ended = checked(origin, tmp_path)
    assert ended.code == 3
    last = [one for one in ended.exchanges if one["response"]][-1]
    moment = ended.ended_by.removeprefix("the subject stopped answering at ").partition(",")[0]
    assert moment >= last["received"]
    assert ended.ended_by.startswith(f"the subject stopped answering at {moment}, during ocpi-2.2.1/")
    assert "connection ended without an answer" in ended.ended_by
    assert ended.reasons("cannot_tell") == {ended.ended_by}
    assert "crawl-comes-to-an-end" in ended.ids("cannot_tell")  # shown by the whole run only
    assert "missing-or-unknown-token-is-answered-401" in ended.ids("cannot_tell")  # not asked yet
    assert "envelope-is-timestamped" in ended.ids("passed")  # seen often enough by then
    assert ended.ids("passed") < untroubled.ids("passed")
    assert ended.ids("failed") <= untroubled.ids("failed")
    page = printed(ended)
    assert "Cannot tell (the subject went away)" in page
    assert "a fault of the harness" not in page
    assert "could not be tested to the end (exit code 3)" in page
    assert_by_schema(ended)


def test_what_was_asked_and_not_shown_by_then_keeps_its_own_reason(tmp_path: Path) -> None:
    with Hostile({"*": GONE}, app=reference(), after=125).listening() as origin:
        ended = checked(origin, tmp_path)
    assert ended.code == 3
    assert "needs the hook change" in ended.reasons("untested")

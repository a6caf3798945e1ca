"""A client that is right, as a service on its real clock: every situation, and not one false failure."""

from pathlib import Path

from tests.harness.cli.client_programs import REFERENCE, TOKEN, checking, failed, free_port, outcomes, record, settings
from tests.needs import needs_minutes

ONLY_A_PERSON = "ndw/a-tariff-is-deleted"
READ_BACK = ("ndw/held-locations-are-those-that-were-told", "ndw/what-changes-is-told")


@needs_minutes()
def test_a_service_with_hooks_goes_through_every_situation(tmp_path: Path) -> None:
    port = free_port()
    settings(tmp_path, 'pull = "ndw-pull"', hooks_at=port)
    with (tmp_path / "harness.toml").open("a", encoding="utf-8") as file:
        url = f"http://127.0.0.1:{port}/ocpi/2.2.1"
        file.write(f'\n[ndw-pull]\nurl = "{url}"\ntoken = "${{CPO_TOKEN}}"\n')
    service = [*REFERENCE, "--serve", "--port", str(port), "--hooks", "--no-story", "--locations", "2"]
    with checking("--keep", "--out", "run", "--", *service, folder=tmp_path, limit_s=600, CPO_TOKEN=TOKEN) as check:
        code, out = check.ended()
    assert code == 0, out
    assert failed(tmp_path / "run") == []
    overs = {one["name"]: one["why"] for one in record(tmp_path / "run", "situation") if one.get("state") == "over"}
    assert overs.pop(ONLY_A_PERSON) == "nothing to wait for"
    assert len(overs) >= 16
    assert set(overs.values()) == {"done"}
    found = outcomes(tmp_path / "run")
    assert [found[name] for name in READ_BACK] == ["passed", "passed"]

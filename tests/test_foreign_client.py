"""A push client that nobody here wrote, with its defaults: nothing that it must do may fail."""

import sys
from pathlib import Path

from tests.harness.cli.client_programs import failed, record, settings
from tests.harness.cli.commands import harness

AUTHLIB = Path(__file__).parent / "foreign_clients" / "authlib_push.py"
CHOSEN = ("ndw/all-is-well", "ndw/a-tariff-is-deleted")


def test_authlib_pushes_with_its_defaults(tmp_path: Path) -> None:
    settings(tmp_path)
    only = [word for name in CHOSEN for word in ("--only", name)]
    ran = harness("check", "ndw-push", *only, "--out", "run", "--", sys.executable, str(AUTHLIB), folder=tmp_path)
    assert ran.code == 0, ran.out + ran.err
    overs = {one["name"]: one["why"] for one in record(tmp_path / "run", "situation") if one.get("state") == "over"}
    assert overs["ndw/a-tariff-is-deleted"] in ("done", "ended")
    deleted = [one for one in record(tmp_path / "run", "exchange") if one["request"]["method"] == "DELETE"]
    assert [one["response"]["status"] for one in deleted][-1:] == [204]
    # It shows the secret by HTTP Basic, as RFC 6749 would have it; NDW's page has it in the form. A hint, no more.
    assert failed(tmp_path / "run") == ["ndw/token-requests-show-the-secret-in-the-form"]

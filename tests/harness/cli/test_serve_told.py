"""What a person reads of a connection on which no request came."""

from datetime import UTC, datetime

import pytest

from harness.cli.serve_told import no_request
from harness.wire.incidents import Incident

AT = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
STRANGER = Incident("unknown CA", "the alert 'unknown ca'", "127.0.0.1:5", "127.0.0.1:7441", "localhost")


@pytest.mark.parametrize(
    ("incident", "todo"),
    [
        (STRANGER, "harness ca export"),
        (Incident("plain on TLS", "plain HTTP came", "127.0.0.1:5", "127.0.0.1:7441"), "ask for https://, not http://"),
        (
            Incident("certificate refused", "the alert 'bad certificate'", "", "127.0.0.1:7441", "mock.example"),
            "let it ask for 127.0.0.1 or localhost; or tell the mock that name: --public-url https://mock.example:7441",
        ),
    ],
)
def test_what_to_do_stands_below_it(incident: Incident, todo: str) -> None:
    _what, advice = no_request(incident, AT, ("localhost", "127.0.0.1"))
    assert advice.strip().startswith("do:")
    assert todo in advice


def test_it_says_when_who_and_what() -> None:
    what = next(no_request(STRANGER, AT, ()))
    assert what == "08:00:05 no request from 127.0.0.1:5, who asked for localhost: the alert 'unknown ca'"

"""The exchanges that problems name: what was asked, what came, and how to ask it once more."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from harness.report.curl import curl_line, variable_prefix


class Exchanges:
    """Takes the ``exchange`` lines of a record, bodies of answers left out; gives those that are named."""

    def __init__(self, head: Mapping[str, Any]) -> None:
        self._of_client = (head["subject"] or {}).get("as") == "client"
        self._prefix = variable_prefix(head["interface"] or "", client=self._of_client)
        self._reach = head.get("reach") or {}
        given = re.fullmatch(r"environment variable ([A-Za-z_]\w*)", str((head.get("origins") or {}).get("token")))
        self._token = given[1] if given else None
        self._asked: dict[str, dict[str, Any]] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        """Keep what is needed of a line."""
        response = entry["response"]
        kept = {name: entry[name] for name in ("situation", "operation", "request", "failure")}
        self._asked[entry["id"]] = {**kept, "status": response["status"] if response else None}

    def named_by(self, verdicts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """By id, in the order of the conversation: those that a kept problem names, or a pair of unstable ones."""
        named: set[str] = set()
        for verdict in verdicts:
            named.update(problem["exchange"] for problem in verdict["problems"])
            named.update(one for pair in verdict.get("unstable", ()) for one in pair)
        return {name: self._told(asked) for name, asked in self._asked.items() if name in named}

    def _told(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "situation": asked["situation"],
            "operation": asked["operation"],
            "method": asked["request"]["method"],
            "url": asked["request"]["url"],
            "credential": credential_words(asked["request"]["credential"], came=self._of_client),
            "status": asked["status"],
            "failure": asked["failure"]["detail"] if asked["failure"] else None,
            "curl": curl_line(asked, self._prefix, self._reach, self._token, came=self._of_client),
        }


def credential_words(credential: Mapping[str, Any] | None, *, came: bool = False) -> str:
    """``token as base64``, ``token made up``, ``without a token``; with its scheme where that is another than Token.
    Of one that came from a client, ``Bearer token``: which one was right, the answer says."""
    if not credential:
        return "without a token"
    if came:
        place = credential.get("place") or ""
        of_form = "client secret in the form" if place.startswith("body:") else ""
        return of_form or {"Basic": "Basic", None: "a token"}.get(credential["scheme"], f"{credential['scheme']} token")
    told = f"token {credential['altered']}" if credential["altered"] else f"token as {credential['form']}"
    return told if credential["scheme"] in ("Token", None) else f"{told} under {credential['scheme']}"


def request_words(exchange: Mapping[str, Any]) -> str:
    """``GET https://… (token as base64) -> 200``, of an entry of the report's `exchanges`."""
    came = exchange["status"] if exchange["status"] is not None else exchange["failure"] or "no answer"
    return f"{exchange['method']} {exchange['url']} ({exchange['credential']}) -> {came}"

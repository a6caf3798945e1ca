"""Findings in files, told by clause and not one by one: how many objects, whose, and a few examples."""

from collections.abc import Iterator, Mapping
from itertools import chain, zip_longest
from typing import Any

_NAMED = 5
_SHOWN_PARTIES = 20


def failed_clauses(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every failed verdict; of files, those of one clause as one, whosoever the objects are; what is waived apart."""
    failed = [verdict for verdict in report["verdicts"] if verdict["outcome"] == "failed"]
    if "files" not in report:
        return failed
    by_clause: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    for verdict in failed:
        by_clause.setdefault((verdict["requirement"], bool(verdict["waived"])), []).append(verdict)
    return [_as_one(verdicts) for verdicts in by_clause.values()]


def _as_one(verdicts: list[dict[str, Any]]) -> dict[str, Any]:
    """One verdict for all parties; `told` is what a person reads besides. Its examples are of different parties."""
    worst = sorted(verdicts, key=lambda verdict: -int(verdict["objects"]))
    named = [f"{verdict['objects']} of {verdict['party']}" for verdict in worst if verdict["party"]]
    more = [f"and of {len(named) - _NAMED} parties more"] if len(named) > _NAMED else []
    of = f": {', '.join([*named[:_NAMED], *more])}" if named else ""
    in_turn = chain.from_iterable(zip_longest(*(verdict["problems"] for verdict in worst)))
    return {
        **verdicts[0],
        "party": None,
        "told": {"Objects": f"{sum(verdict['objects'] for verdict in verdicts)}{of}"},
        "waived_count": sum(verdict.get("waived_count", 0) for verdict in verdicts),
        "problem_count": sum(verdict["problem_count"] for verdict in verdicts),
        "problems": [_in_file(problem) for problem in in_turn if problem is not None],
    }


def _in_file(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Where it is in the words of an editor: file and line, then the place."""
    pointer = problem["where"].removeprefix("response.body:")
    return {**problem, "where": f"{problem['exchange']}  {pointer}".strip()}


def of_parties(report: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Rows of a table, its head first: every party, its objects, and how many clauses it broke; the worst first."""
    if "files" not in report:
        return []
    kinds = list(dict.fromkeys(entry["kind"] for entry in report["files"]["objects"]))
    counted = {(entry["kind"], entry["party"]): entry["objects"] for entry in report["files"]["objects"]}
    broken: dict[str | None, dict[str, int]] = {party: {} for _kind, party in counted}
    for verdict in report["verdicts"]:
        if verdict["outcome"] == "failed" and (verdict["party"] is not None or verdict["party"] in broken):
            per = broken.setdefault(verdict["party"], {})
            per[verdict["effective"]] = per.get(verdict["effective"], 0) + 1
    worst = sorted(broken, key=lambda party: (-broken[party].get("MUST", 0), -sum(broken[party].values()), party or ""))
    rows = [
        (
            party or "(none named)",
            *(str(counted.get((kind, party), 0)) for kind in kinds),
            *(str(broken[party].get(keyword, 0)) for keyword in ("MUST", "SHOULD")),
        )
        for party in worst[:_SHOWN_PARTIES]
    ]
    left = [(f"and {len(worst) - _SHOWN_PARTIES} more",)] if len(worst) > _SHOWN_PARTIES else []
    return [("party", *kinds, "MUST broken", "SHOULD broken"), *rows, *left]


def of_files(report: Mapping[str, Any]) -> Iterator[str]:
    """What else a person should know: how fast it went, and what files do not show."""
    if "files" not in report:
        return
    files = report["files"]
    rate = round(files["read"] / max(files["seconds"], 0.001))
    yield f"{files['read']} objects in {files['seconds']:.1f} s, {rate} per second"
    if files["with_more"]:
        yield f"more is judged with {', '.join(files['with_more'])}"
    yield f"{files['elsewhere']} clauses need a server: harness check {report['interface']} --url URL --token-env VAR"

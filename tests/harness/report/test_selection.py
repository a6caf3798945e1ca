"""How a partial run says that it is one."""

from harness.report.selection import left_out_by, partial_run

SELECTION = {
    "only": ["ocpi-*", "ndw"], "skip": [], "again": "runs/1", "requirements": 3, "of": 9, "scenarios": 1,
    "of_scenarios": 4,
}  # fmt: skip


def test_it_is_told_in_numbers_and_with_what_was_asked() -> None:
    told = "partial run: 3 of 9 clauses, 1 of 4 conversations (--only 'ocpi-*' --only 'ndw' --again runs/1)"
    assert partial_run(SELECTION) == told
    assert left_out_by(SELECTION) == "--only and --again"


def test_a_file_holds_no_conversation() -> None:
    of_file = {**SELECTION, "scenarios": 0, "of_scenarios": 0, "again": None, "skip": ["ndw"]}
    assert partial_run(of_file) == "partial run: 3 of 9 clauses (--only 'ocpi-*' --only 'ndw' --skip 'ndw')"
    assert left_out_by(of_file) == "--only and --skip"

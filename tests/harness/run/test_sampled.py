"""A sample that a scenario speaks of: in the transcript, and in the report."""

from pathlib import Path

from harness.model.world import VirtualClock
from harness.report.record import Recorder
from harness.report.summary import report_of
from tests.proofs.conversation import START, conforming


def test_the_driver_keeps_what_was_sampled() -> None:
    held = {transcript.situation: transcript.sampled for transcript in conforming("ndw-pull")}
    sampled = held.pop("ocpi-2.2.1/page-in-other-ways")
    assert [text.partition(":")[0] for text in sampled] == ["/locations with limit 1", "/locations with limit 2"]
    assert sampled[0].endswith("6 pages from the start, one each at offset 12, 25, 37, 50, 62, 74; of 75")
    assert not any(held.values())


def test_the_report_shows_it(tmp_path: Path) -> None:
    head = dict.fromkeys(
        ("harness", "run", "interface", "selection", "subject", "seed", "origins", "documents", "stages")
    )
    with Recorder(tmp_path, VirtualClock(START)) as recorder:
        recorder.begin({**head, "profile": {"settings": {}, "confirmed": {}}, "assumed": {}, "stages": []})
        recorder.note("situation", name="s", title="t")
        recorder.note("situation", name="s", sampled=("12 of 300",))
    assert report_of(tmp_path)["sampled"] == ["12 of 300"]

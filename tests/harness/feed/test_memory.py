"""Memory is measured in a process of its own: reading is flat, judging keeps ids alone, hostile files are no way in."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

from harness.systems.ndw.payloads import bulk_locations
from tests.checkout import ROOT
from tests.proofs.conversation import START

MB = 1 << 20
COUNT = 2_000

READ = """
import sys
from tests.peak import peak_kb
from harness.cli.file_settings import file_plan
from harness.feed.reading import Feed
from harness.feed.source import UnreadableFileError, blocks
from harness.feed.window import Window
from harness.collect import interfaces
from itertools import chain, repeat

kind = interfaces()["ndw-pull"][1].files[0]
bare = peak_kb()
one = open(sys.argv[1], "rb").read().strip().strip(b"[]") + b","
count = 96 * 1024 * 1024 // len(one)
feed = Feed(kind, Window("x", chain([b"["], repeat(one, count), [one.rstrip(b","), b"]"])))
objects = sum(len(chunk.objects) for chunk in feed.chunks())
array = (peak_kb() - bare) // 1024
try:
    for _ in Feed(kind, Window("bomb", blocks(sys.argv[2]))).chunks():
        pass
    told = "read"
except UnreadableFileError as error:
    told = str(error)
print(objects, array, (peak_kb() - bare) // 1024, told)
"""

VALIDATE = """
import sys
from tests.peak import peak_kb
from harness.__main__ import main
from harness.cli import file_session, validate
from harness.collect import suite
suite("ndw-pull")
bare = peak_kb()
try:
    main()
except SystemExit as ended:
    print(ended.code, (peak_kb() - bare) // 1024)
"""


def _python(script: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split(maxsplit=3)


def test_reading_is_flat_and_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    page, bomb = tmp_path / "page.json", tmp_path / "bomb.json.gz"
    page.write_text(json.dumps(list(bulk_locations(100, 1, ("NL", "XPO"), START))), encoding="utf-8")
    with gzip.open(bomb, "wb", compresslevel=9) as file:
        file.write(b'[{"id": "')
        for _ in range(200):
            file.write(b"x" * MB)
    objects, array, bombed, told = _python(READ, str(page), str(bomb))
    assert int(objects) > 25_000
    assert int(array) < 24, "96 MB were read"
    assert int(bombed) < 96, "200 MB in one text"
    assert "more than 16 MB begins here" in told


def test_judging_keeps_little(tmp_path: Path) -> None:
    path = tmp_path / "l.json"
    path.write_text(json.dumps(list(bulk_locations(COUNT, 1, ("NL", "XPO"), START))), encoding="utf-8")
    out = str(tmp_path / "run")
    code, peak = _python(VALIDATE, "validate", "ndw-locations", str(path), "--out", out, "--jobs", "1")
    assert code == "0"
    assert int(peak) < 64, f"for a file of {path.stat().st_size // MB} MB; a whole page is parsed at a time"

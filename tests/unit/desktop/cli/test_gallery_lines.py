import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.cli.gallery_lines import (
    created_text,
    print_path,
    row_document,
    row_lines,
    scan_text,
    verdict_document,
    whole_document,
)
from sana_desktop.gallery.importer import ScanReport
from sana_desktop.gallery.records import PictureFacts, PictureRow, PictureState
from sana_desktop.services.verifying import Difference, Verdict

ROW = PictureRow(
    picture=3,
    path=Path("/p/x.png"),
    facts=PictureFacts(length=9, modified=0, print=b"\1" * 16, width=64, height=32, created=0, prompt="a\nfox", seed=7),
    rating=2,
    favourite=True,
    state=PictureState.PRESENT,
    tags=("a", "b"),
)


def test_a_row_is_a_document_that_json_can_hold():
    document = json.loads(json.dumps(whole_document(ROW)))
    assert {name: document[name] for name in row_document(ROW)} == row_document(ROW)
    assert (document["picture"], document["tags"], document["print"], document["recipe"]) == (
        3,
        ["a", "b"],
        "01" * 16,
        None,
    )
    assert (document["created"], document["missing"]) == ("1970-01-01T00:00:00+00:00", False)


def test_what_is_not_known_is_not_shown():
    assert dict(row_lines(ROW)) == {
        "path": "/p/x.png", "number": "3", "created": "1970-01-01T00:00:00+00:00", "size": "64x32", "prompt": "a fox",
        "seed": "7", "rating": "★★", "favourite": "yes", "tags": "a, b",
    }  # fmt: skip
    assert dict(row_lines(replace(ROW, state=PictureState.MISSING)))["file"] == "missing"


def test_a_date_that_is_none_is_empty():
    assert created_text(replace(ROW, facts=replace(ROW.facts, created=2**62))) == ""


def test_a_scan_is_told_in_one_line():
    assert scan_text(ScanReport(seen=5)) == "5 pictures seen; nothing new"
    assert scan_text(ScanReport(seen=5, added=2, missing=1)) == "5 pictures seen; 2 new, 1 missing"


def test_json_has_no_infinite_numbers():
    same = verdict_document(Path("x"), Verdict(True, math.inf, ()))
    other = verdict_document(Path("x"), Verdict(False, 42.123, (Difference("seed", "1", "2"),)))
    assert (same["psnr"], other["psnr"]) == (None, 42.12)
    assert other["differences"] == [{"name": "seed", "recorded": "1", "now": "2"}]


def test_a_path_is_printed_byte_for_byte(capfdbinary: pytest.CaptureFixture[bytes]):
    print_path(Path("/p/\udcff.png"))
    assert capfdbinary.readouterr().out == b"/p/\xff.png\n"

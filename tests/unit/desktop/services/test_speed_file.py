import json
from pathlib import Path

import pytest

from sana_desktop.services.speed_file import LARGEST_BYTES, read_speeds, speeds_text, write_speeds
from sana_desktop.services.speeds import Speeds, Work

WORK = Work("starter", "auto", 64, 1, 2)
BAD = ["bad", "auto", 64, 1, 2, [0.5], [1.0], False]
GOOD = ["starter", "auto", 64, 1, 2, [0.5], [1.0], False]


def some_speeds() -> Speeds:
    speeds = Speeds(device="cpu")
    speeds.note(WORK, 0.5, 1.5, cold=False)
    speeds.note_load(WORK, 3.0)
    speeds.note_encode(WORK, 0.25)
    return speeds


def test_what_is_written_is_read(tmp_path: Path):
    write_speeds(tmp_path / "data" / "speeds.json", speeds_text(some_speeds()))

    assert read_speeds(tmp_path / "data" / "speeds.json") == some_speeds()


def test_a_missing_file_is_no_news(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    assert read_speeds(tmp_path / "speeds.json") == Speeds()
    assert not caplog.records


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"version": 2, "device": ""}', b'{"version": 1}',
        b'{"version": 1, "device": 3}', b" " * (LARGEST_BYTES + 1),
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_ours_counts_as_none(tmp_path: Path, data: bytes):
    path = tmp_path / "speeds.json"
    path.write_bytes(data)

    assert read_speeds(path) == Speeds()


def test_a_folder_in_its_place_counts_as_none(tmp_path: Path):
    assert read_speeds(tmp_path) == Speeds()


@pytest.mark.parametrize(
    "bad",
    [
        3, [], BAD[:-1], [1, *BAD[1:]], ["x" * 300, *BAD[1:]],
        [*BAD[:2], 0, *BAD[3:]], [*BAD[:2], True, *BAD[3:]],
        [*BAD[:2], 1e30, *BAD[3:]], [*BAD[:5], [], *BAD[6:]], [*BAD[:5], [float("nan")], *BAD[6:]],
        [*BAD[:5], [-1], *BAD[6:]], [*BAD[:5], [1e30], *BAD[6:]], [*BAD[:5], [10**400], *BAD[6:]],
        [*BAD[:5], ["1"], *BAD[6:]],
        [*BAD[:5], [1.0] * 5000, *BAD[6:]],
    ],
)  # fmt: skip
def test_an_entry_that_makes_no_sense_is_left_out(tmp_path: Path, bad: object):
    path = tmp_path / "speeds.json"
    bad_pack = ["starter", "auto", "soon"]
    plain = {"version": 1, "device": "cpu", "works": [bad, GOOD], "loads": [bad_pack, 7], "encodes": "none"}
    path.write_text(json.dumps(plain))

    speeds = read_speeds(path)

    assert speeds.works() == [WORK]
    assert speeds.medians(WORK) == (0.5, 1.0)
    assert speeds.loads(WORK) == []


def test_a_disk_that_refuses_is_only_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "file").write_text("in the way")

    write_speeds(tmp_path / "file" / "speeds.json", "{}")

    assert "cannot be written" in caplog.text

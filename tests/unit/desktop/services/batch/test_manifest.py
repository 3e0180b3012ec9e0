import errno
import json
import os
from pathlib import Path

import pytest

from sana_desktop.errors import KnownError, OutputError
from sana_desktop.services.batch.manifest import ItemState, Manifest, RunHead, fingerprint, read_items
from sana_desktop.services.batch.prompt_list import Item
from support.fake_engine import TIMINGS
from support.recipes import recipe

HEAD = RunHead(base_seed=7, shard=(1, 2), app_version="0", list_name="list.txt")


def item(index: int, **changes: object) -> Item:
    return Item(index, index + 1, recipe(**changes), "a {red|blue} fox")


def test_a_book_says_what_was_saved_and_what_was_given_up(tmp_path: Path):
    path = tmp_path / "run" / "manifest.jsonl"
    book = Manifest.begin(path, HEAD)
    book.record_saved(item(3), path.parent / "a" / "x.png", recipe(), TIMINGS)
    book.record_failed(item(4), "no")
    book.close()

    head, *_ = map(json.loads, path.read_text().splitlines())
    assert (head["base_seed"], head["shard"]) == (7, [1, 2])
    saved, failed = read_items(path)
    assert (saved["index"], saved["line"], saved["status"], saved["file"]) == (3, 4, ItemState.SAVED, "a/x.png")
    assert (saved["seconds"], saved["template"]) == (4.25, "a {red|blue} fox")
    assert (failed["status"], failed["error"]) == (ItemState.FAILED, "no")


def test_a_book_is_gone_on_with_where_it_was_left(tmp_path: Path):
    path = tmp_path / "manifest.jsonl"
    book = Manifest.begin(path, HEAD)
    book.record_saved(item(3), path, recipe(), TIMINGS)
    book.record_failed(item(4), "no")
    book.close()
    # The program was killed while it wrote.
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"index": 5, "sta')

    book = Manifest.go_on(path)

    assert book.head == HEAD
    assert path.read_bytes() == whole
    assert [book.is_done(item(index)) for index in (0, 3, 4, 5)] == [False, True, False, False]
    assert not book.is_done(item(3, prompt="another"))
    assert [book.was_given_up(item(index)) for index in (3, 4)] == [False, True]
    book.record_saved(item(4), path, recipe(), None)
    assert book.is_done(item(4))
    book.close()
    assert len(list(read_items(path))) == 3


def test_a_run_is_not_begun_over_another(tmp_path: Path):
    Manifest.begin(tmp_path / "m", HEAD).close()
    with pytest.raises(OutputError, match="holds a run already"):
        Manifest.begin(tmp_path / "m", HEAD)


@pytest.mark.parametrize("text", ["", "{}\n", "[" * 9999 + "\n", '{"sana_desktop_batch": 99}\n', "x", "\xff\n"])
def test_what_is_no_book_is_refused_and_left_alone(tmp_path: Path, text: str):
    path = tmp_path / "m"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(KnownError, match="not the book"):
        Manifest.go_on(path)
    assert path.read_text(encoding="latin-1") == text


def test_without_a_book_there_is_nothing_to_go_on_with(tmp_path: Path):
    with pytest.raises(KnownError, match="no run to go on with"):
        Manifest.go_on(tmp_path / "m")


def test_hostile_lines_mark_nothing(tmp_path: Path):
    path = tmp_path / "m"
    Manifest.begin(path, HEAD).close()
    with path.open("a") as file:
        for index, asked in ((10**12, "1"), (-1, "1"), (1.5, "1"), (1, "x"), (1, "f" * 40), (1, 7), ("1", "1")):
            file.write(json.dumps({"index": index, "asked": asked, "status": "saved"}) + "\n")
    book = Manifest.go_on(path)
    assert not book.is_done(item(1))
    book.close()


def test_a_disk_that_is_full_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "m"
    book = Manifest.begin(path, HEAD)
    before = path.read_bytes()

    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            book.record_failed(item(0), "x")
    assert path.read_bytes() == before
    book.record_failed(item(0), "x")
    book.close()
    assert len(path.read_bytes().splitlines()) == 2


def test_a_fingerprint_tells_recipes_apart():
    assert fingerprint(recipe()) == fingerprint(recipe())
    assert fingerprint(recipe()) != fingerprint(recipe(seed=8))


@pytest.mark.skipif(os.name != "posix", reason="only here are files locked")
def test_two_programs_do_not_draw_the_same_run(tmp_path: Path):
    path = tmp_path / "m"
    book = Manifest.begin(path, HEAD)
    with pytest.raises(OutputError, match="Another program"):
        Manifest.go_on(path)
    book.close()
    Manifest.go_on(path).close()

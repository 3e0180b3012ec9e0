import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from sana_desktop.ui.window.window_state import LARGEST_BYTES, StateKeeper, WindowState, read_state, write_state

FULL = WindowState(
    geometry=b"\x00\x01\xff",
    splitter=b"\x02",
    queue_shown=True,
    pack="starter",
    read_notices=("starter",),
    draft={"prompt": "grüne Äpfel, 日本 \N{RED APPLE}", "count": 3},
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "data" / "window.json"
    assert write_state(path, FULL)
    assert read_state(path) == FULL
    assert [file.name for file in path.parent.iterdir()] == ["window.json"]


def test_the_first_start_has_the_usual_state(tmp_path: Path) -> None:
    assert read_state(tmp_path / "window.json") == WindowState()
    assert list(tmp_path.iterdir()) == []


def test_half_a_character_in_the_draft_survives(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    state = WindowState(draft={"prompt": "\ud83c"})
    assert write_state(path, state)
    assert read_state(path) == state


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b"{",
        b"[" * 100_000,
        b'{"version": 2}',
        b'{"version": 1, "pack": ' + b"9" * 5000 + b"}",
        b" " * (LARGEST_BYTES + 1),
    ],
    ids=["empty", "no text", "a list", "cut", "deep", "newer", "a huge number", "huge"],
)
def test_a_file_that_cannot_be_understood_is_put_aside(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(data)
    assert read_state(path) == WindowState()
    assert (tmp_path / "window.json.unreadable").read_bytes() == data


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


ENTRIES = ("geometry", "splitter", "queue_shown", "pack", "read_notices", "draft")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ENTRIES, json_values)))
def test_entries_of_the_wrong_kind_take_their_usual_values(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("state") / "window.json"
    path.write_text(json.dumps({"version": 1, **entries}))
    state = read_state(path)
    assert isinstance(state.queue_shown, bool)
    assert isinstance(state.pack, str)
    assert isinstance(state.draft, dict)
    assert isinstance(state.geometry, bytes)
    assert all(isinstance(notice, str) for notice in state.read_notices)


def test_a_disk_that_refuses_leaves_the_old_state(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    assert not write_state(tmp_path / "data" / "window.json", FULL)
    assert read_state(tmp_path / "data" / "window.json") == WindowState()


def test_a_burst_of_changes_is_written_once_and_the_last_one_counts(qtbot: QtBot, tmp_path: Path) -> None:
    path, asked = tmp_path / "window.json", list[int]()

    def collect() -> WindowState:
        asked.append(len(asked))
        return FULL

    keeper = StateKeeper(path, collect)
    for _ in range(10):
        keeper.touch()
    assert not path.exists()
    qtbot.waitUntil(path.exists)
    assert len(asked) == 1
    assert read_state(path) == FULL


def test_what_is_saved_at_once_is_not_saved_again_later(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    keeper = StateKeeper(path, lambda: FULL)
    keeper.touch()
    keeper.save_now()
    assert read_state(path) == FULL
    assert not keeper._timer.isActive()

import os
import threading
from pathlib import Path

from sana_desktop.services.folder_watch import FolderStates, FolderWatch

SECONDS = 30.0


def touch(path: Path) -> None:
    """Change a folder, as much as its clock needs to show it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    now = path.parent.stat().st_mtime_ns
    os.utime(path.parent, ns=(now, now + 10**9))


def test_names_that_come_go_and_change_at_any_depth_are_seen(tmp_path: Path):
    touch(tmp_path / "a" / "b" / "1.png")
    states = FolderStates()

    assert states.look([tmp_path])
    assert not states.look([tmp_path])
    touch(tmp_path / "a" / "b" / "2.png")
    assert states.look([tmp_path])
    touch(tmp_path / "new" / "3.png")
    assert states.look([tmp_path])
    (tmp_path / "a").rename(tmp_path / "c")
    assert states.look([tmp_path])
    assert not states.look([tmp_path])


def test_links_hidden_folders_and_folders_that_are_not_there_are_passed_over(tmp_path: Path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    for place in (outside, folder / ".hidden"):
        place.mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    (folder / "circle").symlink_to(folder)
    states = FolderStates()
    states.look([folder, tmp_path / "missing"])

    touch(outside / "1.png")
    touch(folder / ".hidden" / "1.png")
    assert not states.look([folder, tmp_path / "missing"])
    (tmp_path / "missing").mkdir()
    assert states.look([folder, tmp_path / "missing"])


def test_many_changes_are_told_once_and_only_when_they_are_over(tmp_path: Path):
    told: list[frozenset[Path]] = []
    watch = FolderWatch(lambda: [tmp_path], told.append, seconds=3600.0)
    # Its own thread has looked once and ended; from here on this one does its work.
    watch.close()

    for number in range(3):
        touch(tmp_path / str(number) / "x.png")
        watch.look()
    assert told == []
    watch.look()
    watch.look()
    assert told == [frozenset({tmp_path, *(tmp_path / str(number) for number in range(3))})]


def test_the_thread_looks_by_itself_and_ends(tmp_path: Path):
    told, looked = threading.Event(), threading.Event()

    def folders() -> list[Path]:
        looked.set()
        return [tmp_path]

    watch = FolderWatch(folders, lambda changed: told.set(), seconds=0.001)
    assert looked.wait(SECONDS)
    while not told.is_set():
        touch(tmp_path / "folder" / "1.png")
        looked.clear()
        assert looked.wait(SECONDS)
    watch.close()
    watch.close()

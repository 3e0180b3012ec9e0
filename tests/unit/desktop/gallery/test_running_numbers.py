from pathlib import Path

from sana_desktop.gallery.running_numbers import RunningNumbers


def test_numbers_go_on_after_the_largest_that_begins_a_name(tmp_path: Path):
    for name in ("00007-1-fox.png", "00041.jpg", "2026-03-09_1.png", "99999999.png", "notes.txt"):
        (tmp_path / name).touch()
    numbers = RunningNumbers()

    assert [numbers.take(tmp_path) for _ in range(3)] == [42, 43, 44]


def test_every_folder_counts_for_itself_also_before_it_exists(tmp_path: Path):
    numbers = RunningNumbers()

    assert numbers.take(tmp_path / "new") == 1
    assert numbers.take(tmp_path / "other") == 1
    assert numbers.take(tmp_path / "new") == 2


def test_a_folder_is_looked_through_once(tmp_path: Path):
    numbers = RunningNumbers()
    numbers.take(tmp_path)
    (tmp_path / "00900.png").touch()

    assert numbers.take(tmp_path) == 2

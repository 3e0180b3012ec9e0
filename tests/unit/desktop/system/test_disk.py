import shutil
from pathlib import Path

import pytest

from sana_desktop.system.disk import free_below


def test_room_is_that_of_the_nearest_folder_that_is_there(tmp_path: Path) -> None:
    assert free_below(tmp_path / "not" / "yet") > 0


def test_where_nobody_can_tell_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", fail)
    assert free_below(tmp_path) == 0

from pathlib import Path

import pytest

from sana_desktop.errors import FetchError
from sana_desktop.system.fetch.folder_lock import locked


def test_a_folder_is_had_by_one_at_a_time_and_free_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "sana"
    with locked(folder), pytest.raises(FetchError, match="is fetching “sana” already"), locked(folder):
        pass
    with locked(folder):
        pass

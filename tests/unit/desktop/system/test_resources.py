"""What ships with the program is found in a checkout and in a bundle."""

import sys
from pathlib import Path

import pytest

from sana_desktop.errors import MachineError
from sana_desktop.system.resources import resources_folder


def test_a_checkout_has_its_resources_at_the_root(repository: Path) -> None:
    assert resources_folder() == repository / "resources"


def test_a_bundle_has_them_where_it_was_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources_folder() == tmp_path / "resources"


def test_an_incomplete_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(MachineError, match="found no such folder") as caught:
        resources_folder()
    assert "Install the program again" in caught.value.hint

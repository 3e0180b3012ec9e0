from pathlib import Path

import pytest

from sana_desktop.system.bundle import Bundle
from sana_desktop.system.spare_libraries import NAMES, lend_libraries


class Loader:
    """A system that has the libraries `there`, and whose lent ones cannot be loaded if `broken`."""

    def __init__(self, *there: str, broken: bool = False) -> None:
        self.there = there
        self.broken = broken
        self.tried: list[str] = []

    def load(self, name: str) -> object:
        self.tried.append(name)
        if name not in self.there and (self.broken or "/" not in name):
            raise OSError(f"{name}: cannot open shared object file")
        return object()


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    (tmp_path / "_internal" / "spare").mkdir(parents=True)
    return Bundle(tmp_path, tmp_path / "_internal" / "files.txt")


def test_a_system_that_has_them_uses_its_own(bundle: Bundle) -> None:
    loader = Loader(*NAMES)
    assert lend_libraries(bundle, loader.load) == ()
    assert loader.tried == list(NAMES)


def test_only_what_is_missing_is_lent_each_after_what_it_wants(bundle: Bundle, tmp_path: Path) -> None:
    loader = Loader("libxcb.so.1")
    assert lend_libraries(bundle, loader.load) == NAMES[1:]
    spare = tmp_path / "_internal" / "spare"
    assert [name for name in loader.tried if "/" in name] == [str(spare / name) for name in NAMES[1:]]


def test_what_cannot_be_loaded_either_is_left_to_whoever_needs_it(bundle: Bundle) -> None:
    assert lend_libraries(bundle, Loader(broken=True).load) == ()


def test_without_a_bundle_or_without_spare_ones_nothing_is_touched(tmp_path: Path) -> None:
    loader = Loader()
    assert lend_libraries(None, loader.load) == ()
    assert lend_libraries(Bundle(tmp_path, tmp_path / "_internal" / "files.txt"), loader.load) == ()
    assert loader.tried == []

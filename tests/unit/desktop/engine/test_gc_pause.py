import gc
import importlib
import sys
from collections.abc import Iterator

import pytest

from sana_desktop.engine.gc_pause import gc_paused, lasting_imports


def test_the_collector_rests_within_and_works_again_after() -> None:
    assert gc.isenabled()
    with gc_paused():
        assert not gc.isenabled()
        with gc_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_within_does_not_leave_it_off() -> None:
    with pytest.raises(KeyError), gc_paused():
        raise KeyError
    assert gc.isenabled()


@pytest.fixture
def nothing_frozen() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("nothing_frozen")
def test_what_an_import_brought_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with lasting_imports():
        assert not gc.isenabled()
        monkeypatch.setitem(sys.modules, "a_new_module", gc)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


@pytest.mark.usefixtures("nothing_frozen")
def test_without_a_new_import_everything_stays_collectable() -> None:
    with lasting_imports():
        importlib.import_module("gc")
    assert gc.get_freeze_count() == 0

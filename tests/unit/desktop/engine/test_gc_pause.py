import gc
import importlib
import sys
import weakref
from collections.abc import Callable, Iterator

import pytest

from sana_desktop.engine.gc_pause import gc_paused, lasting_imports, without_callers


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


class _Thing:
    pass


def _keeping(kept: list[BaseException]) -> None:
    """As libraries do when they look whether another one is there."""
    try:
        raise ImportError("not here")
    except ImportError as error:
        kept.append(error)


def _caller(call: Callable[[Callable[[], None]], None], kept: list[BaseException]) -> weakref.ref[_Thing]:
    call(lambda: _keeping(kept))
    thing = _Thing()
    return weakref.ref(thing)


def test_what_a_caller_holds_is_not_kept_by_exceptions_of_an_import():
    kept: list[BaseException] = []
    assert _caller(lambda load: load(), kept)() is not None, "shows that such exceptions keep it otherwise"
    assert _caller(without_callers, kept)() is None
    assert len(kept) == 2


def test_what_a_load_raises_comes_through():
    with pytest.raises(ZeroDivisionError):
        without_callers(lambda: 1 // 0)

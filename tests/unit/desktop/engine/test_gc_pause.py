import gc

import pytest

from sana_desktop.engine.gc_pause import gc_paused


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

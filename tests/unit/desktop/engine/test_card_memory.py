import pytest
import torch

from sana_desktop.engine import card_memory
from sana_desktop.engine.card_memory import card_free, card_total, free_of, share_of

CARD = torch.device("cuda", 0)


def test_a_process_without_a_limit_has_the_whole_card():
    assert share_of(80, 1.0) == 80


def test_a_limited_process_has_its_share():
    assert share_of(80, 0.1) == 8


def test_what_others_have_is_not_free():
    assert free_of(free=3, limit=80, reserved=5, allocated=2) == 6


def test_beyond_its_limit_nothing_is_free_though_the_card_is_empty():
    assert free_of(free=70, limit=8, reserved=6, allocated=5) == 3


def test_a_process_over_a_limit_that_was_set_later_has_what_it_holds():
    assert free_of(free=70, limit=4, reserved=6, allocated=5) == 1


def test_the_card_is_asked(monkeypatch: pytest.MonkeyPatch):
    cuda = card_memory.torch.cuda
    monkeypatch.setattr(cuda, "mem_get_info", lambda device: (70, 80))
    monkeypatch.setattr(cuda, "get_per_process_memory_fraction", lambda device: 0.5)
    monkeypatch.setattr(cuda, "memory_reserved", lambda device: 12)
    monkeypatch.setattr(cuda, "memory_allocated", lambda device: 2)
    assert card_total(CARD) == 40
    assert card_free(CARD) == 38

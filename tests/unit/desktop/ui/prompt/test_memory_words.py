from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.domain.events import Phase
from sana_desktop.domain.memory_plan import PLANS, MemoryPlan
from sana_desktop.services.memory_book import MemoryForecast
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.ui.prompt.memory_words import MemoryWords

GIB = 2**30
FORECAST = MemoryForecast(
    needed=31 * GIB // 10, phase=Phase.DECODE, plan=PLANS[0], level=FitLevel.FITS, total=8 * GIB, on_gpu=True
)


@pytest.mark.usefixtures("qtbot")
def test_the_button_says_how_much_of_what_and_any_other_way_than_the_usual() -> None:
    words = MemoryWords()
    assert words.order_text(FORECAST) == "3.1 of 8 GB"
    assert words.order_text(replace(FORECAST, plan=PLANS[3])) == "3.1 of 8 GB, one network at a time, tiles of 256 px"


def test_a_size_that_fits_needs_no_words(qtbot: QtBot) -> None:
    del qtbot
    assert MemoryWords().size_text(FORECAST) == ""
    other = replace(FORECAST, plan=MemoryPlan(False, None, text_on_cpu=True))
    assert MemoryWords().size_text(other) == "one network at a time, text read on the processor"


@pytest.mark.usefixtures("qtbot")
def test_a_size_that_does_not_fit_says_why() -> None:
    tight = MemoryWords().size_text(replace(FORECAST, level=FitLevel.TIGHT))
    assert tight == "Memory is tight: about 3.1 of 8 GB. Close other programs first."
    too_large = MemoryWords().size_text(replace(FORECAST, level=FitLevel.NO))
    assert too_large == "Too large for this computer: about 3.1 GB, and there are 8."

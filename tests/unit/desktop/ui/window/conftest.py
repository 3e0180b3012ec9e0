"""What tests of the window need."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from support.window_stage import OpenStage, opening_stages


@pytest.fixture
def open_stage(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenStage]:
    """Opens windows in one home, one after the other; afterwards they are closed."""
    with opening_stages(qtbot, tmp_path) as open_one:
        yield open_one

"""A panel for the tests of this room."""

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.domain.job import Order
from sana_desktop.ui.prompt.prompt_panel import PromptPanel
from support.prompt_panels import panel_for


@pytest.fixture
def panel(qtbot: QtBot) -> PromptPanel:
    return panel_for(qtbot)


@pytest.fixture
def orders(panel: PromptPanel) -> list[Order]:
    """What the panel wants to be drawn."""
    heard: list[Order] = []
    panel.generateRequested.connect(heard.append)
    return heard

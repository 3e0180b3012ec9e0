import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.ui.canvas.canvas_tools import HEIGHT, MARGIN, CanvasTools


@pytest.fixture
def tools(qtbot: QtBot) -> CanvasTools:
    made = CanvasTools()
    qtbot.addWidget(made)
    made.resize(600, HEIGHT)
    made.show()
    return made


def show(tools: CanvasTools, **state: bool) -> None:
    everything = dict.fromkeys(("seen", "finished", "other", "film", "forming"), False)
    tools.show_state(**(everything | state))


def test_without_a_picture_every_button_says_so(tools: CanvasTools):
    show(tools)

    for button in (tools._fit, tools._actual, tools._copy, tools._compare):
        assert not button.isEnabled()
        assert "yet" in button.toolTip()
        assert button.accessibleDescription()
    assert not tools.scrubber.isVisible()
    assert not tools._follow.isVisible()


def test_what_is_possible_is_offered(tools: CanvasTools, qtbot: QtBot):
    show(tools, seen=True, finished=True, other=True, film=True, forming=True)

    assert tools.scrubber.isVisible()
    for button, signal in (
        (tools._fit, tools.fitRequested),
        (tools._actual, tools.actualSizeRequested),
        (tools._copy, tools.copyRequested),
        (tools._compare, tools.compareRequested),
        (tools._follow, tools.followRequested),
    ):
        assert button.isVisible()
        assert button.isEnabled()
        assert not button.accessibleDescription()
        with qtbot.waitSignal(signal):
            button.click()


def test_a_preview_can_be_zoomed_and_not_copied(tools: CanvasTools):
    show(tools, seen=True)

    assert tools._fit.isEnabled()
    assert not tools._copy.isEnabled()


def test_the_buttons_stand_at_the_right_with_and_without_a_film(tools: CanvasTools):
    show(tools, seen=True)
    place = tools._copy.geometry()
    show(tools, seen=True, film=True)

    assert tools._copy.geometry() == place
    assert place.right() == tools.width() - 1 - MARGIN

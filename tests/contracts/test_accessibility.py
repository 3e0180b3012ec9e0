"""Everything that can be used has a name, takes the keyboard, and says why if it is switched off."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sana_desktop.domain.inspected import Inspected
from sana_desktop.errors import BugError
from sana_desktop.ui.inspect.inspect_panel import InspectPanel
from sana_desktop.ui.prompt.style_manager import StyleManager
from support.window_stage import CONTROL, SHIFT, Key, OpenStage, WindowStage, opening_stages

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
# Parts of Qt's own widgets, which speak through what they belong to.
QT_PARTS = (
    "qt_spinbox_lineedit",
    "qt_toolbar_ext_button",
    "qt_menubar_ext_button",
    "ScrollLeftButton",
    "ScrollRightButton",
)
MOST_TABS = 200


@pytest.fixture
def open_stage(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenStage]:
    """Opens windows; afterwards they are closed."""
    with opening_stages(qtbot, tmp_path) as open_one:
        yield open_one


def settings(stage: WindowStage) -> QWidget:
    stage.window._actions.settingsRequested.emit()
    dialog = stage.window._preferences._dialog
    assert dialog is not None
    return dialog


def packs(stage: WindowStage) -> QWidget:
    stage.window._actions.packsRequested.emit()
    dialog = stage.window._packs.dialog
    assert dialog is not None
    stage.until(lambda: stage.window._packs._survey is not None)
    return dialog


def about(stage: WindowStage) -> QWidget:
    stage.window._actions.aboutRequested.emit()
    return stage.window._dialogs["about"]


def shortcuts(stage: WindowStage) -> QWidget:
    stage.window._actions.shortcutsRequested.emit()
    return stage.window._dialogs["shortcuts"]


def crash(stage: WindowStage) -> QWidget:
    stage.parts.crash.report(BugError("Something is odd.", details="line 1"))
    stage.until(lambda: stage.parts.crash.dialog is not None)
    dialog = stage.parts.crash.dialog
    assert dialog is not None
    return dialog


def inspect(stage: WindowStage) -> QWidget:
    panel = InspectPanel(stage.window)
    found = Inspected(tool="A1111", prompt="a fox", negative="blur", seed=5, steps=30, guidance=7.0, size=(1000, 700))
    panel.show_found("fox.png", found, QImage())
    panel.show()
    return panel


def style_manager(stage: WindowStage) -> QWidget:
    manager = stage.window.panel.findChild(StyleManager)
    assert manager is not None
    manager.show()
    return manager


def with_jobs(stage: WindowStage) -> QWidget:
    stage.press(Key.Key_P, CONTROL | SHIFT)
    stage.until(lambda: stage.parts.board.paused)
    stage.order("one")
    stage.order("two")
    stage.press(Key.Key_Q, CONTROL | SHIFT)
    stage.until(lambda: stage.parts.board.waiting == 2)
    return stage.window


def comparing(stage: WindowStage) -> QWidget:
    stage.draw("one")
    stage.draw("two")
    stage.press(Key.Key_D, CONTROL)
    assert stage.window.stage.is_comparing
    return stage.window


def in_the_gallery(stage: WindowStage) -> QWidget:
    stage.draw("one")
    stage.press(Key.Key_B, CONTROL)
    page = stage.window._gallery.page
    assert page is not None
    stage.until(lambda: len(page.pictures.pictures) == 1)
    stage.press(Key.Key_I)
    return page


def at_rest(stage: WindowStage) -> QWidget:
    stage.window.panel._more.set_open(True)
    return stage.window


Open = Callable[[WindowStage], QWidget]
SCENES: list[Open] = [
    at_rest, with_jobs, comparing, settings, packs, about, shortcuts, crash, inspect, style_manager,
    in_the_gallery,
]  # fmt: skip


def controls_in(top: QWidget) -> list[QWidget]:
    """What a person can use below `top`, seen or not; not the parts of other windows that stand below it."""
    return [
        widget
        for widget in top.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and not isinstance(widget, QHeaderView | QScrollBar | QTabBar)
        and widget.objectName() not in QT_PARTS
        and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox | QTabBar)
        and not widget.objectName().startswith("qt_")
        and not type(widget).__name__.startswith("QComboBox")
    ]


def words_of(widget: QWidget) -> str:
    """What a screen reader says first."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def described(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{words_of(widget)}” in {type(widget.parentWidget()).__name__}"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_control_has_a_name(open_stage: OpenStage, scene: Open) -> None:
    top = scene(open_stage(notice="It draws emoji."))
    found = controls_in(top)
    assert found
    assert [described(widget) for widget in found if not words_of(widget).strip()] == []
    top.close()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_control_that_is_seen_can_be_reached_by_the_keyboard(open_stage: OpenStage, scene: Open) -> None:
    top = scene(open_stage(notice="It draws emoji."))
    unreachable = [
        described(widget)
        for widget in controls_in(top)
        if widget.isVisible()
        and widget.isEnabled()
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        # Radio-like choices are reached by arrows from the one that is chosen.
        and not (isinstance(widget, QAbstractButton) and (widget.autoExclusive() or bool(widget.group())))
    ]
    assert unreachable == []
    top.close()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_control_that_is_switched_off_says_why(open_stage: OpenStage, scene: Open) -> None:
    top = scene(open_stage(notice="It draws emoji."))
    silent = [
        described(widget)
        for widget in controls_in(top)
        if widget.isVisible() and not widget.isEnabled() and not (widget.toolTip() or widget.accessibleDescription())
    ]
    assert silent == []
    top.close()


def test_tab_goes_around_the_window_and_comes_back(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a red apple")
    stage.press(Key.Key_L, CONTROL)
    stage.press(Key.Key_Q, CONTROL | SHIFT)
    first = stage.focus()
    seen = [first]
    for _ in range(MOST_TABS):
        stage.press(Key.Key_Tab)
        if stage.focus() is first:
            break
        assert stage.focus() not in seen, f"Tab is caught at {described(stage.focus())}"
        seen.append(stage.focus())
    else:
        raise AssertionError("Tab never came back to the prompt")
    window = stage.window
    rooms = (window.panel, window.stage, window.strip, window.queue_panel)
    order = [next((n for n, room in enumerate(rooms) if room.isAncestorOf(widget)), None) for widget in seen]
    visited = list(dict.fromkeys(room for room in order if room is not None))
    assert visited == sorted(visited), "rooms are visited from left to right and top to bottom"
    assert set(visited) == set(range(len(rooms)))


def test_no_key_of_the_menus_is_taken_from_who_writes(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.press(Key.Key_L, CONTROL)
    stage.type("What? (a fox), 1-2+3 = 4 / 5")
    assert stage.window.panel.draft()["prompt"] == "What? (a fox), 1-2+3 = 4 / 5"
    keys = [key.toString() for action in stage.window.findChildren(QAction) for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))
    assert QApplication.activeWindow() is stage.window

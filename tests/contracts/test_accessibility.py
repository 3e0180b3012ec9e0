"""Everything in the window has a name, can be reached with the keyboard, and says why it is off."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sana_desktop.errors import BugError
from sana_desktop.system.last_run import BadEnd
from sana_desktop.ui.basics.lasting_constants import make_constants_last
from sana_desktop.ui.basics.theme import SHADES, Theme, style_sheet
from sana_desktop.ui.prompt.prompt_editor import PromptEditor
from support.contrast import contrast
from support.fake_engine import FakeEngine
from support.foreign_pictures import png_with
from support.held_engine import Held
from support.window_stage import ALT, CONTROL, NONE, SHIFT, Key, OpenStage, WindowStage, opening_stages

# The offscreen platform has no windows to raise.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QAbstractSpinBox,
    QComboBox,
    QAbstractSlider,
    QAbstractItemView,
)
# Parts that Qt puts into its own controls; who uses the control uses them.
WHOLE = (QLineEdit, QAbstractSpinBox, QComboBox, QMenuBar, QTabBar)
# Controls that the Tab key passes by, and how the keyboard reaches them.
REACHED_OTHERWISE = {
    "AspectButton": "the Tab key goes to the chosen format, the arrows go to the others, as with any group of choices",
    "StyleChip": "the arrows go from chip to chip",
}
LOWEST_CONTRAST = 4.5
INFOTEXT = "a fox\nSteps: 20, Sampler: Euler, CFG scale: 4.5, Seed: 7"


@pytest.fixture
def open_stage(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenStage]:
    make_constants_last()
    with opening_stages(qtbot, tmp_path) as open_one:
        yield open_one


def full(stage: WindowStage) -> WindowStage:
    """A window with all that can be seen in it: two pictures, jobs that wait, all fields, a notice and an error."""
    stage.draw("one")
    stage.draw("two")
    stage.press(Key.Key_Q, CONTROL | SHIFT)
    stage.parts.board.set_paused(True)
    for prompt in ("three", "four"):
        stage.order(prompt)
    stage.until(lambda: stage.parts.board.waiting == 2 and stage.parts.board.paused)
    stage.window.panel.set_draft({"more_open": True, "size": "96x128"})
    stage.window.show_error(BugError("something", details="where it was"))
    stage.window.resize(1360, 1100)
    QApplication.processEvents()
    return stage


def open_dialogs(stage: WindowStage) -> list[QDialog]:
    """Every dialog there is, open."""
    window, panel = stage.window, stage.window.panel
    for section in stage.parts.settings.schema.sections:
        window._preferences.open_section(section.key)
    window.packs_now().open()
    stage.until(lambda: window.packs_now()._survey)
    window._actions.shortcutsRequested.emit()
    window._actions.aboutRequested.emit()
    stage.parts.crash.show_bad_end(BadEnd("2026-11-24 05:00:00", "Fatal: somewhere"))
    path = stage.paths.data / "fox.png"
    path.write_bytes(png_with(parameters=INFOTEXT))
    window.open_pictures([str(path)])
    stage.until(lambda: window._pictures._inspector.panel)
    panel._styles.saveRequested.emit()
    panel._manager.open()
    QApplication.processEvents()
    dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    assert len(dialogs) == 8, [type(dialog).__name__ for dialog in dialogs]
    return dialogs


def controls(whole: QWidget) -> list[QWidget]:
    """What one can press, turn, choose from or write into."""
    return [
        widget
        for kind in CONTROLS
        for widget in whole.findChildren(kind)
        if not isinstance(widget, QScrollBar | QHeaderView)
        and not widget.objectName().startswith("qt_")
        and not _has_ancestor(widget, WHOLE)
    ]


def _has_ancestor(widget: QWidget, kinds: tuple[type[QWidget], ...]) -> bool:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, kinds):
            return True
        above = above.parentWidget()
    return False


def name_of(widget: QWidget) -> str:
    """What a reader speaks: its name, its text, or the label that belongs to it."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    labels = (label.text() for label in widget.window().findChildren(QLabel) if label.buddy() is widget)
    return widget.accessibleName() or text.strip("✕ ") or next(labels, "")


def describe(widget: QWidget) -> str:
    """Enough to find it in the sources."""
    chain, above = [type(widget).__name__], widget.parentWidget()
    while above is not None:
        chain.append(type(above).__name__)
        above = above.parentWidget()
    return f"{name_of(widget)!r} " + " < ".join(name for name in chain if not name.startswith("Q"))


def tabbed(widget: QWidget) -> bool:
    return bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)


def test_every_control_has_a_name(open_stage: OpenStage) -> None:
    stage = full(open_stage(notice="It draws emoji.", examples=("a red apple",)))
    open_dialogs(stage)
    found = controls(stage.window)
    assert len(found) > 100
    assert [describe(widget) for widget in found if not name_of(widget)] == []


def test_every_control_can_be_reached_with_the_keyboard(open_stage: OpenStage) -> None:
    stage = full(open_stage(notice="It draws emoji.", examples=("a red apple",)))
    open_dialogs(stage)
    missed = [widget for widget in controls(stage.window) if not tabbed(widget) and not widget.focusProxy()]
    assert [describe(widget) for widget in missed if type(widget).__name__ not in REACHED_OTHERWISE] == []


@pytest.mark.parametrize("busy", [True, False])
def test_every_control_that_is_off_says_why(open_stage: OpenStage, busy: bool) -> None:
    stage = open_stage()
    if busy:
        full(stage)
    else:
        stage.press(Key.Key_Q, CONTROL | SHIFT)
    open_dialogs(stage)
    off = [
        widget for widget in controls(stage.window) if not widget.isEnabled() and widget.isVisibleTo(widget.window())
    ]
    assert off
    silent = [widget for widget in off if not widget.toolTip() and not widget.accessibleDescription()]
    assert [describe(widget) for widget in silent] == []


def walk(stage: WindowStage, start: QWidget, key: Qt.Key = Key.Key_Tab, modifiers: Qt.KeyboardModifier = NONE):
    """The widgets that the Tab key visits from `start` until it is back there."""
    start.setFocus()
    visited = [start]
    for _ in range(200):
        stage.qtbot.keyClick(visited[-1], key, modifiers)
        focus = QApplication.focusWidget()
        assert focus is not None, f"the keyboard is lost after {describe(visited[-1])}"
        if focus is start:
            return visited
        if focus is visited[-1] and isinstance(focus, QLabel):
            # From one link in it to the next.
            continue
        assert focus not in visited, f"{describe(focus)} is a trap: {[describe(widget) for widget in visited]}"
        visited.append(focus)
    raise AssertionError("the Tab key never comes back")


def prompt_of(stage: WindowStage) -> PromptEditor:
    return next(editor for editor in stage.window.findChildren(PromptEditor) if editor.accessibleName() == "Prompt")


def test_the_tab_key_goes_through_the_window_in_the_order_that_one_sees(open_stage: OpenStage) -> None:
    held = Held()
    engine = FakeEngine(previews=True, on_step=lambda step: held.on_step(step) if held_now else None)
    held_now: list[int] = []
    stage = full(open_stage(engine, notice="It draws emoji."))
    held_now.append(1)
    stage.parts.board.set_paused(False)
    held.until_held()
    stage.until(lambda: stage.window._progress._cancel.isVisible())
    stage.window.strip.show_filter()
    rooms = {
        "panel": stage.window.panel,
        "stage": stage.window.stage,
        "progress": stage.window._progress,
        "strip": stage.window.strip,
        "queue": stage.window.queue_panel,
        "banner": stage.window._banner,
        "messages": stage.window._messages,
    }
    visited = walk(stage, prompt_of(stage))
    places = [next(name for name, room in rooms.items() if room.isAncestorOf(widget)) for widget in visited]
    order = [place for number, place in enumerate(places) if number == 0 or places[number - 1] != place]
    # The pack stands above the prompt, where the walk began.
    assert order == [*rooms, "panel"]
    passed_by = [
        widget
        for widget in controls(stage.window)
        if widget.isVisible() and widget.isEnabled() and tabbed(widget) and widget not in visited
    ]
    assert [describe(widget) for widget in passed_by] == []
    backwards = walk(stage, prompt_of(stage), Key.Key_Backtab, SHIFT)
    assert [describe(widget) for widget in backwards[1:]] == [describe(widget) for widget in reversed(visited[1:])]
    stage.parts.board.cancel_all()
    with stage.qtbot.waitSignal(stage.parts.bridge.jobCancelled):
        held.let_go()


def test_no_dialog_keeps_the_tab_key_from_any_of_its_controls(open_stage: OpenStage) -> None:
    stage = full(open_stage())
    for dialog in open_dialogs(stage):
        dialog.raise_()
        dialog.activateWindow()
        stage.until(dialog.isActiveWindow)
        wanted = [
            widget
            for widget in controls(dialog)
            if widget.isVisible() and widget.isEnabled() and tabbed(widget) and not widget.focusProxy()
        ]
        assert wanted
        visited = walk(stage, wanted[0])
        passed_by = [describe(widget) for widget in wanted if widget not in visited]
        assert passed_by == [], type(dialog).__name__
        dialog.close()


def test_two_pictures_are_compared_with_the_keyboard_alone(open_stage: OpenStage) -> None:
    stage = full(open_stage())
    stage.press(Key.Key_D, CONTROL)
    panel = stage.window.stage.compare_panel
    assert panel.isVisible()
    wanted = [widget for widget in controls(panel) if widget.isVisible() and widget.isEnabled()]
    assert wanted
    assert [describe(widget) for widget in wanted if not name_of(widget)] == []
    visited = walk(stage, stage.focus())
    assert [describe(widget) for widget in wanted if tabbed(widget) and widget not in visited] == []


def test_the_gallery_is_walked_with_the_keyboard_alone(open_stage: OpenStage) -> None:
    stage = full(open_stage())
    stage.press(Key.Key_B, CONTROL)
    page = stage.window._gallery.page
    assert page is not None
    stage.until(lambda: len(page.pictures.pictures) == 2)
    page.grid.go_to(0)
    stage.press(Key.Key_I)
    stage.until(lambda: page.details.fields)
    wanted = [widget for widget in controls(page) if widget.isVisible() and widget.isEnabled()]
    assert len(wanted) > 20
    assert [describe(widget) for widget in wanted if not name_of(widget)] == []
    visited = walk(stage, page.grid)
    missed = [widget for widget in wanted if tabbed(widget) and widget not in visited and not widget.focusProxy()]
    assert [describe(widget) for widget in missed] == []


# Menus.


def actions_of(menu: QMenu | QMenuBar) -> list[QAction]:
    """The entries of a menu and of those inside it."""
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found += actions_of(inner)
        elif not action.isSeparator():
            found.append(action)
    return found


def test_every_entry_of_a_menu_has_words_and_a_letter_of_its_own(open_stage: OpenStage) -> None:
    bar = open_stage().window.menuBar()
    menus = [bar, *(menu for menu in bar.findChildren(QMenu) if menu.actions())]
    for menu in menus:
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        letters = [found[1].lower() for text in texts if (found := re.search("&(.)", text))]
        assert len(letters) == len(texts), texts
        assert max(Counter(letters).values()) == 1, texts


def test_no_two_entries_share_a_shortcut(open_stage: OpenStage) -> None:
    keys = [key.toString() for action in actions_of(open_stage().window.menuBar()) for key in action.shortcuts()]
    assert len(keys) > 20
    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_no_shortcut_is_one_that_editing_needs(open_stage: OpenStage) -> None:
    standard = QKeySequence.StandardKey
    needed = (
        *(standard.Copy, standard.Cut, standard.Paste, standard.Undo, standard.Redo, standard.SelectAll),
        *(standard.MoveToNextWord, standard.MoveToPreviousWord, standard.DeleteStartOfWord, standard.DeleteEndOfWord),
        *(standard.MoveToStartOfDocument, standard.MoveToEndOfDocument, standard.InsertParagraphSeparator),
        *(standard.SelectNextWord, standard.SelectPreviousWord, standard.SelectEndOfDocument),
    )
    editing = {key.toString() for name in needed for key in QKeySequence.keyBindings(name)}
    used = {key.toString() for action in actions_of(open_stage().window.menuBar()) for key in action.shortcuts()}
    assert used & editing == set()


def typed(text: str) -> QKeyEvent:
    """A key of a keyboard of another language; QTest only knows the keys of ASCII."""
    return QKeyEvent(QEvent.Type.KeyPress, 0, NONE, text)


def test_the_prompt_gets_every_letter_that_is_typed_into_it(open_stage: OpenStage) -> None:
    stage = open_stage()
    letters = "".join(chr(code) for code in range(0x20, 0x7F))
    stage.type(letters)
    stage.press(Key.Key_Question, SHIFT)
    QApplication.sendEvent(stage.focus(), typed("äß"))
    assert prompt_of(stage).toPlainText() == letters + "?äß"
    assert QApplication.activeWindow() is stage.window


def test_the_prompt_can_be_edited_as_any_text(open_stage: OpenStage) -> None:
    stage = open_stage()
    prompt = prompt_of(stage)
    stage.type("a red apple")
    stage.press(Key.Key_A, CONTROL)
    stage.press(Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "a red apple"
    stage.press(Key.Key_X, CONTROL)
    assert prompt.toPlainText() == ""
    stage.press(Key.Key_V, CONTROL)
    stage.press(Key.Key_Backspace, CONTROL)
    assert prompt.toPlainText() == "a red "
    stage.press(Key.Key_Z, CONTROL)
    assert prompt.toPlainText() == "a red apple"
    stage.press(Key.Key_Home, CONTROL)
    stage.press(Key.Key_Delete, CONTROL)
    assert prompt.toPlainText() == "red apple"
    stage.press(Key.Key_Return)
    assert prompt.toPlainText() == "\nred apple"
    stage.press(Key.Key_Up, ALT)
    assert stage.engine.batches == []


# Colours; those that only the palette knows have their tests beside the theme.


@pytest.mark.parametrize("theme", [Theme.DARK, Theme.LIGHT])
def test_text_can_be_read_wherever_the_style_sheet_gives_it_a_ground(theme: Theme) -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet(SHADES[theme]))
    pairs: dict[str, tuple[str, str]] = {}
    for selector, body in rules:
        values = dict(re.findall(r"(?:^|[;\s])(color|background)\s*:\s*(#[0-9a-f]{6})", body))
        if len(values) == 2:
            pairs[" ".join(selector.split())] = (values["color"], values["background"])
    assert len(pairs) >= 4
    faint = {name: pair for name, pair in pairs.items() if contrast(*map(QColor, pair)) < LOWEST_CONTRAST}
    assert faint == {}

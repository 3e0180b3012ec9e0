import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.theme import SHADES, Theme, apply_theme, palette, resolve
from support.contrast import contrast

LOWEST_CONTRAST = 4.5
LOWEST_CONTRAST_OF_EDGES = 3.0
LOOKS = pytest.mark.parametrize("theme", [Theme.DARK, Theme.LIGHT])
Role = QPalette.ColorRole
Group = QPalette.ColorGroup


def test_black_on_white_is_the_largest_contrast() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


@LOOKS
@pytest.mark.parametrize("group", [Group.Active, Group.Inactive, Group.Disabled])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (Role.WindowText, Role.Window),
        (Role.WindowText, Role.AlternateBase),
        (Role.Text, Role.Base),
        (Role.PlaceholderText, Role.Base),
        (Role.ButtonText, Role.Button),
        (Role.ToolTipText, Role.ToolTipBase),
        (Role.Link, Role.Window),
    ],
)
def test_text_can_be_read(theme: Theme, group: Group, text: Role, ground: Role) -> None:
    colours = palette(SHADES[theme])
    assert contrast(colours.color(group, text), colours.color(group, ground)) >= LOWEST_CONTRAST


@LOOKS
def test_text_on_the_colours_of_the_style_sheet_can_be_read(theme: Theme) -> None:
    shades = SHADES[theme]
    pairs = [
        (shades.on_accent, shades.accent),
        (shades.on_warning, shades.warning),
        (shades.faint, shades.button),
        (shades.on_accent, shades.accent_hover),
        (shades.on_accent, shades.accent_pressed),
        (shades.faint, shades.pressed),
        (shades.faint, shades.ground),
        (shades.text, shades.ground),
        (shades.text, shades.hover),
        (shades.quiet, shades.window),
        (shades.text, shades.panel),
    ]
    assert [pair for pair in pairs if contrast(QColor(pair[0]), QColor(pair[1])) < LOWEST_CONTRAST] == []


@LOOKS
def test_the_edges_of_controls_can_be_seen(theme: Theme) -> None:
    shades = SHADES[theme]
    grounds = (shades.window, shades.ground, shades.panel, shades.base)
    pairs = [(edge, ground) for edge in (shades.line, shades.focus) for ground in grounds]
    assert [pair for pair in pairs if contrast(QColor(pair[0]), QColor(pair[1])) < LOWEST_CONTRAST_OF_EDGES] == []


@LOOKS
def test_the_greys_have_no_tint(theme: Theme) -> None:
    shades = SHADES[theme]
    greys = [shades.window, shades.ground, shades.panel, shades.base, shades.button, shades.line, shades.rule]
    assert [grey for grey in greys if QColor(grey).saturation() != 0] == []


@pytest.mark.parametrize(
    ("theme", "scheme", "look"),
    [
        (Theme.SYSTEM, Qt.ColorScheme.Light, Theme.LIGHT),
        (Theme.SYSTEM, Qt.ColorScheme.Dark, Theme.DARK),
        (Theme.SYSTEM, Qt.ColorScheme.Unknown, Theme.DARK),
        (Theme.DARK, Qt.ColorScheme.Light, Theme.DARK),
        (Theme.LIGHT, Qt.ColorScheme.Dark, Theme.LIGHT),
    ],
)
def test_the_system_decides_only_when_asked(theme: Theme, scheme: Qt.ColorScheme, look: Theme) -> None:
    assert resolve(theme, scheme) is look


def test_applying_a_theme_changes_the_colours_of_the_program(qtbot: QtBot, qapp: QApplication) -> None:
    before, sheet = QPalette(qapp.palette()), qapp.styleSheet()
    try:
        for theme in (Theme.LIGHT, Theme.DARK):
            apply_theme(qapp, theme)
            assert qapp.palette().color(Role.Window) == QColor(SHADES[theme].window)
            assert SHADES[theme].warning in qapp.styleSheet()
    finally:
        qapp.setStyleSheet(sheet)
        qapp.setPalette(before)

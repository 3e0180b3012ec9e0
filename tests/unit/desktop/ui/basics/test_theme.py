import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.theme import SHADES, Theme, apply_theme, palette, resolve

LOWEST_CONTRAST = 4.5
LOWEST_CONTRAST_OF_EDGES = 3.0
LOOKS = pytest.mark.parametrize("theme", [Theme.DARK, Theme.LIGHT])
Role = QPalette.ColorRole
Group = QPalette.ColorGroup


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio as WCAG 2 defines it, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


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

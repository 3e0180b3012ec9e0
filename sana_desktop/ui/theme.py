"""The two looks of the window: neutral greys, so that the picture is the only thing with a colour of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication


class Theme(StrEnum):
    """What the user may choose; `system` follows the desktop."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """The colours of one look, as #rrggbb. Every text stands out from its ground by 4.5 to 1 or more."""

    window: str
    panel: str
    base: str
    button: str
    line: str
    text: str
    quiet: str
    faint: str
    accent: str
    on_accent: str
    link: str
    warning: str
    on_warning: str


SHADES: Mapping[Theme, Shades] = MappingProxyType(
    {
        Theme.DARK: Shades(
            window="#232323",
            panel="#2b2b2b",
            base="#1a1a1a",
            button="#363636",
            line="#474747",
            text="#e2e2e2",
            quiet="#b4b4b4",
            faint="#a0a0a0",
            accent="#3b6ea8",
            on_accent="#ffffff",
            link="#8ab8ee",
            warning="#5a2a27",
            on_warning="#ffe3df",
        ),
        Theme.LIGHT: Shades(
            window="#ececec",
            panel="#f5f5f5",
            base="#fcfcfc",
            button="#e2e2e2",
            line="#bdbdbd",
            text="#1d1d1d",
            quiet="#4b4b4b",
            faint="#5c5c5c",
            accent="#2c5f9e",
            on_accent="#ffffff",
            link="#1f5593",
            warning="#fbdcd8",
            on_warning="#6b1410",
        ),
    }
)


def resolve(theme: Theme, scheme: Qt.ColorScheme) -> Theme:
    """The look that `theme` means on a desktop with `scheme`: dark where the desktop does not say."""
    if theme is not Theme.SYSTEM:
        return theme
    return Theme.LIGHT if scheme is Qt.ColorScheme.Light else Theme.DARK


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give every window of `app` the look, now."""
    shades = SHADES[resolve(theme, app.styleHints().colorScheme())]
    app.setStyle("Fusion")
    app.setPalette(palette(shades))
    app.setStyleSheet(style_sheet(shades))


def palette(shades: Shades) -> QPalette:
    """The colours by Qt's names for them."""
    role = QPalette.ColorRole
    colours = {
        role.Window: shades.window,
        role.WindowText: shades.text,
        role.Base: shades.base,
        role.AlternateBase: shades.panel,
        role.Text: shades.text,
        role.PlaceholderText: shades.faint,
        role.Button: shades.button,
        role.ButtonText: shades.text,
        role.ToolTipBase: shades.panel,
        role.ToolTipText: shades.text,
        role.Highlight: shades.accent,
        role.HighlightedText: shades.on_accent,
        role.Accent: shades.accent,
        role.BrightText: shades.on_accent,
        role.Link: shades.link,
        role.LinkVisited: shades.link,
        role.Mid: shades.line,
    }
    result = QPalette(QColor(shades.button), QColor(shades.window))
    for name, colour in colours.items():
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(shades.faint))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(shades.line))
    return result


def style_sheet(shades: Shades) -> str:
    """What a palette cannot say."""
    return f"""
    QToolTip {{ color: {shades.text}; background: {shades.panel}; border: 1px solid {shades.line}; padding: 4px; }}
    QSplitter::handle {{ background: {shades.window}; }}
    QPlainTextEdit, QListView {{ border: 1px solid {shades.line}; border-radius: 4px; background: {shades.base}; }}
    QPlainTextEdit:focus, QListView:focus {{ border-color: {shades.accent}; }}
    QPushButton[primary="true"] {{ color: {shades.on_accent}; background: {shades.accent}; border: 1px solid
        {shades.accent}; border-radius: 4px; padding: 8px 14px; font-weight: bold; }}
    QPushButton[primary="true"]:focus {{ border-color: {shades.text}; }}
    QPushButton[primary="true"]:disabled {{ color: {shades.faint}; background: {shades.button}; border-color:
        {shades.line}; }}
    MessageBar {{ border-radius: 4px; background: {shades.panel}; border: 1px solid {shades.line}; }}
    MessageBar[error="true"] {{ background: {shades.warning}; border-color: {shades.warning}; }}
    MessageBar[error="true"] QLabel, MessageBar[error="true"] QToolButton {{ color: {shades.on_warning}; }}
    """

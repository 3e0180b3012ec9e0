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
    """The colours of one look, as #rrggbb.

    Every text stands out from its ground by 4.5 to 1 or more, and `line` and `focus`, the edges of controls, by
    3 to 1 or more. `ground` is what pictures lie on, `rule` is for lines that only part one thing from another.
    """

    window: str
    ground: str
    panel: str
    base: str
    button: str
    hover: str
    pressed: str
    line: str
    rule: str
    text: str
    quiet: str
    faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    focus: str
    link: str
    warning: str
    on_warning: str


SHADES: Mapping[Theme, Shades] = MappingProxyType(
    {
        Theme.DARK: Shades(
            window="#262626",
            ground="#1a1a1a",
            panel="#2e2e2e",
            base="#1c1c1c",
            button="#353535",
            hover="#404040",
            pressed="#2a2a2a",
            line="#777777",
            rule="#3a3a3a",
            text="#e4e4e4",
            quiet="#b8b8b8",
            faint="#a3a3a3",
            accent="#3b6ea8",
            accent_hover="#3f77b7",
            accent_pressed="#335f91",
            on_accent="#ffffff",
            focus="#6aa5e8",
            link="#8ab8ee",
            warning="#5a2a27",
            on_warning="#ffe3df",
        ),
        Theme.LIGHT: Shades(
            window="#f4f4f4",
            ground="#e2e2e2",
            panel="#fcfcfc",
            base="#ffffff",
            button="#fcfcfc",
            hover="#ebebeb",
            pressed="#dedede",
            line="#808080",
            rule="#cdcdcd",
            text="#1d1d1d",
            quiet="#4b4b4b",
            faint="#5c5c5c",
            accent="#2c5f9e",
            accent_hover="#346aae",
            accent_pressed="#245085",
            on_accent="#ffffff",
            focus="#2c6bb8",
            link="#1f5593",
            warning="#fbdcd8",
            on_warning="#6b1410",
        ),
    }
)

# The role in the palette of what pictures lie on; Qt has no name for it.
GROUND = QPalette.ColorRole.Shadow
# Lines that part one thing from another.
RULE = QPalette.ColorRole.Midlight


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
        role.Accent: shades.focus,
        role.BrightText: shades.on_accent,
        role.Link: shades.link,
        role.LinkVisited: shades.link,
        role.Mid: shades.line,
        RULE: shades.rule,
        GROUND: shades.ground,
    }
    result = QPalette(QColor(shades.button), QColor(shades.window))
    for name, colour in colours.items():
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(shades.faint))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(shades.line))
    return result


def style_sheet(shades: Shades) -> str:
    """What a palette cannot say. Kept short: Qt goes through it for every widget of the start."""
    return f"""
    QToolTip {{ color: {shades.text}; background: {shades.panel}; border: 1px solid {shades.line}; padding: 4px; }}
    QSplitter::handle {{ background: {shades.rule}; }}
    QMenu {{ background: {shades.panel}; border: 1px solid {shades.rule}; }}
    QAbstractScrollArea::corner {{ background: transparent; }}
    QWidget#ground {{ background: {shades.ground}; }}
    QMenuBar {{ background: {shades.window}; padding: 3px 6px; border-bottom: 1px solid {shades.rule}; }}
    QMenuBar::item {{ background: transparent; padding: 4px 10px; border-radius: 4px; }}
    QMenuBar::item:selected {{ background: {shades.hover}; }}

    QPlainTextEdit, QListView {{ border: 1px solid {shades.line}; border-radius: 5px; background: {shades.base}; }}
    QPlainTextEdit:focus, QListView:focus {{ border-color: {shades.focus}; }}
    FilmView, QueueView, GalleryGrid {{ border-color: transparent; border-radius: 0; background: transparent; }}

    CalmLineEdit {{ border: 1px solid {shades.line}; border-radius: 5px; background: {shades.base}; }}

    QPushButton {{ color: {shades.text}; background: {shades.button}; border: 1px solid {shades.line};
        border-radius: 5px; padding: 5px 12px; }}
    QPushButton[tight="true"] {{ padding: 5px 8px; }}
    QPushButton:hover {{ background: {shades.hover}; }}
    QPushButton:pressed {{ background: {shades.pressed}; }}
    QPushButton:focus {{ border-color: {shades.focus}; }}
    QPushButton:disabled {{ color: {shades.faint}; background: transparent; border-color: {shades.rule}; }}
    QPushButton[primary="true"] {{ color: {shades.on_accent}; background: {shades.accent};
        border-color: {shades.accent}; font-weight: bold; }}
    QPushButton[primary="true"]:hover {{ background: {shades.accent_hover}; }}
    QPushButton[primary="true"]:pressed {{ background: {shades.accent_pressed}; }}
    QPushButton[primary="true"]:focus {{ border-color: {shades.text}; }}
    QPushButton[primary="true"]:disabled {{ color: {shades.faint}; background: transparent;
        border-color: {shades.rule}; }}

    QToolButton {{ border: 1px solid transparent; border-radius: 5px; background: transparent; padding: 3px; }}
    QToolButton:hover {{ background: {shades.hover}; }}
    QToolButton:pressed, QToolButton:checked {{ background: {shades.button}; }}
    QToolButton:focus {{ border-color: {shades.focus}; }}
    QToolButton:disabled {{ background: transparent; }}

    QScrollBar {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: 10px; }}
    QScrollBar:horizontal {{ height: 10px; }}
    QScrollBar::handle {{ background: {shades.line}; border-radius: 3px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {shades.quiet}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

    QProgressBar {{ background: {shades.rule}; border: none; border-radius: 2px; }}
    QProgressBar::chunk {{ background: {shades.focus}; border-radius: 2px; }}
    QSlider::groove:horizontal {{ background: {shades.rule}; height: 4px; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {shades.line}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ background: {shades.quiet}; width: 12px; margin: -4px 0; border-radius: 6px; }}
    QSlider::handle:horizontal:focus {{ background: {shades.focus}; }}

    QLabel[problem="true"] {{ color: {shades.on_warning}; background: {shades.warning}; border-radius: 5px;
        padding: 4px 8px; }}
    ActionBanner, MessageBar {{ border: 1px solid {shades.line}; border-radius: 5px; background: {shades.panel}; }}
    ActionBanner[wide="true"], MessageBar[wide="true"] {{ border: none; border-bottom: 1px solid {shades.rule};
        border-radius: 0; }}
    MessageBar[error="true"] {{ background: {shades.warning}; border-color: {shades.warning}; }}
    MessageBar[error="true"] QLabel, MessageBar[error="true"] QToolButton {{ color: {shades.on_warning}; }}
    """

"""A prompt panel for tests, and its parts by their names."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.domain.styles import Style
from sana_desktop.services.prompt_history import PromptHistory
from sana_desktop.services.styles import StyleBook
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.ui.prompt.prompt_editor import PromptEditor
from sana_desktop.ui.prompt.prompt_panel import PromptPanel
from support.packs import manifest

STARTER = replace(manifest(Path("starter"), "starter"), base_size=256, default_steps=20, default_guidance=4.0)
PHOTO = Style("Photo", "a photo of {prompt}, sharp", "drawing")
INK = Style("Ink", "black (ink:1.2)")
T = TypeVar("T", bound=QWidget)
CONTROL = Qt.KeyboardModifier.ControlModifier


def panel_for(qtbot: QtBot, pack: PackManifest = STARTER) -> PromptPanel:
    """A panel whose random seeds are 100, 101, 102, ..., with two styles."""
    panel = PromptPanel(pack, itertools.count(100).__next__, PromptHistory(), StyleBook([PHOTO, INK]))
    qtbot.addWidget(panel)
    panel.resize(320, 700)
    panel.show()
    return panel


def named(panel: PromptPanel, name: str) -> QWidget:
    return next(widget for widget in panel.findChildren(QWidget) if widget.accessibleName() == name)


def found(widget: QWidget, kind: type[T]) -> T:
    child = widget.findChild(kind)
    assert child is not None
    return child


def button(panel: PromptPanel) -> QPushButton:
    found = named(panel, "Generate")
    assert isinstance(found, QPushButton)
    return found


def about(panel: PromptPanel) -> str:
    label = named(panel, "What will be drawn")
    assert isinstance(label, QLabel)
    return label.text()


def prompt(panel: PromptPanel) -> PromptEditor:
    found = named(panel, "Prompt")
    assert isinstance(found, PromptEditor)
    return found


def marked(panel: PromptPanel) -> list[list[str]]:
    """The words of each line that are marked as not read."""
    document = prompt(panel).document()
    lines = []
    for number in range(document.blockCount()):
        block = document.findBlockByNumber(number)
        units = block.text().encode("utf-16-le")
        lines.append(
            [
                units[2 * piece.start : 2 * (piece.start + piece.length)].decode("utf-16-le")
                for piece in block.layout().formats()
                if piece.format.underlineStyle() != piece.format.UnderlineStyle.NoUnderline
            ]
        )
    return lines

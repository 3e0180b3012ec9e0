import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from sana_desktop.system.settings_schema import shipped_schema
from sana_desktop.ui.settings.settings_texts import TEXTS, setting_text


class Shouting(QTranslator):
    """Translates every text of the preferences into capitals."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Capitals."""
        return text.upper() if context == "Settings" else ""

    def isEmpty(self) -> bool:
        """It has words."""
        return False


@pytest.mark.usefixtures("qapp")
def test_texts_are_read_in_the_language_of_the_window(qtbot: QtBot):
    translator = Shouting()
    QCoreApplication.installTranslator(translator)
    try:
        assert setting_text("Theme") == "THEME"
        assert setting_text("") == ""
    finally:
        QCoreApplication.removeTranslator(translator)
    assert setting_text("Theme") == "Theme"


def test_translators_find_every_label():
    assert {setting.label for setting in shipped_schema().settings.values()} <= set(map(str, TEXTS))

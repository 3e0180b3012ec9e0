"""The window speaks the language that was chosen, and English where nobody knows better."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from sana_desktop.ui.basics.translation import ENGLISH, language_for, languages, speak


@pytest.fixture
def shipped(repository: Path) -> Path:
    return repository / "resources" / "translations"


@pytest.fixture
def parent(qapp: QApplication) -> Iterator[QObject]:
    """Takes its translators away again."""
    before, owner = QLocale(), QObject()
    yield owner
    for translator in owner.findChildren(QTranslator):
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)


def test_english_needs_no_file(tmp_path: Path) -> None:
    assert languages(tmp_path) == (ENGLISH,)


def test_german_ships(shipped: Path) -> None:
    assert "de" in languages(shipped)


@pytest.mark.parametrize(
    ("choice", "desktop", "expected"),
    [
        ("de", ("en-GB",), "de"),
        ("en", ("de-AT",), "en"),
        ("system", ("de-AT", "en"), "de"),
        ("system", ("de_CH",), "de"),
        ("system", ("fr-FR", "de-DE"), "de"),
        ("system", ("fr-FR",), "en"),
        ("system", (), "en"),
        ("kli", (), "en"),
    ],
)
def test_a_language_that_is_not_there_becomes_english(
    shipped: Path, choice: str, desktop: tuple[str, ...], expected: str
) -> None:
    assert language_for(choice, shipped, desktop) == expected


def test_texts_are_german_once_the_window_speaks_german(shipped: Path, parent: QObject) -> None:
    assert QCoreApplication.translate("PromptPanel", "Generate") == "Generate"
    assert len(speak("de", shipped, parent)) == 2
    assert QCoreApplication.translate("PromptPanel", "Generate") == "Zeichnen"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_english_installs_nothing(shipped: Path, parent: QObject) -> None:
    assert speak(ENGLISH, shipped, parent) == []


@pytest.mark.parametrize(
    ("desktop", "language", "number"),
    [("de_DE", "de", "3,5"), ("en_GB", "de", "3,5"), ("de_DE", "en", "3.5"), ("C", "en", "3.5"), ("C", "de", "3,5")],
)
def test_numbers_follow_the_words(shipped: Path, parent: QObject, desktop: str, language: str, number: str) -> None:
    QLocale.setDefault(QLocale(desktop))
    speak(language, shipped, parent)
    assert QLocale().toString(3.5, "f", 1) == number


@pytest.mark.parametrize(("desktop", "language"), [("de_AT", "de"), ("en_GB", "en")])
def test_dates_stay_in_the_way_of_the_own_country(shipped: Path, parent: QObject, desktop: str, language: str) -> None:
    QLocale.setDefault(QLocale(desktop))
    speak(language, shipped, parent)
    assert QLocale().name() == desktop

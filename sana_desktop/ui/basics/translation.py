"""The language of the window: English as written in the sources, or a translation that ships."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

FOLDER = "translations"
PREFIX = "sana_desktop_"
SUFFIX = ".qm"
ENGLISH = "en"
# The setting's word for the language of the desktop.
SYSTEM = "system"


def languages(folder: Path) -> tuple[str, ...]:
    """Codes of the languages that the window speaks: English, and what `folder` holds."""
    found = (path.name.removeprefix(PREFIX).removesuffix(SUFFIX) for path in folder.glob(f"{PREFIX}*{SUFFIX}"))
    return (ENGLISH, *sorted(found))


def language_for(choice: str, folder: Path, desktop: tuple[str, ...]) -> str:
    """The language that `choice` means where the desktop prefers `desktop` (such as "de-AT"), best first."""
    known = languages(folder)
    wanted = desktop if choice == SYSTEM else (choice,)
    short = (code.replace("_", "-").partition("-")[0].lower() for code in wanted)
    return next((code for code in short if code in known), ENGLISH)


def speak(language: str, folder: Path, parent: QObject) -> list[QTranslator]:
    """Let texts that are made from now on be in `language`; the translators, kept alive by `parent`.

    Qt's own words, on the buttons of a file dialog for one, come from Qt's own translations. Numbers and dates
    follow the words, in the way of the user's own country where it speaks that language.
    """
    if _numbers_of(QLocale()) != language:
        QLocale.setDefault(QLocale(language))
    if language == ENGLISH:
        return []
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    loaded: list[QTranslator] = []
    for name, place in ((f"qtbase_{language}", qt), (f"{PREFIX}{language}", str(folder))):
        translator = QTranslator(parent)
        if translator.load(name, place):
            QCoreApplication.installTranslator(translator)
            loaded.append(translator)
    return loaded


def _numbers_of(locale: QLocale) -> str:
    """The language in whose way `locale` writes numbers; a machine without any writes them as English does."""
    plain = locale.language() is QLocale.Language.C
    return ENGLISH if plain else locale.name().partition("_")[0]

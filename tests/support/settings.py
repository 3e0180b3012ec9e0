"""Preferences for tests: the shipped schema with a file of the test's own."""

from pathlib import Path

from sana_desktop.system.settings import Settings
from sana_desktop.system.settings_file import FILE_NAME
from sana_desktop.system.settings_schema import shipped_schema


def settings_in(folder: Path, text: str | None = None) -> Settings:
    """Preferences kept in `folder`, whose file holds `text` at first."""
    path = folder / FILE_NAME
    if text is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Settings(shipped_schema(), path)

"""What is made from the schema of the preferences says what the schema says."""

from sana_desktop.system.settings_doc import PAGE, TEXTS, settings_page, texts_module
from sana_desktop.system.settings_schema import shipped_schema

ADVICE = "run: python -m sana_desktop.system.settings_doc"


def test_the_page_of_the_preferences_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(shipped_schema()), ADVICE


def test_the_translators_list_of_the_preferences_is_fresh() -> None:
    assert TEXTS.read_text(encoding="utf-8") == texts_module(shipped_schema()), ADVICE

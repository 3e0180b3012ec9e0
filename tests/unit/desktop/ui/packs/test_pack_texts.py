"""What the starter pack says can be translated; what a stranger's pack says stays."""

from pathlib import Path

from sana_desktop.system.packs import read_pack
from sana_desktop.ui.packs.pack_texts import TEXTS, pack_text


def test_the_translators_find_what_the_pack_that_ships_says(repository: Path) -> None:
    starter = read_pack(repository / "resources" / "starter")
    assert set(TEXTS) == {starter.description, starter.notice}


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    assert pack_text("Draws {nothing} but cats.") == "Draws {nothing} but cats."
    assert pack_text("") == ""

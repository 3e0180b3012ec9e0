"""What ships says under which licence it does."""

import tomllib
from pathlib import Path

from support.sources import REPOSITORY
from training.pictures import SOURCES

RESOURCES = REPOSITORY / "resources"
PREVIEW = RESOURCES / "preview"
WEIGHTS = {".safetensors", ".pth", ".gguf", ".bin"}


def test_the_project_has_its_licence_and_its_notice() -> None:
    assert "Version 2.0, January 2004" in (REPOSITORY / "LICENSE").read_text()
    assert tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"
    assert "Apache License, Version 2.0" in (REPOSITORY / "NOTICE").read_text()


def test_every_pack_that_ships_names_its_licence_and_stands_in_the_notice() -> None:
    notice = (REPOSITORY / "NOTICE").read_text()
    shipped = {path.parent for path in RESOURCES.rglob("*") if path.suffix in WEIGHTS}
    assert PREVIEW in shipped
    packs = {folder if (folder / "pack.toml").is_file() else folder.parent for folder in shipped - {PREVIEW}}
    for pack in packs:
        manifest = tomllib.loads((pack / "pack.toml").read_text(encoding="utf-8"))
        assert manifest["licence"], pack
        assert str(pack.relative_to(REPOSITORY)) in notice


def test_the_preview_decoder_of_published_models_names_its_data_and_is_small() -> None:
    card = (PREVIEW / "README.md").read_text(encoding="utf-8")
    assert "MIT" in card
    assert [source.package for source in SOURCES if source.package not in card] == []
    assert sum(path.stat().st_size for path in PREVIEW.iterdir()) <= 6_000_000
    assert "resources/preview" in (REPOSITORY / "NOTICE").read_text()


def test_every_licence_note_says_something() -> None:
    notes = [path for path in (RESOURCES / "licenses").rglob("*") if path.is_file()]
    assert notes, "resources/licenses holds the licences of what the program shows or ships"
    assert [path for path in notes if not Path(path).read_text(encoding="utf-8").strip()] == []

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


def test_all_weights_that_ship_name_their_licence_and_stand_in_the_notice() -> None:
    notice = (REPOSITORY / "NOTICE").read_text()
    shipped = {path.parent for path in RESOURCES.rglob("*") if path.suffix in WEIGHTS}
    owners = {folder if folder.parent == RESOURCES else folder.parent for folder in shipped}
    assert owners
    for owner in owners:
        # A pack has a manifest; weights for packs of others have a card alone.
        if owner == PREVIEW:
            card = (owner / "README.md").read_text(encoding="utf-8")
            assert [source.package for source in SOURCES if source.package not in card] == []
            assert sum(path.stat().st_size for path in owner.iterdir()) <= 6_000_000
        else:
            assert tomllib.loads((owner / "pack.toml").read_text(encoding="utf-8"))["licence"], owner
        assert str(owner.relative_to(REPOSITORY)) in notice


def test_every_licence_note_says_something() -> None:
    notes = [path for path in (RESOURCES / "licenses").rglob("*") if path.is_file()]
    assert notes, "resources/licenses holds the licences of what the program shows or ships"
    assert [path for path in notes if not Path(path).read_text(encoding="utf-8").strip()] == []

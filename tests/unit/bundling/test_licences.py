"""The notice, and what keeps a bundle from being passed on."""

from pathlib import Path

from bundling.components import BOOTLOADER, REPOSITORY, Component
from bundling.inventory import Collected
from bundling.licences import problems, write_licences, write_owners

GOOD = Component("good", "1.0", "MIT", "library", (REPOSITORY / "LICENSE", REPOSITORY / "NOTICE"))


def test_all_is_well_where_everything_has_a_licence() -> None:
    assert problems({Collected("a", "/a", "DATA"): GOOD}) == []


def test_each_trouble_names_the_file() -> None:
    found = problems(
        {
            Collected("lost.so", "/lost.so", "BINARY"): None,
            Collected("silent.so", "/s", "BINARY"): Component("silent", "1", "", "library"),
            Collected("free.so", "/f", "BINARY"): Component("free", "1", "GPL-3.0-only", "library"),
        }
    )
    assert [next(word for word in ("lost.so", "silent.so", "free.so") if word in line) for line in found] == [
        "free.so",
        "lost.so",
        "silent.so",
    ]


def test_the_notice_names_packages_terms_and_data(tmp_path: Path) -> None:
    write_licences(tmp_path / "licences", {Collected("a", "/a", "DATA"): GOOD, Collected("m", "/m", "PYMODULE"): GOOD})
    notice = (tmp_path / "licences" / "NOTICE.txt").read_text(encoding="utf-8")
    for words in (
        "good     1.0      MIT      2",
        "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms",
        "LGPL-3.0-only",
        "you may replace them",
        "emojibase-data",
        "GCC Runtime Library Exception",
        "Apache License, Version 2.0",
    ):
        assert words in notice
    assert sorted(path.name for path in (tmp_path / "licences" / "texts" / "good").iterdir()) == ["LICENSE", "NOTICE"]


def test_texts_of_the_same_name_are_all_kept(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "LICENSE").write_text(folder)
    double = Component("a b", "1", "MIT", "library", (tmp_path / "one" / "LICENSE", tmp_path / "two" / "LICENSE"))
    write_licences(tmp_path / "licences", {Collected("a", "/a", "DATA"): double})
    texts = {path.read_text() for path in (tmp_path / "licences" / "texts" / "a-b").iterdir()}
    assert texts == {"one", "two"}


def test_every_file_that_is_there_gets_an_owner_or_is_told(tmp_path: Path) -> None:
    libraries = tmp_path / "_internal"
    for place in ("_internal/a/b.so", "_internal/lost.so", "licences/texts/good/LICENSE", "share/icon.svg", "program"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(place)
    bootloader = Component(BOOTLOADER, "1", "GPL-2.0-or-later WITH Bootloader-exception", "library")
    owners = {
        Collected("a/b.so", "/b.so", "BINARY"): GOOD,
        Collected("m", "/m.py", "PYMODULE"): GOOD,
        Collected("gone.so", "/gone.so", "BINARY"): GOOD,
        Collected("hook", "/hook.py", "PYMODULE"): bootloader,
    }
    assert write_owners(tmp_path, libraries, owners) == ["_internal/lost.so"]
    lines = (tmp_path / "licences" / "files.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        ["_internal/a/b.so", "good"],
        ["licences/files.txt", "sana-desktop"],
        ["licences/texts/good/LICENSE", "good"],
        ["program", BOOTLOADER],
        ["share/icon.svg", "sana-desktop"],
        ["module hook", BOOTLOADER],
        ["module m", "good"],
    ]

from pathlib import Path

import pytest

from sana_desktop.errors import PromptListError
from sana_desktop.services.batch.wildcard_files import LARGEST_BYTES, WildcardFolder


@pytest.fixture
def folder(tmp_path: Path) -> WildcardFolder:
    root = tmp_path / "wildcards"
    (root / "art" / "old").mkdir(parents=True)
    (root / "colours.txt").write_text("\ufeff# comment\nred\n\n  green \n", encoding="utf-8")
    (root / "art" / "ink.txt").write_text("ink\n", encoding="utf-8")
    (root / "art" / "old" / "oil.txt").write_text("oil\n", encoding="utf-8")
    (root / "empty.txt").write_text("# nothing\n", encoding="utf-8")
    (root / "latin.txt").write_bytes(b"\xe9\n")
    (root / "zero.txt").write_bytes(b"a\0\n")
    (root / "large.txt").write_bytes(b"a" * (LARGEST_BYTES + 1))
    (tmp_path / "secret.txt").write_text("secret\n", encoding="utf-8")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    return WildcardFolder(root)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("colours", ("red", "green")),
        ("art/ink", ("ink",)),
        ("art/*", ("ink",)),
        ("art/**", ("ink", "oil")),
        ("col*", ("red", "green")),
    ],
)
def test_lines_are_the_values(folder: WildcardFolder, name: str, values: tuple[str, ...]):
    assert folder.values(name) == values


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", "no wildcard"),
        ("empty", "no wildcard"),
        ("../secret", "leads out"),
        ("/etc/passwd", "leads out"),
        ("link", "no wildcard"),
        ("latin", "cannot be read"),
        ("zero", "zero byte"),
        ("large", "more than"),
    ],
)
def test_what_is_no_wildcard_is_named(folder: WildcardFolder, name: str, message: str):
    with pytest.raises(PromptListError, match=message):
        folder.values(name)


def test_without_a_folder_there_are_none():
    with pytest.raises(PromptListError, match="no wildcards"):
        WildcardFolder(None).values("x")

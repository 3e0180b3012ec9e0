"""What the pages say about the project is true."""

import re
import subprocess
from pathlib import Path

import pytest

from support.sources import REPOSITORY

PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
DECISIONS = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))


def project_files() -> list[Path]:
    """What belongs to the project, relative to its root; skips where that cannot be known."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [Path(name) for name in listed.stdout.splitlines()]


def drawn_tree() -> set[Path]:
    """The paths in the tree that the README draws."""
    (block,) = re.findall(r"## Where things are\n\n```\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)
    paths: set[Path] = set()
    parent = Path()
    for line in block.splitlines():
        name = Path(line.split()[0])
        if line.startswith("  "):
            paths.add(parent / name)
        else:
            parent = name
            paths.add(name)
    return paths


def test_the_tree_in_the_readme_names_the_folders_that_exist() -> None:
    folders = {
        folder
        for path in project_files()
        for folder in path.parents
        # The top level, and the rooms of the application.
        if len(folder.parts) == 1 or (len(folder.parts) == 2 and folder.parts[0] == "sana_desktop")
        if not folder.name.startswith(".")
    }
    assert drawn_tree() == folders


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_short_and_says_how_to_undo_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "How to undo"]
    assert len(text.splitlines()) <= 60
    assert text.startswith(f"# {int(page.stem[:4])}. ")


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.stem[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    headings = re.findall(r"^## (.*)$", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_the_readme_names_every_verb_of_the_makefile() -> None:
    (verbs,) = re.findall(r"^\.PHONY: (.*)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    pages = (REPOSITORY / "README.md").read_text() + (REPOSITORY / "CONTRIBUTING.md").read_text()
    assert [verb for verb in verbs.split() if f"`make {verb}" not in pages] == []


def test_architecture_is_one_page() -> None:
    assert len((REPOSITORY / "docs" / "architecture.md").read_text().splitlines()) <= 100


def test_no_file_holds_both_sides_of_a_merge() -> None:
    mark = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
    texts = [path for path in project_files() if path.suffix in {".csv", ".md", ".py", ".toml", ".ts"}]
    assert [
        str(path) for path in texts if (REPOSITORY / path).exists() and mark.search((REPOSITORY / path).read_bytes())
    ] == []

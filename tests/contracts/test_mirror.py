"""Every source file has a test file of the same name at the same place."""

from pathlib import Path

from support.sources import REPOSITORY, sources

UNIT = REPOSITORY / "tests" / "unit"

# Where the tests of a package stand.
MIRRORS = {
    REPOSITORY / "sana_desktop": UNIT / "desktop",
    REPOSITORY / "models" / "sana_models": UNIT / "models",
    REPOSITORY / "kernels" / "sana_kernels": UNIT / "kernels",
    REPOSITORY / "training": UNIT / "training",
    REPOSITORY / "bundling": UNIT / "bundling",
}

# Sources without a twin, and why.
WITHOUT_TWIN: dict[str, str] = {
    "models/sana_models/configs.py": "values and presets; the tests of every network build from them",
    "sana_desktop/domain/engine_port.py": "a protocol; pyright checks who claims to fulfil it",
    "sana_desktop/services/batch/jobs.py": "a protocol; the tests of running and of the cluster run on both kinds",
    "sana_desktop/domain/batch/lists.py": "an enumeration and a number",
    "sana_desktop/engine/text_features.py": "one value with two fields",
    "sana_desktop/ui/window/window_parts.py": "one value; whoever makes a window makes it",
    "bundling/entry.py": "the frozen program's first lines; tests/bundle runs them, and cli/bundled.py has its tests",
    "sana_desktop/__main__.py": "two lines that call cli.main, which has its tests",
}


def twin(source: Path) -> Path:
    """Where the tests of `source` belong."""
    for package, mirror in MIRRORS.items():
        if source.is_relative_to(package):
            inside = source.relative_to(package)
            return mirror / inside.with_name(f"test_{source.name}")
    raise AssertionError(f"{source} belongs to no package")


def test_every_source_has_a_twin_or_a_reason() -> None:
    without = [
        f"{source.relative_to(REPOSITORY)} -> {twin(source).relative_to(REPOSITORY)}"
        for source in sources()
        # A package's own file only names what its modules define.
        if source.name != "__init__.py"
        and str(source.relative_to(REPOSITORY)) not in WITHOUT_TWIN
        and not twin(source).is_file()
    ]
    assert not without, "without a twin:\n" + "\n".join(without)


def test_no_reason_outlives_its_file() -> None:
    assert [name for name in WITHOUT_TWIN if twin(REPOSITORY / name).is_file()] == []
    assert [name for name in WITHOUT_TWIN if not (REPOSITORY / name).is_file()] == []


def test_every_unit_test_has_a_source() -> None:
    twins = {twin(source) for source in sources()}
    orphans = [path for path in UNIT.rglob("test_*.py") if path not in twins]
    assert [str(path.relative_to(REPOSITORY)) for path in orphans] == []


def test_test_folders_are_no_packages() -> None:
    # Equal file names in different folders work only as long as the folders are not packages.
    assert list((REPOSITORY / "tests").rglob("__init__.py")) == []

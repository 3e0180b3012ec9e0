"""Files stay short enough to be read in one sitting."""

from pathlib import Path
from statistics import median

from support.sources import REPOSITORY, python_files, sources

MOST_LINES = 500
MEDIAN_LINES = 150


def lines(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_its_budget() -> None:
    everything = [*sources(), *python_files(REPOSITORY / "tests"), *python_files(REPOSITORY / "benchmarks")]
    longest = sorted(((lines(path), str(path.relative_to(REPOSITORY))) for path in everything), reverse=True)[:10]
    print("\n".join(f"{count:5} {name}" for count, name in longest))  # noqa: T201  # shown by `pytest -s` and on failure
    assert longest[0][0] <= MOST_LINES


def test_the_median_source_is_short() -> None:
    assert median(lines(path) for path in sources()) < MEDIAN_LINES

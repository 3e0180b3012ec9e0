from pathlib import Path

import pytest

from sana_desktop.gallery.metadata import read_recipe
from support.fake_engine import FakeEngine
from support.terminal import Terminal


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("a fox\na dog --seed 9\n", ()),
        ('{"prompt": "a fox"}\n{"prompt": "a dog", "seed": 9}\n', ("--format", "jsonl")),
        ("prompt,seed\na fox,\na dog,9\n", ("--format", "csv")),
    ],
)
def test_a_list_may_come_in_a_pipe(tmp_path: Path, text: str, more: tuple[str, ...]):
    out = tmp_path / "out"
    for resumed in ((), ("--resume",)):
        terminal = Terminal(tmp_path / f"home{len(resumed)}", FakeEngine())
        result = terminal.run("batch", "-", "--out", str(out), *more, *resumed, stdin=text)
        assert result.exit_code == 0, result.stderr
    pictures = sorted(out.glob("*.png"))
    assert [read_recipe(path).prompt for path in pictures] == ["a fox", "a dog"]
    assert read_recipe(pictures[1]).seed == 9


def test_pictures_of_one_size_are_drawn_together_whatever_their_words(tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_text("a fox\na dog --size 64x32\na cat\na cow --size 64x32\n", encoding="utf-8")
    engine = FakeEngine()
    result = Terminal(tmp_path / "home", engine).run(
        "batch", str(path), "--out", str(tmp_path / "out"), "--jobs-per-batch", "4"
    )
    assert result.exit_code == 0, result.stderr
    assert [[one.prompt for one in batch] for batch in engine.batches] == [["a fox", "a cat"], ["a dog", "a cow"]]
    assert [len(ahead) for ahead in engine.read] == [2]


def test_a_cluster_that_is_none_is_refused_before_anything_is_made(tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_text("a fox\n", encoding="utf-8")
    out = tmp_path / "out"
    result = Terminal(tmp_path / "home").run("batch", str(path), "--out", str(out), "--cluster", "slurm")
    assert result.exit_code == 2
    assert "is not a cluster" in result.stderr
    assert not out.exists()

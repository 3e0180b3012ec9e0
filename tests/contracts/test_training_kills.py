"""What `benchmarks.training_kills` calls equal, and that it kills what runs."""

from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file

from benchmarks.training_kills import Stage, compare, survive


def write(folder: Path, weight: float, level: int) -> Path:
    """A folder as a stage leaves it."""
    folder.mkdir()
    save_file({"w": torch.full((3,), weight).bfloat16()}, folder / "net.safetensors")
    Image.new("RGB", (4, 4), (level, 0, 0)).save(folder / "000.png")
    (folder / "log.csv").write_text(f"0,{weight}\n")
    (folder / "half.partial").write_text("half")
    (folder / f".tmp{level}x").write_text("half, by safetensors")
    return folder


def test_equal_values_are_equal_whatever_the_logs_say(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", 1, 7), write(tmp_path / "other", 1, 7)
    (other / ".tmp7x").rename(other / ".tmp8y")
    (other / "log.csv").write_text("another second\n")
    assert compare(one, other) == {"files": 2, "differing": 0, "largest_difference": 0.0}


def test_differences_are_counted_and_measured_and_so_are_files_that_only_one_has(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", 1, 7), write(tmp_path / "other", 1.5, 9)
    (other / "more.json").write_text("{}")
    assert compare(one, other) == {"files": 2, "differing": 3, "largest_difference": 2.0}


def test_a_run_is_killed_after_it_has_written_and_one_that_ended_before_is_told_apart(tmp_path: Path) -> None:
    # `timeit` stands for a stage: it writes, and would then run for minutes, or end.
    write = f"open({str(tmp_path / 'begun')!r}, 'w').close()"
    slow = Stage("slow", ("timeit", "-n1", "-r1", "-s", write, "import time; time.sleep(600)"), tmp_path)
    assert survive(slow, 1)
    assert (tmp_path / "begun").exists()
    assert not survive(Stage("quick", ("timeit", "-n1", "-r1", "pass"), tmp_path), 1)

import argparse
from pathlib import Path

import pytest

from training.loop import Slice, add_slice_options, rate_factor, slice_from


def part(out: Path, **changes: float) -> Slice:
    values = {"steps": 50, "minutes": 1e9, "batch": 4, "save_every": 20, **changes}
    return Slice(**values, out=out)  # pyright: ignore[reportArgumentType]


def test_a_run_saves_now_and_then_and_at_its_end(tmp_path: Path) -> None:
    saved: list[int] = []
    reached = part(tmp_path).run(0, lambda step: {"loss": float(step)}, saved.append)
    assert (reached, saved) == (50, [20, 40, 50])


def test_the_end_is_not_saved_twice(tmp_path: Path) -> None:
    saved: list[int] = []
    part(tmp_path, steps=40).run(0, lambda step: {"loss": 0.0}, saved.append)
    assert saved == [20, 40]


def test_a_slice_goes_on_where_the_last_one_ended_and_adds_to_its_log(tmp_path: Path) -> None:
    steps: list[int] = []

    def do_step(step: int) -> dict[str, float]:
        steps.append(step)
        return {"loss": 0.5}

    part(tmp_path, steps=20).run(0, do_step, lambda _: None)
    part(tmp_path, steps=40).run(20, do_step, lambda _: None)
    assert steps == list(range(40))
    rows = (tmp_path / "log.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[:2] for row in rows] == [["20", "0.50000"], ["40", "0.50000"]]


def test_a_slice_without_time_does_nothing_but_save(tmp_path: Path) -> None:
    saved: list[int] = []
    reached = part(tmp_path, minutes=0).run(7, lambda step: {"loss": 0.0}, saved.append)
    assert (reached, saved) == (7, [7])


def test_the_command_line_makes_a_slice_and_its_folder(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    add_slice_options(parser, steps=9, batch=3)
    found = slice_from(parser.parse_args(["--out", str(tmp_path / "run"), "--minutes", "10"]))
    assert (found.steps, found.batch, found.minutes) == (9, 3, 10.0)
    assert (tmp_path / "run").is_dir()


@pytest.mark.parametrize(("step", "expected"), [(0, 0.1), (9, 1.0), (70, 1.0), (85, 0.5), (99, 1 / 30)])
def test_the_rate_rises_stays_and_falls(step: int, expected: float) -> None:
    assert rate_factor(step, 100, 10, 0.3) == pytest.approx(expected)

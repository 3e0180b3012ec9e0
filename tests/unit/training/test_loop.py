import argparse
from pathlib import Path

import pytest

from training.loop import Pace, Slice, add_slice_options, pace_from, rate_factor, slice_from


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
    assert rate_factor(step, step / 100, 10, 0.3) == pytest.approx(expected)


def test_a_run_that_ends_at_a_time_is_as_far_as_the_clock_or_its_steps_say() -> None:
    times = iter([1000.0, 1030.0, 1060.0])
    pace = Pace(100, 2.0, lambda: next(times))
    assert [pace.share(step) for step in (0, 10, 90)] == [0.0, 0.25, 0.9]


def test_a_slice_is_the_whole_run_only_if_it_is_said(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_slice_options(parser, steps=10, batch=3)
    part_of_it = pace_from(parser.parse_args(["--minutes", "1e-9"]))
    whole = pace_from(parser.parse_args(["--minutes", "1e-9", "--whole"]))
    assert [part_of_it.share(step) for step in (0, 5)] == [0, 0.5]
    whole.share(0)
    assert whole.share(5) > 0.5

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from support.tiny_packages import write_tiny_packages
from training.sana_encoder import FILE, STEM, WIDTH, SanaEncoderRun, explained, parse
from training.tiny_encoder import TinyEncoder


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_packages(tmp_path_factory.mktemp("packages"))


def tiny_run(packages: Path, out: Path, *options: str) -> SanaEncoderRun:
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    teacher = TinyEncoder(2, 4).requires_grad_(False)
    settings = parse([str(packages), str(out), "--teacher", "", "--batch", "2", *options])
    return SanaEncoderRun(packages, teacher, settings)


def test_the_mean_explains_nothing_and_the_truth_everything() -> None:
    true = torch.randn(4, 32, 2, 2)
    assert explained(true, true) == 1
    assert explained(true.mean(dim=(0, 2, 3), keepdim=True).expand_as(true), true) == pytest.approx(0, abs=1e-6)


def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(packages: Path, tmp_path: Path) -> None:
    whole = tiny_run(packages, tmp_path / "whole")
    for step in range(3):
        whole.train_step(step)
    first = tiny_run(packages, tmp_path / "cut")
    first.train_step(0)
    first.save(1)
    second = tiny_run(packages, tmp_path / "cut")
    assert second.step == 1
    for step in range(1, 3):
        second.train_step(step)
    for name, value in whole.average.parameters.items():
        torch.testing.assert_close(second.average.parameters[name], value, atol=1e-6, rtol=1e-5)


def test_saving_reports_the_check_and_writes_the_average(packages: Path, tmp_path: Path) -> None:
    run = tiny_run(packages, tmp_path, "--save-every", "1")
    assert run.train_step(0)["checked"] < 1
    run.save(1)
    TinyEncoder(STEM, WIDTH).bfloat16().load_state_dict(load_file(tmp_path / FILE))

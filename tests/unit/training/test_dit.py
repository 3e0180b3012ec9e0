from pathlib import Path
from typing import Any

import pytest
import torch

from sana_desktop.engine.weights.load import load_transformer
from sana_desktop.engine.weights.save import save_transformer
from sana_models.dit import SanaTransformer
from support.tiny_models import TINY_DIT, largest_error, random_dit
from support.tiny_training import write_tiny_features
from training.dit import DiTRun, noisy_times, optimizers, parse, shape_of, start_quietly
from training.pairs import PairDealer


@pytest.fixture
def features(tmp_path: Path) -> Path:
    return write_tiny_features(tmp_path / "features", width=TINY_DIT.caption_channels)


def tiny_run(features: Path, out: Path, *options: str) -> DiTRun:
    out.mkdir(parents=True, exist_ok=True)
    start = out.parent / "start"
    if not start.exists():
        save_transformer(random_dit(), start, dtype=torch.float32)
    arguments = [str(features), str(out), "--init", str(start), "--batch", "8", "--warmup", "1", *options]
    return DiTRun(PairDealer(features), out, parse(arguments))


def test_times_are_whole_thousandths_between_zero_and_one() -> None:
    sigma_B = noisy_times(1000, 1.5, torch.Generator().manual_seed(0))
    assert sigma_B.min() >= 0
    assert sigma_B.max() < 1
    torch.testing.assert_close(sigma_B * 1000, (sigma_B * 1000).round(), atol=1e-3, rtol=0)


def test_other_shapes_are_trained_now_and_then_and_in_turns() -> None:
    shapes = [shape_of(step, 3) for step in range(28)]
    assert [shape for shape in shapes if shape] == [1, 2, 1, 2]
    assert {shape_of(step, 1) for step in range(28)} == {0}


def test_a_shift_moves_times_towards_noise() -> None:
    plain, shifted = (noisy_times(2000, shift, torch.Generator().manual_seed(0)).mean() for shift in (1.0, 3.0))
    assert shifted > plain + 0.1


def test_a_quiet_start_puts_out_zero_and_does_not_read_the_prompt() -> None:
    model = SanaTransformer(TINY_DIT)
    start_quietly(model)
    one, other = (torch.randn(1, 3, TINY_DIT.caption_channels) for _ in range(2))
    latents = torch.randn(1, 32, 2, 2)
    block: Any = model.transformer_blocks[0]
    for text in (one, other):
        context = model.prepare_text(text, torch.ones(1, 3))
        assert model(latents, torch.tensor([500.0]), context).abs().max() == 0
        assert block.attn2(torch.randn(1, 4, TINY_DIT.width), context.blocks[0], None).abs().max() == 0


def test_every_parameter_has_exactly_one_optimiser() -> None:
    model = random_dit()
    owned = [
        id(parameter)
        for optimizer in optimizers(model, 1e-3)
        for group in optimizer.param_groups
        for parameter in group["params"]
    ]
    assert sorted(owned) == sorted(id(parameter) for parameter in model.parameters())


def test_training_on_four_pictures_lowers_the_loss(features: Path, tmp_path: Path) -> None:
    run = tiny_run(features, tmp_path / "run", "--steps", "60", "--rate", "5e-3", "--dropout", "0")
    before = run.checked_loss()
    for step in range(60):
        run.train_step(step)
    assert run.checked_loss() < 0.8 * before


def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(features: Path, tmp_path: Path) -> None:
    whole = tiny_run(features, tmp_path / "whole")
    for step in range(4):
        whole.train_step(step)
    first = tiny_run(features, tmp_path / "cut")
    for step in range(2):
        first.train_step(step)
    first.save(2)
    second = tiny_run(features, tmp_path / "cut")
    assert second.step == 2
    for step in range(2, 4):
        second.train_step(step)
    pairs = zip(whole.model.parameters(), second.model.parameters(), strict=True)
    assert max(largest_error(a, b) for a, b in pairs) == 0


def test_what_is_saved_is_the_averaged_network_in_diffusers_layout(features: Path, tmp_path: Path) -> None:
    run = tiny_run(features, tmp_path / "run")
    run.train_step(0)
    run.save(1)
    loaded = load_transformer(
        tmp_path / "run/transformer", dtype=torch.float32, device=torch.device("cpu"), check=lambda: None
    )
    expected = run.average.parameters["proj_out.weight"].bfloat16().float()
    assert torch.equal(loaded.proj_out.weight, expected)

from pathlib import Path

import pytest
import torch

from sana_desktop.engine.preview import LinearMap, linear_preview
from sana_desktop.engine.weights.load import load_tiny_decoder
from sana_models.configs import TinyDecoderConfig
from support.tiny_models import TINY_DCAE_RESIDUAL, random_dcae
from support.tiny_training import write_tiny_data
from training.dcae import PictureDealer, trained_pictures
from training.emoji import read_concepts
from training.preview import PreviewRun, fit_linear, parse

SMALL = TinyDecoderConfig(widths=(8, 8, 8, 4, 4, 4), blocks_per_stage=1, blocks_in_head=0)


def test_the_fitted_map_finds_a_map_that_made_the_pictures() -> None:
    torch.manual_seed(0)
    weight, bias = 0.1 * torch.randn(3, 32), torch.tensor([0.4, 0.5, 0.6])
    latents = torch.randn(40, 32, 2, 2)
    colors = torch.einsum("bkhw,ck->bchw", latents, weight) + bias[:, None, None]
    images = colors.repeat_interleave(32, -1).repeat_interleave(32, -2)
    found = fit_linear(latents, images)
    torch.testing.assert_close(found["weight"], weight, atol=1e-4, rtol=0)
    torch.testing.assert_close(found["bias"], bias, atol=1e-4, rtol=0)


def test_the_fitted_map_is_what_the_preview_takes() -> None:
    found = fit_linear(torch.randn(20, 32, 2, 2), torch.rand(20, 3, 64, 64))
    shown = linear_preview(LinearMap(found["weight"], found["bias"]), torch.randn(1, 32, 2, 3))
    assert (shown.width, shown.height) == (3, 2)


def tiny_run(data: Path, out: Path, kept: int = 0, more: tuple[str, ...] = ()) -> PreviewRun:
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    options = parse(["", str(out), "--vae", "", "--batch", "2", "--steps", "20", "--kept", str(kept), *more])
    vae = random_dcae(TINY_DCAE_RESIDUAL, seed=0)
    return PreviewRun(PictureDealer(trained_pictures(data, read_concepts(data)), 0), vae, options, SMALL)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_tiny_data(tmp_path / "data")


def test_training_lowers_the_loss_and_what_is_saved_is_found_by_the_product(data: Path, tmp_path: Path) -> None:
    run = tiny_run(data, tmp_path / "run")
    losses = [float(run.train_step(step)["loss"]) for step in range(20)]
    assert sum(losses[-5:]) < sum(losses[:5])
    run.save(20)
    path = tmp_path / "run/tiny_decoder.safetensors"
    loaded = load_tiny_decoder(path, dtype=torch.float32, device=torch.device("cpu"))
    assert loaded(torch.zeros(1, 32, 2, 2)).shape == (1, 3, 64, 64)


def test_the_linear_map_is_fitted_to_the_pictures_that_are_dealt_first(data: Path, tmp_path: Path) -> None:
    dealer = PictureDealer(trained_pictures(data, read_concepts(data)), 0)
    found = tiny_run(data, tmp_path / "run").linear_map(dealer)
    assert {name: tuple(value.shape) for name, value in found.items()} == {"weight": (3, 32), "bias": (3,)}
    assert found["bias"].isfinite().all()


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_latents_get_as_much_noise_as_is_asked_for(data: Path, tmp_path: Path, noise: float) -> None:
    losses: list[float] = []
    for seed in (1, 2):
        run = tiny_run(data, tmp_path / str(seed), more=("--noise", str(noise)))
        torch.manual_seed(seed)
        losses.append(float(run.train_step(0)["loss"]))
    assert (losses[0] == losses[1]) == (noise == 0)


@pytest.mark.parametrize("kept", [0, 6])
def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(data: Path, tmp_path: Path, kept: int) -> None:
    whole = tiny_run(data, tmp_path / "whole", kept)
    for step in range(4):
        whole.train_step(step)
    first = tiny_run(data, tmp_path / "cut", kept)
    for step in range(2):
        first.train_step(step)
    first.save(2)
    second = tiny_run(data, tmp_path / "cut", kept)
    assert second.step == 2
    for step in range(2, 4):
        second.train_step(step)
    pairs = zip(whole.decoder.parameters(), second.decoder.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)

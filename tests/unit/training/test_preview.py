from pathlib import Path

import torch

from sana_desktop.engine.preview import LinearMap, linear_preview
from sana_desktop.engine.weights.load import load_tiny_decoder
from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from support.tiny_packages import write_tiny_crops
from training.preview import PreviewRun, begin_blocks_as_identity, fit_linear, parse
from training.sana_preview import Crops

SMALL = PatchDecoderConfig(width=32, patch=4, blocks=1)


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


def tiny_run(crops: Crops, out: Path) -> PreviewRun:
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    return PreviewRun(crops, parse(["", str(out), "--batch", "4", "--steps", "40"]), SMALL)


def test_a_block_that_begins_as_the_identity_passes_features_as_they_are() -> None:
    decoder = PatchDecoder(SMALL)
    begin_blocks_as_identity(decoder)
    features = torch.rand(1, 32, 3, 3)
    assert torch.equal(decoder.blocks(features), features)


def test_refinement_lowers_the_loss_and_what_is_saved_is_found_by_the_product(tmp_path: Path) -> None:
    run = tiny_run(Crops(write_tiny_crops(tmp_path / "crops"), "train"), tmp_path / "run")
    losses = [run.train_step(step)["loss"] for step in range(40)]
    assert sum(losses[-10:]) < sum(losses[:10])
    run.save(40)
    loaded = load_tiny_decoder(
        tmp_path / "run/tiny_decoder.safetensors", dtype=torch.float32, device=torch.device("cpu")
    )
    assert loaded(torch.zeros(1, 32, 2, 2)).shape == (1, 3, 8, 8)


def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    crops = Crops(write_tiny_crops(tmp_path / "crops"), "train")
    whole = tiny_run(crops, tmp_path / "whole")
    for step in range(4):
        whole.train_step(step)
    first = tiny_run(crops, tmp_path / "cut")
    for step in range(2):
        first.train_step(step)
    first.save(2)
    second = tiny_run(crops, tmp_path / "cut")
    assert second.step == 2
    for step in range(2, 4):
        second.train_step(step)
    pairs = zip(whole.decoder.parameters(), second.decoder.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)

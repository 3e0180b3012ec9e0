from pathlib import Path

import pytest
import torch

from support.tiny_models import TINY_DCAE_RESIDUAL, random_dcae
from support.tiny_training import write_tiny_data
from training.dcae import AutoencoderRun, PictureDealer, noisy, parse, psnr, reconstruction_loss
from training.emoji import read_concepts


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_tiny_data(tmp_path / "data")


def tiny_run(data: Path, out: Path, *options: str) -> AutoencoderRun:
    out.mkdir(parents=True, exist_ok=True)
    settings = parse([str(data), str(out), "--batch", "1", *options])
    return AutoencoderRun(PictureDealer(read_concepts(data), 0), settings, random_dcae(TINY_DCAE_RESIDUAL))


def test_dealt_pictures_are_in_range_and_differ(data: Path) -> None:
    pictures = PictureDealer(read_concepts(data), 0).deal(6)
    assert pictures.shape == (6, 3, 256, 256)
    assert pictures.abs().max() <= 1
    assert len({picture[:, 0, 0].sum().item() for picture in pictures}) > 2


def test_the_loss_is_zero_for_the_same_and_counts_blurred_edges() -> None:
    true = torch.zeros(1, 3, 32, 32)
    true[..., 16:] = 1
    shifted = true.roll(1, dims=-1)
    dimmed = true - (shifted - true).abs().mean()
    assert reconstruction_loss(true, true) == 0
    assert reconstruction_loss(shifted, true) > reconstruction_loss(dimmed, true)


def test_psnr_of_a_tenth_of_the_range_is_twenty_decibel() -> None:
    assert psnr(torch.full((1, 3, 8, 8), 0.2), torch.zeros(1, 3, 8, 8)) == pytest.approx(20.0, abs=1e-4)


def test_noise_is_in_units_of_the_latents_own_deviation() -> None:
    torch.manual_seed(0)
    latents = 7 * torch.randn(4, 32, 8, 8)
    assert (noisy(latents, 0.5) - latents).std() == pytest.approx(3.5, rel=0.05)


def test_with_the_decoder_alone_in_training_the_encoder_keeps_its_bits(data: Path, tmp_path: Path) -> None:
    run = tiny_run(data, tmp_path / "run", "--only", "decoder")
    before = {name: value.clone() for name, value in run._vae.named_parameters()}
    run.train_step(0)
    changed = {name for name, value in run._vae.named_parameters() if not torch.equal(value, before[name])}
    assert changed
    assert all(name.startswith("decoder.") for name in changed)


def test_a_run_goes_on_from_its_checkpoint(data: Path, tmp_path: Path) -> None:
    first = tiny_run(data, tmp_path / "run")
    first.train_step(0)
    first.save(1)
    second = tiny_run(data, tmp_path / "run")
    assert second.step == 1
    pairs = zip(first._vae.parameters(), second._vae.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)

from pathlib import Path

import pytest
import torch

from support.tiny_models import TINY_DCAE_RESIDUAL, random_dcae
from support.tiny_training import write_tiny_data, write_tiny_styles
from training.dcae import (
    AutoencoderRun,
    PictureDealer,
    dissimilarity,
    noisy,
    parse,
    psnr,
    reconstruction_loss,
    trained_pictures,
)
from training.emoji import other_pictures, read_concepts
from training.kept import KeptPictures
from training.measures import ssim


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_tiny_data(tmp_path / "data")


def dealer_of(data: Path, seed: int = 0) -> PictureDealer:
    return PictureDealer(trained_pictures(data, read_concepts(data)), seed)


def tiny_run(data: Path, out: Path, *options: str) -> AutoencoderRun:
    out.mkdir(parents=True, exist_ok=True)
    settings = parse([str(data), str(out), "--batch", "1", *options])
    return AutoencoderRun(dealer_of(data), settings, random_dcae(TINY_DCAE_RESIDUAL))


def test_dealt_pictures_are_in_range_and_differ(data: Path) -> None:
    pictures = dealer_of(data).deal(6)
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
    added = (noisy(latents, 0.5) - latents).flatten(1).std(dim=1)
    assert added.max() <= 3.6
    assert added.max() > 2 * added.min(), "each picture gets another share of it"


def test_structure_is_measured_as_ssim_measures_it() -> None:
    torch.manual_seed(0)
    true = torch.rand(2, 3, 40, 40) * 2 - 1
    made = (true + 0.3 * torch.randn_like(true)).clamp(-1, 1)
    assert dissimilarity(true, true).item() == pytest.approx(0, abs=1e-5)
    assert 1 - dissimilarity(made, true).item() == pytest.approx(ssim(made, true), abs=0.05)


def test_held_out_emoji_are_never_dealt_and_styles_are(data: Path) -> None:
    write_tiny_styles(data)
    concepts = read_concepts(data)
    groups = trained_pictures(data, concepts)
    dealt = {path for _, pictures in groups for path in pictures}
    assert dealt & set(other_pictures(data, concepts, held_out=False))
    assert not dealt & set(other_pictures(data, concepts, held_out=True))
    assert {path.parent.name for path in dealt} == {"assets", "flat", "line"}


def test_a_dealer_that_skips_deals_what_would_have_come_next(data: Path) -> None:
    one, other = dealer_of(data), dealer_of(data)
    one.deal(3)
    other.skip(3)
    assert torch.equal(one.deal(2), other.deal(2))


@pytest.mark.parametrize("options", [(), ("--only", "decoder", "--kept", "3")], ids=["whole", "kept"])
def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(
    data: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    torch.manual_seed(0)
    whole = tiny_run(data, tmp_path / "whole", *options)
    torch.manual_seed(1)
    for step in range(2):
        whole.train_step(step)
    torch.manual_seed(0)
    first = tiny_run(data, tmp_path / "cut", *options)
    torch.manual_seed(1)
    first.train_step(0)
    first.save(1)
    second = tiny_run(data, tmp_path / "cut", *options)
    second.train_step(1)
    pairs = zip(whole._vae.parameters(), second._vae.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_with_the_decoder_alone_in_training_the_encoder_keeps_its_bits(data: Path, tmp_path: Path) -> None:
    run = tiny_run(data, tmp_path / "run", "--only", "decoder")
    before = {name: value.clone() for name, value in run._vae.named_parameters()}
    run.train_step(0)
    changed = {name for name, value in run._vae.named_parameters() if not torch.equal(value, before[name])}
    assert changed
    assert all(name.startswith("decoder.") for name in changed)


def test_kept_latents_are_decoded_as_the_encoders_own(data: Path, tmp_path: Path) -> None:
    run = tiny_run(data, tmp_path / "run", "--only", "decoder", "--kept", "3", "--noise", "0")
    torch.manual_seed(3)
    told = run.train_step(0)
    torch.manual_seed(3)
    pictures, _ = KeptPictures(tmp_path / "run", 3, run._new).deal(1)
    untrained = random_dcae(TINY_DCAE_RESIDUAL)
    with torch.no_grad():
        expected = psnr(untrained.decode(untrained.encode(pictures)), pictures)
    assert float(told["dB"]) == pytest.approx(expected, abs=0.1)


def test_pictures_are_only_kept_for_a_decoder_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["data", "out", "--kept", "10"])
    assert "--only decoder" in capsys.readouterr().err


def test_a_run_goes_on_from_its_checkpoint(data: Path, tmp_path: Path) -> None:
    first = tiny_run(data, tmp_path / "run")
    first.train_step(0)
    first.save(1)
    second = tiny_run(data, tmp_path / "run")
    assert second.step == 1
    pairs = zip(first._vae.parameters(), second._vae.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)

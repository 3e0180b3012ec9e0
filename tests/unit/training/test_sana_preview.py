from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from sana_desktop.engine.weights.load import load_tiny_decoder
from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from support.tiny_packages import write_tiny_crops
from training.dcae import psnr
from training.sana_preview import CONFIG, FILE, Crops, SanaPreviewRun, draw_stem, noisy_latents, parse, solve

SMALL = PatchDecoderConfig(width=32, patch=4)


@pytest.fixture(scope="module")
def crops(tmp_path_factory: pytest.TempPathFactory) -> Crops:
    return Crops(write_tiny_crops(tmp_path_factory.mktemp("crops")), "train")


@pytest.fixture(scope="module")
def stepped(crops: Crops) -> Crops:
    """Pictures that say which of three latents are above zero: no linear map can."""
    found = Crops.__new__(Crops)
    found.latents_VKhw = crops.latents_VKhw
    signs = (crops.latents_VKhw[:, :3] > 0).to(torch.uint8)
    found.pictures_V3HW = (50 + 150 * signs).repeat_interleave(4, -1).repeat_interleave(4, -2)
    return found


def tiny_run(crops: Crops, out: Path, *options: str) -> SanaPreviewRun:
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    return SanaPreviewRun(crops, parse(["", str(out), "--batch", "4", "--steps", "60", *options]), SMALL)


def quality(decoder: PatchDecoder, crops: Crops) -> float:
    """PSNR on all views."""
    with torch.no_grad():
        shown = decoder(crops.latents_VKhw.float())
    return psnr(2 * shown - 1, 2 * crops.pictures(torch.arange(24), 32) - 1)


def test_the_solution_finds_the_map_that_made_the_pictures(crops: Crops) -> None:
    torch.manual_seed(0)
    decoder = PatchDecoder(PatchDecoderConfig(width=8, blocks=0, patch=4))
    solve(decoder, crops)
    assert quality(decoder, crops) > 24


def test_features_of_the_stem_show_what_a_linear_map_cannot(stepped: Crops) -> None:
    found: list[float] = []
    for width in (1, 400):
        torch.manual_seed(0)
        decoder = PatchDecoder(PatchDecoderConfig(width=width, blocks=0, patch=4))
        draw_stem(decoder)
        solve(decoder, stepped)
        found.append(quality(decoder, stepped))
    assert found[1] > found[0] + 0.5


def test_noise_is_at_most_what_was_asked_for() -> None:
    torch.manual_seed(0)
    added = noisy_latents(torch.zeros(500, 32, 4, 4), 0.3).std(dim=(1, 2, 3))
    assert added.max() < 0.33
    assert added.median() < 0.15


def test_pictures_are_given_at_the_size_of_the_decoder(crops: Crops) -> None:
    whole, half = (crops.pictures(torch.tensor([3]), side) for side in (32, 16))
    torch.testing.assert_close(half, torch.nn.functional.avg_pool2d(whole, 2))


def test_refinement_goes_beyond_the_solution(stepped: Crops, tmp_path: Path) -> None:
    run = tiny_run(stepped, tmp_path / "run", "--rate", "5e-3", "--batch", "8")
    before = quality(run.decoder, stepped)
    for step in range(60):
        run.train_step(step)
    assert quality(run.decoder, stepped) > before + 1


def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(crops: Crops, tmp_path: Path) -> None:
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
    for name, value in whole.average.parameters.items():
        torch.testing.assert_close(second.average.parameters[name], value, atol=1e-6, rtol=1e-5)


def test_what_is_saved_is_what_the_program_loads(crops: Crops, tmp_path: Path) -> None:
    run = tiny_run(crops, tmp_path)
    run.train_step(0)
    run.save(1)
    loaded = load_tiny_decoder(tmp_path / FILE, dtype=torch.float32, device=torch.device("cpu"))
    assert isinstance(loaded, PatchDecoder)
    assert torch.equal(loaded.linear.weight, load_file(tmp_path / FILE)["linear.weight"].float())


def test_the_shipped_shape_stays_under_six_megabytes() -> None:
    with torch.device("meta"):
        assert sum(2 * parameter.numel() for parameter in PatchDecoder(CONFIG).parameters()) < 6_000_000


def test_a_folder_without_shards_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"run `training\.sana_crops` first"):
        Crops(tmp_path, "train")

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from sana_desktop.engine.weights.load import load_tiny_decoder
from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from support.tiny_packages import write_tiny_crops
from training.dcae import psnr
from training.sana_preview import CONFIG, FILE, Crops, SanaPreviewRun, parse, solve_linear

SMALL = PatchDecoderConfig(width=32, patch=4)


@pytest.fixture(scope="module")
def crops(tmp_path_factory: pytest.TempPathFactory) -> Crops:
    return Crops(write_tiny_crops(tmp_path_factory.mktemp("crops")), "train")


def tiny_run(crops: Crops, out: Path, *options: str) -> SanaPreviewRun:
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    return SanaPreviewRun(crops, parse(["", str(out), "--batch", "4", "--steps", "60", *options]), SMALL)


def test_the_linear_part_finds_the_map_that_made_the_pictures(crops: Crops) -> None:
    decoder = PatchDecoder(SMALL)
    torch.nn.init.zeros_(decoder.correction.weight)
    decoder.requires_grad_(False)
    before = psnr(decoder(crops.latents_VKhw.float()), crops.pictures(torch.arange(24), 32))
    solve_linear(decoder, crops)
    found = decoder(crops.latents_VKhw.float())
    after = psnr(found, crops.pictures(torch.arange(24), 32))
    assert after > before + 10
    assert after > 24


def test_pictures_are_given_at_the_size_of_the_decoder(crops: Crops) -> None:
    whole, half = (crops.pictures(torch.tensor([3]), side) for side in (32, 16))
    torch.testing.assert_close(half, torch.nn.functional.avg_pool2d(whole, 2))


def test_learning_goes_beyond_what_a_linear_map_can_show(crops: Crops, tmp_path: Path) -> None:
    stepped = Crops.__new__(Crops)
    stepped.latents_VKhw = crops.latents_VKhw
    signs = (crops.latents_VKhw[:, :3] > 0).to(torch.uint8)
    stepped.pictures_V3HW = (50 + 150 * signs).repeat_interleave(4, -1).repeat_interleave(4, -2)
    run = tiny_run(stepped, tmp_path / "run", "--rate", "5e-3", "--batch", "8")

    def quality() -> float:
        with torch.no_grad():
            shown = run.decoder(crops.latents_VKhw.float())
        return psnr(2 * shown - 1, 2 * stepped.pictures(torch.arange(24), 32) - 1)

    before = quality()
    for step in range(60):
        run.train_step(step)
    assert quality() > before + 1


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

import pytest
import torch

from sana_models.configs import PatchDecoderConfig
from sana_models.patch_decoder import PatchDecoder
from support.tiny_packages import write_tiny_crops
from training.pictures import SOURCES
from training.sana_preview import Crops
from training.sana_report import card, linear_show, psnr_of_each, report


@pytest.fixture(scope="module")
def crops(tmp_path_factory: pytest.TempPathFactory) -> Crops:
    return Crops(write_tiny_crops(tmp_path_factory.mktemp("crops")), "held-out")


def test_the_linear_map_gives_one_colour_per_position() -> None:
    assert linear_show(torch.zeros(2, 32, 3, 4)).shape == (2, 3, 3, 4)
    torch.testing.assert_close(linear_show(torch.zeros(1, 32, 1, 1)).flatten(), torch.tensor([0.4509, 0.4139, 0.3822]))


def test_a_uniform_error_of_a_tenth_is_twenty_decibel(crops: Crops) -> None:
    exact = crops.pictures(torch.arange(24), 32)
    calls = iter(exact.clamp(0, 0.9).split(16))
    dark = Crops.__new__(Crops)
    dark.latents_VKhw = crops.latents_VKhw
    dark.pictures_V3HW = torch.full_like(crops.pictures_V3HW, 51)
    each = psnr_of_each(lambda latents: torch.full((len(latents), 3, 32, 32), 0.3), dark, 32)
    torch.testing.assert_close(each, torch.full((24,), 20.0), atol=1e-3, rtol=0)
    assert psnr_of_each(lambda _: next(calls), crops, 32).min() > 20


def test_the_report_has_every_package_that_has_views(crops: Crops) -> None:
    figures = report(crops, {"linear": linear_show}, 32)
    assert set(figures) == {"all", "plasma-workspace-wallpapers", "mate-backgrounds"}
    assert figures["all"]["views"] == 24
    halves = (figures["plasma-workspace-wallpapers"]["linear"] + figures["mate-backgrounds"]["linear"]) / 2
    assert figures["all"]["linear"] == pytest.approx(halves, abs=0.02)


def test_the_card_names_every_source_with_its_licence_and_every_figure() -> None:
    text = card({"all": {"views": 24.0, "linear": 12.345, "tiny": 23.4}}, PatchDecoder(PatchDecoderConfig(width=8)), 16)
    for source in SOURCES:
        assert f"| {source.package} | {source.licence} |" in text
    assert "| all | 24 | 12.35 | 23.40 |" in text or "| all | 24 | 12.34 | 23.40 |" in text
    assert "16 x 16" in text

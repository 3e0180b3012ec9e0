"""Unpacked picture packages of a few small files, in the layout that `training.fetch` leaves."""

from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file


def write_tiny_packages(folder: Path, each: int = 40) -> Path:
    """Wallpapers of two colours and cutouts; enough files that both sides of the split have some."""
    scenes = folder / "mate-backgrounds/usr/share/backgrounds/mate/nature"
    cutouts = folder / "fluent-emoji-3d/assets"
    stamps = folder / "tuxpaint-stamps-default/usr/share/tuxpaint/stamps/animals/birds"
    for place in (scenes, cutouts, stamps):
        place.mkdir(parents=True)
    for number in range(each):
        scene = Image.new("RGB", (320, 256), (number * 5 % 256, 80, 200))
        scene.paste((250, 240, 10 + number), (0, 128, 320, 256))
        scene.save(scenes / f"Scene{number}.png")
        cutout = Image.new("RGBA", (64, 64))
        cutout.paste((200, number * 6 % 256, 30, 255), (8, 8, 56, 56))
        cutout.save(cutouts / f"1f{number:03}.webp", lossless=True)
        cutout.save(stamps / f"bird{number}.png")
    return folder


def write_tiny_crops(folder: Path, views: int = 24, patch: int = 4) -> Path:
    """One shard of each side whose pictures are a linear function of their latents."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(3)
    weight = 0.05 * torch.randn(3 * patch**2, 32, generator=generator)
    for name in ("train", "held-out"):
        latents = torch.randn(views, 32, 8, 8, generator=generator)
        patches = torch.einsum("vkhw,pk->vphw", latents, weight) + 0.5
        pictures = torch.nn.functional.pixel_shuffle(patches, patch).clamp(0, 1)
        save_file(
            {
                "latents": latents.half(),
                "pictures": (pictures * 255).round().to(torch.uint8).contiguous(),
                "source": torch.arange(views) % 2,
            },
            folder / f"{name}-000.safetensors",
        )
    return folder

"""A training set of a few coloured squares in the layout of the real one."""

import json
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file

# hexcode, label, group, subgroup, colour of the square
_ENTRIES = (
    ("1F34E", "red apple", 4, 42, (220, 30, 30)),
    ("1F408", "cat", 3, 34, (240, 150, 40)),
    ("2600", "sun", 5, 59, (250, 220, 60)),
    ("1F550", "one o’clock", 5, 58, (255, 255, 255)),
    ("1F1E9", "flag", 9, 98, (0, 0, 0)),
    ("1F40B", "guide dog", 3, 34, (90, 60, 40)),
)


def write_tiny_data(folder: Path) -> Path:
    """Six emoji, of which three belong into the pack: the others are a clock, a flag and one left out by name."""
    assets = folder / "pictures/assets"
    assets.mkdir(parents=True)
    for code, _, _, _, color in _ENTRIES:
        square = Image.new("RGBA", (64, 64))
        square.paste((*color, 255), (16, 16, 48, 48))
        suffix = "-fe0f" if code == "2600" else ""
        square.save(assets / f"{code.lower()}{suffix}.webp", lossless=True)
    names = folder / "names/en"
    names.mkdir(parents=True)
    described = [
        {"hexcode": code, "label": label, "group": group, "subgroup": subgroup}
        for code, label, group, subgroup, _ in _ENTRIES
    ]
    (names / "data.json").write_text(json.dumps(described), encoding="utf-8")
    return folder


def write_tiny_styles(folder: Path) -> None:
    """Two of the three concepts of `write_tiny_data` in flat colours and one as line art."""
    for style, codes in (("flat", ("1f34e", "1f408")), ("line", ("1f34e",))):
        target = folder / "styles" / style
        target.mkdir(parents=True)
        for code in codes:
            square = Image.new("RGBA", (64, 64))
            square.paste((250, 0, 0, 255) if style == "flat" else (0, 0, 0, 255), (16, 16, 48, 48))
            square.save(target / f"{code}.png")


def write_tiny_features(folder: Path, width: int = 12) -> Path:
    """Four pairs of latents [32, 2, 2] with one to two captions each; caption 0 is the empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(0)
    lengths = torch.tensor([0, 1, 3, 2, 4, 2, 3])
    save_file({"2x2": torch.randn(4, 32, 2, 2, generator=generator)}, folder / "latents.safetensors")
    save_file(
        {
            "states": torch.randn(int(lengths.sum()), width, generator=generator).bfloat16(),
            "offsets": lengths.cumsum(0),
            "caption_of_pair": torch.tensor([1, 2, 3, 4, 5]),
            "first_caption": torch.tensor([0, 2, 3, 4, 5]),
        },
        folder / "text.safetensors",
    )
    weights = [1.0, 2.0, 0.0, 1.0]
    (folder / "pairs.json").write_text(
        json.dumps([{"weight": weight, "shape": "2x2"} for weight in weights]), encoding="utf-8"
    )
    return folder

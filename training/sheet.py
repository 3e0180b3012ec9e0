"""Draw a contact sheet with a pack, through the product's own engine.

    python -m training.sheet docs/images/starter-sheet.png --pack resources/starter
    python -m training.sheet docs/images/starter-unseen.png --prompts training/unseen.txt --seeds-count-up --columns 8

Every prompt once, with one seed for all or seeds that count up from it: nothing is chosen. The prompts are those
of `prompts.txt` unless a file is named; the sheet is read row by row. With `--keep FOLDER` the pictures are files
there, and a run that was killed goes on.
"""

import argparse
import tempfile
from pathlib import Path

from PIL import Image

from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder
from training.drawing import Manner, drawer_for

PROMPTS = Path(__file__).with_name("prompts.txt")


def contact_sheet(pictures: list[Image.Image], columns: int) -> Image.Image:
    """Put pictures of one size side by side, row by row."""
    width, height = pictures[0].size
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height), "white")
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number % columns * width, number // columns * height))
    return sheet


def main() -> None:
    """Read the command line, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pack", type=Path, default=resources_folder() / "starter")
    parser.add_argument("--prompts", type=Path, default=PROMPTS)
    parser.add_argument("--cache", type=Path, default=Path("build/cache"))
    parser.add_argument("--columns", type=int, default=5)
    parser.add_argument("--side", type=int, help="shrink every picture to this side")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds-count-up", action="store_true")
    parser.add_argument("--guidance", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    prompts = [line for line in options.prompts.read_text(encoding="utf-8").splitlines() if line]
    seeds = [options.seed + number * options.seeds_count_up for number in range(len(prompts))]
    manner = Manner(steps=options.steps, guidance=options.guidance)
    with tempfile.TemporaryDirectory() as folder, drawer_for(read_pack(options.pack), options.cache) as drawer:
        paths = drawer.draw_into(options.keep or Path(folder), list(zip(prompts, seeds, strict=True)), manner)
        pictures = [Image.open(path).convert("RGB") for path in paths]
    if options.side is not None:
        pictures = [picture.resize((options.side, options.side), Image.Resampling.LANCZOS) for picture in pictures]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(pictures, options.columns).save(options.out)


if __name__ == "__main__":
    main()

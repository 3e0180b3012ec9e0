"""Draw a contact sheet with a pack, through the product's own engine.

    python -m training.sheet docs/images/starter-sheet.png --pack resources/starter

Every prompt once, with one seed for all: nothing is chosen. The prompts are those of `prompts.txt`
unless a file is named; the sheet is read row by row.
"""

import argparse
import tempfile
from pathlib import Path

from PIL import Image

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.engine import Engine
from sana_desktop.system.packs import read_pack
from sana_desktop.system.resources import resources_folder

PROMPTS = Path(__file__).with_name("prompts.txt")


def contact_sheet(pictures: list[Picture], columns: int) -> Image.Image:
    """Put pictures of one size side by side, row by row."""
    width, height = pictures[0].width, pictures[0].height
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height), "white")
    for number, picture in enumerate(pictures):
        tile = Image.frombytes("RGB", (width, height), picture.rgb)
        sheet.paste(tile, (number % columns * width, number // columns * height))
    return sheet


def main() -> None:
    """Read the command line, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pack", type=Path, default=resources_folder() / "starter")
    parser.add_argument("--prompts", type=Path, default=PROMPTS)
    parser.add_argument("--cache", type=Path, default=Path("build/cache"))
    parser.add_argument("--columns", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--guidance", type=float)
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    manifest = read_pack(options.pack)
    prompts = [line for line in options.prompts.read_text(encoding="utf-8").splitlines() if line]
    guidance = manifest.default_guidance if options.guidance is None else options.guidance
    pictures: list[Picture] = []
    with tempfile.TemporaryDirectory() as journal:
        engine = Engine(lambda _: manifest, options.cache, Path(journal), resources_folder())
        for prompt in prompts:
            recipe = Recipe(
                prompt=prompt,
                size=Size(manifest.base_size, manifest.base_size),
                steps=options.steps or manifest.default_steps,
                guidance=guidance,
                seed=options.seed,
                solver=manifest.default_solver,
                pack=manifest.id,
            )
            pictures += engine.generate(len(pictures), (recipe,), lambda _: None, CancelToken())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(pictures, options.columns).save(options.out)


if __name__ == "__main__":
    main()

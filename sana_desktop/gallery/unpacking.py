"""All pixels of a picture file, for screens whose own readers do not know its kind."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from sana_desktop.errors import RecipeError
from sana_desktop.gallery.readers.source import open_picture, read_carried

# Four bytes each: 1 GiB, as much as the largest picture that this program can draw takes many times over.
MOST_PIXELS = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Pixels:
    """Rows of red, green, blue and alpha, a byte each, from the top."""

    rgba: bytes
    width: int
    height: int


def unpack(path: Path, side: int | None = None) -> Pixels:
    """The upright picture of a file that may be anything, made smaller where a side is longer than `side` pixels.

    Raises `RecipeError` if there is no picture in it, or one too large.
    """
    carried = read_carried(path)
    if carried.bulky or not 0 < carried.width * carried.height <= MOST_PIXELS:
        raise RecipeError(f"{path.name} is too large to be shown ({carried.width} × {carried.height} pixels).")
    try:
        with open_picture(path, path.name) as file, Image.open(file, formats=(carried.kind,)) as image:
            if side is not None:
                image.thumbnail((side, side), reducing_gap=2.0)
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    # What Pillow's readers end in on damaged files; the one of AVIF in RuntimeError.
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, Image.DecompressionBombError) as error:
        raise RecipeError(f"{path.name} is damaged: its pixels cannot be read.") from error
    return Pixels(upright.tobytes(), upright.width, upright.height)

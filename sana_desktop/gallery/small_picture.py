"""Making pictures small without unpacking more than has to be."""

import io
from pathlib import Path

from PIL import Image

from sana_desktop.errors import KnownError
from sana_desktop.gallery.readers.source import open_picture, read_carried

SIDE = 256
QUALITY = 85
# Unpacked in memory, four bytes each.
MOST_PIXELS = 64 * 2**20


def small_jpeg(rgb: bytes, width: int, height: int, side: int = SIDE) -> bytes:
    """A JPEG file, no side longer than `side` pixels, of RGB rows in memory."""
    return _packed(Image.frombytes("RGB", (width, height), rgb), side)


def small_jpeg_of(path: Path, side: int = SIDE) -> bytes | None:
    """The same of a file, which may be anything; None if there is no picture in it or unpacking takes too much."""
    try:
        carried = read_carried(path)
        if carried.bulky or not 0 < carried.width * carried.height <= MOST_PIXELS:
            return None
        with open_picture(path, path.name) as file, Image.open(file, formats=(carried.kind,)) as image:
            # JPEG files can be unpacked at an eighth of their size.
            image.draft("RGB", (side, side))
            return _packed(image, side)
    # What Pillow's readers end in on damaged files; the one of AVIF in RuntimeError.
    except (KnownError, OSError, ValueError, SyntaxError, EOFError, RuntimeError, Warning):
        return None


def _packed(image: Image.Image, side: int) -> bytes:
    if image.mode.startswith("I"):
        # 16 bits of grey; the upper half of them is what can be seen.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode not in ("RGB", "L", "CMYK", "YCbCr"):
        image = image.convert("RGBA")
    # First coarsely: of a large picture only a few pixels for each of the thumbnail's are looked at.
    image.thumbnail((side, side), reducing_gap=2.0)
    if image.mode == "RGBA":
        # Transparent places are grey, which is calm on light and dark.
        image = Image.alpha_composite(Image.new("RGBA", image.size, (128, 128, 128, 255)), image)
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=QUALITY)
    return file.getvalue()

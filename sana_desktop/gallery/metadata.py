"""Pictures as files that carry their recipe, and reading it back.

PNG files hold it as JSON in a text chunk, JPEG, WebP and AVIF files as the same JSON in a property of their XMP
packet. What other tools read goes beside it: the "parameters" text, the name of the program, and the mark
of pictures made by a model (IPTC digital source type).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from html import escape, unescape
from pathlib import Path
from typing import BinaryIO, cast

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sana_desktop.domain.codec import recipe_from_plain, recipe_to_plain
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.errors import OutputError, RecipeError
from sana_desktop.gallery.exif import exif_block
from sana_desktop.gallery.infotext import infotext
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.source import read_carried

CHUNK = "sana_recipe"
# What it was called at first.
_FIRST_CHUNK = "sana-desktop"

_XMP_CHUNK = "XML:com.adobe.xmp"
_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_NAMESPACE = "urn:sana-desktop:xmp:1#"
_XMP_RECIPE = re.compile(r"<sana:recipe>([^<]*)</sana:recipe>")

# One segment of a JPEG holds 65,533 bytes, and XMP and EXIF must each fit in one.
LARGEST_JPEG_RECIPE = 60_000
_LARGEST_JPEG_COMMENT = 30_000


class PictureKind(StrEnum):
    """The file formats that pictures are written in."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    AVIF = "avif"


SUFFIXES = {
    ".png": PictureKind.PNG,
    ".jpg": PictureKind.JPEG,
    ".jpeg": PictureKind.JPEG,
    ".webp": PictureKind.WEBP,
    ".avif": PictureKind.AVIF,
}


def check_recipe_fits(recipe: Recipe, kind: PictureKind) -> None:
    """Raise `OutputError` if files of this kind cannot hold the recipe."""
    if (
        kind is PictureKind.JPEG
        and len(escape(_json({"recipe": recipe_to_plain(recipe)}), quote=False)) > LARGEST_JPEG_RECIPE
    ):
        raise OutputError("The prompt is longer than a JPEG file can hold beside the picture.", hint="Save as .png.")


def write_picture(picture: Picture, kind: PictureKind, file: BinaryIO) -> None:
    """Encode the pixels and everything needed to draw them again; PNG keeps every bit, the others nearly."""
    image = Image.frombytes("RGB", (picture.width, picture.height), picture.rgb)
    if kind is PictureKind.PNG:
        # Level 1: a fifth larger than level 6 and written in half the time.
        image.save(file, "PNG", pnginfo=_png_texts(picture), compress_level=1)
        return
    document = _json(_document(picture))
    if kind is PictureKind.JPEG and len(escape(document, quote=False)) > LARGEST_JPEG_RECIPE:
        document = _json({"recipe": recipe_to_plain(picture.recipe)})
    exif, xmp = _exif(picture), _xmp(picture, document)
    if kind is PictureKind.JPEG:
        # Full colour resolution: halved, the edges of saturated shapes turn grey.
        image.save(file, "JPEG", quality=95, subsampling=0, exif=exif, xmp=xmp)
    elif kind is PictureKind.WEBP:
        image.save(file, "WEBP", quality=95, exif=exif, xmp=xmp)
    else:
        # Speed 8: written as fast as WebP; the usual 6 needs four times as long for files a quarter smaller.
        image.save(file, "AVIF", quality=90, subsampling="4:4:4", speed=8, exif=exif, xmp=xmp)


def read_recipe(path: Path) -> Recipe:
    """The recipe inside a picture file, which may come from anywhere; decodes no pixels.

    Raises `RecipeError` for a file that holds none, that is damaged, or whose recipe this version cannot draw.
    """
    document = document_in(read_carried(path))
    if document is None:
        raise RecipeError(f"{path.name} holds no recipe of Sana Desktop.")
    return recipe_from_plain(document.get("recipe"))


def document_in(carried: Carried) -> Mapping[str, object] | None:
    """What `write_picture` wrote beside the pixels: recipe, provenance, timings, notices; None if there is nothing.

    Raises `RecipeError` if it is damaged.
    """
    text = carried.texts.get(CHUNK, carried.texts.get(_FIRST_CHUNK))
    if text is None:
        # Not an XML parser: one property is wanted, and a packet from a stranger may hold entity bombs.
        found = _XMP_RECIPE.search(carried.xmp)
        text = None if found is None else unescape(found[1])
    if text is None:
        return None
    try:
        document: object = json.loads(text)
    # RecursionError: opening brackets by the thousand exhaust the parser's stack.
    except (ValueError, RecursionError) as error:
        raise RecipeError("The recipe in the file is damaged.") from error
    if not isinstance(document, dict):
        raise RecipeError("The recipe in the file is damaged.")
    return cast(Mapping[str, object], document)


def _document(picture: Picture) -> dict[str, object]:
    return {
        "recipe": recipe_to_plain(picture.recipe),
        "provenance": asdict(picture.provenance),
        "timings": asdict(picture.timings),
        "notices": picture.notices,
    }


def _json(value: object) -> str:
    # ASCII: valid in XML whatever the prompt contains.
    return json.dumps(value, separators=(",", ":"))


def _software(picture: Picture) -> str:
    return f"Sana Desktop {picture.provenance.app_version}"


def _png_texts(picture: Picture) -> PngInfo:
    texts = PngInfo()
    texts.add_itxt(CHUNK, json.dumps(_document(picture), ensure_ascii=False))
    texts.add_text("parameters", infotext(picture))
    texts.add_text("Software", _software(picture))
    texts.add_itxt(_XMP_CHUNK, _xmp(picture, "").decode("utf-8"))
    return texts


def _exif(picture: Picture) -> bytes:
    # Cut without halving a surrogate pair: the text is for reading, the recipe is complete elsewhere.
    text = infotext(picture).encode("utf-16-be")[:_LARGEST_JPEG_COMMENT].decode("utf-16-be", "ignore")
    return exif_block(_software(picture), text)


def _xmp(picture: Picture, document: str) -> bytes:
    """The packet that says a model made the picture, with the recipe where there is no better place for it."""
    recipe = f"<sana:recipe>{escape(document, quote=False)}</sana:recipe>" if document else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about=""'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        f' xmlns:sana="{_NAMESPACE}"'
        f' xmp:CreatorTool="{escape(_software(picture))}"'
        f' Iptc4xmpExt:DigitalSourceType="{_SOURCE_TYPE}">'
        f"{recipe}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    ).encode()

"""What somebody may do to a picture of ours with an editor of metadata."""

import json
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sana_desktop.gallery.metadata import CHUNK


def tamper(path: Path, **changes: object) -> None:
    """Change the recipe in a file and nothing else."""
    with Image.open(path) as image:
        image.load()
        texts = PngInfo()
        for name, text in image.info.items():
            if name == CHUNK:
                document = json.loads(text)
                document["recipe"] |= changes
                text = json.dumps(document)
            if isinstance(text, str):
                texts.add_itxt(str(name), text)
        image.save(path, "PNG", pnginfo=texts)

"""Finished latents beside a picture: what its pixels were decoded from, so that they can be decoded again.

A NumPy file of 16-bit floats, 64 KB for 1024 x 1024 pixels, called as the picture with another ending.
"""

from pathlib import Path

from sana_desktop.domain.picture import Picture

ENDING = ".latents.npy"

_MAGIC = b"\x93NUMPY\x01\x00"
_FLOAT_BYTES = 2
# NumPy wants the numbers to begin at such places.
_PLACES = 64


def latents_beside(path: Path) -> Path:
    """Where the latents of a picture lie, if somebody kept them."""
    return path.with_name(f"{path.stem}{ENDING}")


def latents_to_bytes(picture: Picture) -> bytes:
    """The file of a picture's latents: an array [1, channels, height, width]; ValueError if it has none."""
    size = picture.recipe.size
    channels, rest = divmod(len(picture.latents), _FLOAT_BYTES * size.latent_height * size.latent_width)
    if rest or not channels:
        raise ValueError("the picture has no latents of its size")
    shape = (1, channels, size.latent_height, size.latent_width)
    header = f"{{'descr': '<f2', 'fortran_order': False, 'shape': {shape}, }}"
    length = len(_MAGIC) + 2 + len(header) + 1
    header += " " * (-length % _PLACES) + "\n"
    return _MAGIC + len(header).to_bytes(2, "little") + header.encode("ascii") + picture.latents

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sana_desktop.domain.sizes import Size
from sana_desktop.gallery.latents_file import latents_beside, latents_to_bytes
from support.fake_engine import fake_picture
from support.recipes import recipe


def test_numpy_reads_what_is_written():
    values = np.arange(32 * 2 * 3, dtype="<f2").reshape(1, 32, 2, 3)
    picture = replace(fake_picture(recipe(size=Size(96, 64))), latents=values.tobytes())

    data = latents_to_bytes(picture)

    found = np.load(io.BytesIO(data), allow_pickle=False)
    assert found.dtype == values.dtype
    assert np.array_equal(found, values)
    assert (len(data) - len(picture.latents)) % 64 == 0


def test_latents_of_another_size_are_a_mistake():
    for latents in (b"", b"123"):
        with pytest.raises(ValueError, match="no latents"):
            latents_to_bytes(replace(fake_picture(recipe(size=Size(64, 64))), latents=latents))


def test_they_lie_beside_the_picture():
    assert latents_beside(Path("a/b.c.png")) == Path("a/b.c.latents.npy")

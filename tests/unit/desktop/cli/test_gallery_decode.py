import json
from pathlib import Path

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.gallery.latents_file import latents_beside
from support.fake_engine import FakeEngine, fake_picture
from support.gallery import write_own
from support.terminal import Terminal


class DecodingEngine(FakeEngine):
    """Decodes the latents of any picture to what the fake engine draws."""

    def decode_again(self, recipe: Recipe, latents: Path, cancel: CancelToken) -> Picture:
        assert latents.is_file()
        return fake_picture(recipe)


def test_a_picture_is_decoded_again_beside_the_old_one(tmp_path: Path):
    terminal = Terminal(tmp_path, DecodingEngine())
    path = write_own(tmp_path / "fox.png", seed=3)
    latents_beside(path).write_bytes(b"latents")

    result = terminal.run("gallery", "decode", str(path), "--json")

    copy = tmp_path / "fox-decoded.png"
    assert json.loads(result.stdout) == {"path": str(path), "copy": str(copy), "psnr": None}
    again = terminal.run("gallery", "decode", str(path), "--latents", str(latents_beside(path)))
    assert again.stdout == f"{tmp_path / 'fox-decoded-2.png'}\n"
    assert "PSNR to the picture: inf dB" in again.stderr


def test_without_latents_it_is_told_how_they_are_kept(tmp_path: Path):
    terminal = Terminal(tmp_path, DecodingEngine())
    path = write_own(tmp_path / "fox.png")

    result = terminal.run("gallery", "decode", str(path))

    assert result.exit_code == 2
    assert "fox.latents.npy is not there" in result.stderr
    assert "files.keep_latents" in result.stderr

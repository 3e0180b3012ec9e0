import json
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.picture import Picture
from support.fake_engine import FakeEngine
from support.gallery import write_own
from support.terminal import Terminal


class OtherEngine(FakeEngine):
    """Draws as the fake one, but a little brighter."""

    def generate(self, *arguments, **more) -> tuple[Picture, ...]:
        return tuple(
            replace(picture, rgb=bytes(min(255, value + 1) for value in picture.rgb))
            for picture in super().generate(*arguments, **more)
        )


@pytest.mark.parametrize(
    ("engine", "code", "identical"), [(FakeEngine(), 0, True), (OtherEngine(), 1, False)], ids=["same", "other"]
)
def test_a_picture_is_drawn_again_and_compared(tmp_path: Path, engine: FakeEngine, code: int, identical: bool):
    terminal = Terminal(tmp_path, engine)
    path = write_own(terminal.paths.pictures / "x.png", pack="toy")

    result = terminal.run("gallery", "verify", str(path), "--json")
    assert result.exit_code == code
    verdict = json.loads(result.stdout)
    assert (verdict["identical"], verdict["path"], verdict["differences"]) == (identical, str(path), [])
    assert (verdict["psnr"] is None) == identical
    assert engine.closed
    assert len(engine.forgotten) == 1

    words = terminal.run("gallery", "verify", str(path)).stdout
    assert words.startswith(f"{path}: {'bit-identical' if identical else 'different, PSNR'}")


def test_the_recipe_that_the_gallery_holds_is_what_counts(tmp_path: Path):
    terminal = Terminal(tmp_path)
    path = write_own(terminal.paths.pictures / "x.png", pack="toy", seed=7)
    terminal.run("gallery", "search")
    write_own(path, pack="toy", seed=8)
    verdict = json.loads(terminal.run("gallery", "verify", str(path), "--json").stdout)
    assert verdict["differences"] == [{"name": "seed", "recorded": "7", "now": "8"}]


def test_noise_from_a_file_is_asked_for(tmp_path: Path):
    terminal = Terminal(tmp_path)
    path = write_own(terminal.paths.pictures / "x.png", pack="toy", latents_sha256="0" * 64)
    result = terminal.run("gallery", "verify", str(path))
    assert result.exit_code == 2
    assert "--latents" in result.stderr
    (tmp_path / "noise.npy").write_bytes(b"noise")
    assert terminal.run("gallery", "verify", str(path), "--latents", str(tmp_path / "noise.npy")).exit_code == 0

"""The pack that ships is whole, small enough, and draws what it is asked for."""

from pathlib import Path

import numpy as np
import pytest

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.engine.engine import Engine
from sana_desktop.gallery.metadata import PictureKind, write_picture
from sana_desktop.services.verifying import verify
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import read_pack
from support.tampering import tamper

MOST_BYTES = 90 * 10**6


@pytest.fixture(scope="module")
def starter() -> PackManifest:
    return read_pack(Path(__file__).resolve().parents[2] / "resources" / "starter")


def test_nothing_is_missing_and_its_notice_says_what_it_is(starter: PackManifest) -> None:
    assert starter.missing_parts() == ()
    assert starter.preview.file is not None
    assert (starter.folder / starter.preview.file).is_file()
    assert "256 px" in starter.notice


def test_all_its_files_together_are_at_most_ninety_megabytes(starter: PackManifest) -> None:
    assert sum(path.stat().st_size for path in starter.folder.rglob("*") if path.is_file()) <= MOST_BYTES


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_red_apple_on_a_blue_background_is_red_on_blue_and_can_be_made_again(
    starter: PackManifest, tmp_path: Path, repository: Path
) -> None:
    # The whole path with nothing replaced: the shipped weights, and Gemma converted from its package.
    engine = Engine(lambda _: starter, tmp_path / "cache", tmp_path / "journal", repository / "resources")
    recipe = Recipe(
        prompt="a red apple on a blue background",
        size=Size(starter.base_size, starter.base_size),
        steps=starter.default_steps,
        guidance=starter.default_guidance,
        seed=1,
        solver=starter.default_solver,
        pack=starter.id,
    )
    (picture,) = engine.generate(1, (recipe,), lambda _: None, CancelToken())
    _is_red_on_blue(picture)
    engine.forget((recipe,))
    _can_be_made_again(engine, picture, tmp_path / "apple.png")


def _is_red_on_blue(picture: Picture) -> None:
    levels = np.frombuffer(picture.rgb, np.uint8).reshape(picture.height, picture.width, 3).astype(int)
    red, _, blue = np.moveaxis(levels, -1, 0)
    border = np.concatenate([levels[:8].reshape(-1, 3), levels[-8:].reshape(-1, 3)])
    assert border[:, 2].mean() > border[:, 0].mean() + 60, "the background is not blue"
    middle = slice(96, 160)
    assert red[middle, middle].mean() > blue[middle, middle].mean() + 60, "the middle is not red"


def _can_be_made_again(engine: Engine, picture: Picture, path: Path) -> None:
    """Verifying says bit-identical, and after a change of the file it names just that."""

    def draw(recipes: tuple[Recipe, ...]) -> tuple[Picture, ...]:
        pictures = engine.generate(2, recipes, lambda _: None, CancelToken())
        engine.forget(recipes)
        return pictures

    with path.open("wb") as file:
        write_picture(picture, PictureKind.PNG, file)
    assert verify(path, draw).text == "bit-identical"
    for changes, said in (
        ({"seed": 2}, "seed was 1, is 2"),
        ({"solver": "flow-euler", "seed": 1}, "solver was Flow DPM++ 2M, is Flow Euler"),
    ):
        tamper(path, **changes)
        verdict = verify(path, draw)
        assert not verdict.identical
        assert verdict.text == f"different, PSNR {verdict.psnr:.1f} dB: {said}"

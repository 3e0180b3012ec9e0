from pathlib import Path

import pytest
from PIL import Image

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.system.packs import read_pack
from support.tiny_pack import tiny_engine, write_tiny_pack
from training.drawing import Drawer, Manner


@pytest.fixture
def drawer(tmp_path: Path, repository: Path) -> Drawer:
    pack = write_tiny_pack(tmp_path / "tiny")
    return Drawer(tiny_engine(pack, tmp_path, repository / "resources"), read_pack(pack))


def test_a_manner_changes_the_picture_and_its_absence_means_the_packs_defaults(drawer: Drawer) -> None:
    default, again, euler = (
        drawer.draw("a red cat", 1, manner).tobytes()
        for manner in (Manner(steps=2), Manner(steps=2), Manner(steps=2, solver=Solver.FLOW_EULER, guidance=1.0))
    )
    assert default == again
    assert default != euler


def test_a_manner_may_name_a_precision(drawer: Drawer) -> None:
    plain, few = (
        drawer.draw("a red cat", 1, Manner(steps=2, precision=precision)).tobytes()
        for precision in (Precision.FP32, Precision.NF4)
    )
    assert plain != few


def test_pictures_that_are_there_are_not_drawn_again(drawer: Drawer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    Image.new("RGB", (8, 8), "red").save(out / "000.png")
    paths = drawer.draw_into(out, [("a red cat", 0), ("a blue cat", 1)], Manner(steps=1))
    assert [path.name for path in paths] == ["000.png", "001.png"]
    with Image.open(paths[0]) as kept, Image.open(paths[1]) as drawn:
        assert kept.size == (8, 8)
        assert drawn.size != (8, 8)
    assert list(out.glob("*.partial")) == []

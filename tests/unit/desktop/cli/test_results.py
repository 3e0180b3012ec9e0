import json
from pathlib import Path

import pytest

from sana_desktop.cli.results import show_json, show_path
from sana_desktop.domain.codec import recipe_from_plain
from sana_desktop.domain.events import PictureSaved
from sana_desktop.domain.sizes import Size
from support.fake_engine import fake_picture
from support.recipes import recipe

RECIPE = recipe(prompt="狐", size=Size(64, 32), steps=4)
SAVED = PictureSaved(1, Path("pictures") / "狐.png", fake_picture(RECIPE, ("The prompt was cut.",)))


def test_standard_output_is_the_path_and_nothing_else(capsys: pytest.CaptureFixture[str]):
    show_path(SAVED)

    out, err = capsys.readouterr()
    assert out == f"{SAVED.path}\n"
    assert err.splitlines() == [
        "seed 7, 64x32, 4 steps, pack starter",
        "load 1.50 s, encode 0.25 s, sample 2.00 s (0.500 s per step), decode 0.50 s, total 4.25 s",
    ]


def test_json_is_one_ascii_line_that_holds_everything(capsys: pytest.CaptureFixture[str]):
    show_json(SAVED)

    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    assert out.isascii()
    found = json.loads(out)
    assert found["path"] == str(SAVED.path.absolute())
    assert found["seed"] == 7
    assert (found["width"], found["height"]) == (64, 32)
    assert found["timings"] == {
        "load": 1.5, "encode": 0.25, "sample": 2.0, "decode": 0.5, "preview": 0.0, "per_step": 0.5, "total": 4.25,
    }  # fmt: skip
    assert found["notices"] == ["The prompt was cut."]
    assert recipe_from_plain(found["recipe"]) == RECIPE
    assert found["provenance"]["precision"] == "fp32"

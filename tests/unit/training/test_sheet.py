from pathlib import Path

from support.fake_engine import fake_picture
from support.recipes import recipe
from training.sheet import PROMPTS, contact_sheet


def test_pictures_are_laid_out_row_by_row() -> None:
    pictures = [fake_picture(recipe(seed=seed)) for seed in range(3)]
    width, height = pictures[0].width, pictures[0].height
    sheet = contact_sheet(pictures, columns=2)
    assert sheet.size == (2 * width, 2 * height)
    assert sheet.crop((0, height, width, 2 * height)).tobytes() == pictures[2].rgb


def test_the_ten_prompts_each_name_a_thing_and_a_background() -> None:
    prompts = Path(PROMPTS).read_text(encoding="utf-8").splitlines()
    assert len(prompts) == 10
    assert all(prompt.startswith("a ") and prompt.endswith(" background") for prompt in prompts)

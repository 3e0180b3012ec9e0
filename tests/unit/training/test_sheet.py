from pathlib import Path

from PIL import Image

from training.sheet import PROMPTS, contact_sheet

UNSEEN = Path(PROMPTS).with_name("unseen.txt")


def test_pictures_are_laid_out_row_by_row() -> None:
    pictures = [Image.new("RGB", (4, 6), color) for color in ("red", "green", "blue")]
    sheet = contact_sheet(pictures, columns=2)
    assert sheet.size == (8, 12)
    assert sheet.crop((0, 6, 4, 12)).tobytes() == pictures[2].tobytes()


def test_the_ten_prompts_each_name_a_thing_and_a_background() -> None:
    prompts = Path(PROMPTS).read_text(encoding="utf-8").splitlines()
    assert len(prompts) == 10
    assert all(prompt.startswith("a ") and prompt.endswith(" background") for prompt in prompts)


def test_the_unseen_prompts_are_sixty_four_and_different() -> None:
    prompts = UNSEEN.read_text(encoding="utf-8").splitlines()
    assert len(set(prompts)) == len(prompts) == 64

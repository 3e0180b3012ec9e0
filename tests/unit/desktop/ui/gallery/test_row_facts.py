import pytest

from sana_desktop.ui.gallery.row_facts import inspected, tags_in
from support.gallery_rows import row_of


def test_a_row_says_what_its_file_says() -> None:
    found = inspected(row_of(1, prompt="a fox", seed=7, steps=20, guidance=4.5, pack="toy", solver="flow-dpm"))
    assert (found.prompt, found.seed, found.size, found.model, found.sampler) == (
        "a fox", 7, (32, 32), "toy", "flow-dpm",
    )  # fmt: skip
    assert not found.is_empty
    assert inspected(row_of(1)).is_empty


@pytest.mark.parametrize(
    ("text", "tags"),
    [("", ()), (" , ,", ()), ("best", ("best",)), (" blue   sky , Best,best", ("blue sky", "best"))],
)
def test_tags_stand_between_commas_each_once(text: str, tags: tuple[str, ...]) -> None:
    assert tags_in(text) == tags

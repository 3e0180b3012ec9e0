from pathlib import Path

import pytest

from sana_desktop.domain.sizes import Size
from sana_desktop.services.batch.survey import MOST_PROBLEMS, survey
from sana_desktop.services.forecast import SpeedBook
from support.prompt_lists import prompt_list
from support.recipes import recipe
from unit.desktop.services.test_forecast import drawn


def test_a_survey_counts_pictures_and_names_what_is_wrong(tmp_path: Path):
    text = (
        "a fox --n_iter 3\nbad --sed 1\na dog --size 512x256 --tiling true\nx --x 'Prompt S/R: x, y' --y 'Steps: 1,2'\n"
    )
    found = survey(prompt_list(tmp_path, text))
    assert (found.lines, found.pictures, found.errors, found.warnings) == (3, 8, 1, 1)
    assert (found.prompts, found.largest) == (4, Size(512, 256))
    assert found.most_bytes == 9 * 3 * 256 * 256
    assert [item.line for item in found.first] == [1, 3, 4, 4, 4]


def test_every_cell_of_a_grid_is_looked_at(tmp_path: Path):
    found = survey(prompt_list(tmp_path, "x --x 'Size: 64x64, 64x96' --y 'Styles: None, ink'"))
    assert [problem.message for problem in found.problems] == ["There is no style “ink”."]


def test_problems_are_kept_up_to_a_bound_and_counted_beyond(tmp_path: Path):
    found = survey(prompt_list(tmp_path, "bad --sed 1\n" * (MOST_PROBLEMS + 10)))
    assert (len(found.problems), found.errors) == (MOST_PROBLEMS, MOST_PROBLEMS + 10)


def test_the_time_is_that_of_every_picture_and_what_the_first_pays(tmp_path: Path):
    found = survey(prompt_list(tmp_path, "a\nb\nc --n_iter 2\n"))
    speeds = SpeedBook()
    assert found.seconds(speeds) is None
    of = recipe(prompt="", pack="toy")
    # 20 steps of 0.1 s and a decode of 0.4 s; 3 s to load, 1 s for each new prompt.
    speeds.learn(drawn(of, load=3.0, encode=1.0), startup=0.0)
    speeds.learn(drawn(of))
    assert found.seconds(speeds) == pytest.approx(4 * 2.4 + 2 * 1.0)


def test_somebody_may_end_it(tmp_path: Path):
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        survey(prompt_list(tmp_path, "a\nb\n"), stop)

from pathlib import Path

from sana_desktop.services.usual_recipe import usual_recipe
from support.packs import manifest


def test_a_recipe_that_says_nothing_is_the_packs_own(tmp_path: Path):
    pack = manifest(tmp_path, "toy")
    found = usual_recipe(pack)
    assert (found.pack, found.prompt, found.seed) == ("toy", "", 0)
    assert (found.size.width, found.size.height) == (pack.base_size, pack.base_size)
    assert (found.steps, found.guidance) == (pack.default_steps, pack.default_guidance)
    assert found.solver is pack.default_solver

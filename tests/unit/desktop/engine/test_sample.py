from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import Recipe
from sana_desktop.engine.device import choose_for_pack, find_device
from sana_desktop.engine.latents import initial_noise
from sana_desktop.engine.pack_loader import LoadedPack
from sana_desktop.engine.prompt import PromptFeatures
from sana_desktop.engine.sample import initial_latents, last_step, sample
from sana_desktop.engine.sampling import SamplerState
from sana_desktop.engine.text_features import TextFeatures
from sana_desktop.system.packs import read_pack
from support.diffusers_schedulers import ORACLE_WARNING
from support.tiny_gemma import WIDTH
from support.tiny_pack import tiny_recipe, write_tiny_pack
from support.toy_denoisers import Predictions

pytestmark = pytest.mark.filterwarnings(ORACLE_WARNING)


class Setup(NamedTuple):
    """A pack in memory and features of no prompt in particular."""

    pack: LoadedPack
    features: PromptFeatures

    def run(
        self,
        recipe: Recipe,
        start: Tensor | SamplerState | None = None,
        on_block: Callable[[], None] = lambda: None,
    ) -> Predictions:
        states = Predictions()
        transformer = self.pack.transformer(lambda: None)
        if start is None:
            start = initial_latents([recipe], None, transformer.config.in_channels)
        sample([recipe], self.pack, transformer, [self.features], start, states, on_block)
        return states


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Setup:
    folder = tmp_path_factory.mktemp("packs")
    manifest, device = read_pack(write_tiny_pack(folder / "tiny")), find_device()
    choices = choose_for_pack(device, manifest, tiny_recipe().precision)
    pack = LoadedPack(manifest, device, choices, folder / "cache", repository / "resources")
    generator = torch.Generator().manual_seed(1)
    cond, uncond = (
        TextFeatures(torch.randn(1, 5, WIDTH, generator=generator), torch.ones(1, 5, dtype=torch.bool))
        for _ in range(2)
    )
    return Setup(pack, PromptFeatures(cond, uncond, ()))


def test_noise_comes_from_each_seed_or_from_what_is_given() -> None:
    recipes = [tiny_recipe(seed=seed) for seed in (3, 1)]
    drawn = initial_latents(recipes, None, 32)
    assert torch.equal(drawn, torch.cat([initial_noise(seed, recipes[0].size) for seed in (3, 1)]))
    given = initial_noise(9, recipes[0].size)
    assert torch.equal(initial_latents(recipes, given, 32), torch.cat([given, given]))


def test_the_last_step_is_that_of_the_schedule_unless_the_picture_stops_before() -> None:
    assert last_step(tiny_recipe(steps=7)) == 7
    assert last_step(tiny_recipe(steps=7).stopped_after(4)) == 4


@pytest.mark.parametrize("solver", [Solver.FLOW_DPM, Solver.FLOW_EULER])
def test_a_picture_that_stops_early_goes_the_same_way_up_to_there(setup: Setup, solver: Solver) -> None:
    whole = setup.run(tiny_recipe(steps=6, solver=solver))
    part = setup.run(tiny_recipe(steps=6, solver=solver).stopped_after(4))
    assert (whole.steps, part.steps) == ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4])
    assert all(torch.equal(one, other) for one, other in zip(part.clean, whole.clean, strict=False))


@pytest.mark.parametrize("solver", [Solver.FLOW_DPM, Solver.FLOW_EULER])
def test_it_goes_on_from_a_state_as_if_it_had_never_stopped(setup: Setup, solver: Solver) -> None:
    whole = setup.run(tiny_recipe(steps=6, solver=solver))
    rest = setup.run(tiny_recipe(steps=6, solver=solver), whole.states[2])
    assert rest.steps == [4, 5, 6]
    assert torch.equal(rest.clean[-1], whole.clean[-1])


def test_the_flow_shift_of_the_recipe_takes_the_place_of_the_packs(setup: Setup) -> None:
    packs_own = setup.run(tiny_recipe(flow_shift=setup.pack.manifest.flow_shift)).clean[-1]
    assert torch.equal(setup.run(tiny_recipe(flow_shift=None)).clean[-1], packs_own)
    assert not torch.equal(setup.run(tiny_recipe(flow_shift=7.0)).clean[-1], packs_own)


def test_what_a_block_raises_ends_the_sampling(setup: Setup) -> None:
    blocks: list[int] = []

    def stop_at_the_third() -> None:
        blocks.append(1)
        if len(blocks) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        setup.run(tiny_recipe(), on_block=stop_at_the_third)
    assert len(blocks) == 3

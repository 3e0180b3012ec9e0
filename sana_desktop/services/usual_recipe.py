"""What is drawn where nothing is said."""

from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.system.pack_manifest import PackManifest


def usual_recipe(pack: PackManifest) -> Recipe:
    """A picture of the pack's own size, drawn with its own settings: no prompt, seed 0."""
    return Recipe(
        prompt="",
        size=Size(pack.base_size, pack.base_size),
        steps=pack.default_steps,
        guidance=pack.default_guidance,
        seed=0,
        solver=pack.default_solver,
        pack=pack.id,
    )

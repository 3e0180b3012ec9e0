"""From the words on the command line to an order: what is not said comes from the pack."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from sana_desktop.domain.choices import Conditioning, Emphasis, Precision, Solver
from sana_desktop.domain.emphasis import holds_weights
from sana_desktop.domain.guidance_interval import GuidanceInterval
from sana_desktop.domain.job import Order
from sana_desktop.domain.recipe import LONGEST_PROMPT, Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PackError, RecipeError
from sana_desktop.system.packs import PackManifest, broken_packs, choose_pack, installed_packs

_MOST_BYTES_PER_LETTER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user asked for; None means whatever suits the pack."""

    prompt: str
    negative: str = ""
    size: str | None = None
    steps: int | None = None
    guidance: float | None = None
    seed: int | None = None
    solver: Solver | None = None
    precision: Precision = Precision.AUTO
    conditioning: Conditioning = Conditioning.DIFFUSERS
    flow_shift: float | None = None
    guidance_interval: str | None = None
    emphasis: Emphasis | None = None
    latents: Path | None = None
    count: int = 1
    batch: int = 1


def order_for(wishes: Wishes, pack: PackManifest, random_seed: Callable[[], int]) -> Order:
    """Fill in what was not asked for; raises `RecipeError` for what cannot be drawn."""
    prompt = _read_prompt(wishes.prompt)
    interval = None if wishes.guidance_interval is None else GuidanceInterval.parse(wishes.guidance_interval)
    recipe = Recipe(
        prompt=prompt,
        negative=wishes.negative,
        size=Size(pack.base_size, pack.base_size) if wishes.size is None else Size.parse(wishes.size),
        steps=pack.default_steps if wishes.steps is None else wishes.steps,
        guidance=pack.default_guidance if wishes.guidance is None else wishes.guidance,
        seed=random_seed() if wishes.seed is None else wishes.seed,
        solver=pack.default_solver if wishes.solver is None else wishes.solver,
        pack=pack.id,
        precision=wishes.precision,
        conditioning=wishes.conditioning,
        flow_shift=wishes.flow_shift,
        guidance_interval=interval,
        emphasis=_emphasis(prompt, wishes.negative) if wishes.emphasis is None else wishes.emphasis,
    )
    return Order(recipe=recipe, count=wishes.count, batch=wishes.batch, latents=wishes.latents)


def pack_for(name: str | None, folders: tuple[Path, ...], shipped: Path) -> PackManifest:
    """The pack called `name`, or the one that ships; raises `PackError` for one that cannot draw."""
    pack = _default_pack(folders, shipped) if name is None else choose_pack(name, folders)
    pack.require_parts()
    return pack


def _read_prompt(argument: str) -> str:
    """The prompt itself, or for "-" what standard input holds, without its last line break."""
    if argument != "-":
        return argument
    most = LONGEST_PROMPT * _MOST_BYTES_PER_LETTER
    data = typer.get_binary_stream("stdin").read(most + 1)
    if len(data) > most:
        raise RecipeError(f"The prompt on standard input is longer than {LONGEST_PROMPT} characters.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecipeError("The prompt on standard input is not UTF-8 text.") from error
    return text.removesuffix("\n").removesuffix("\r")


def _emphasis(*texts: str) -> Emphasis:
    """Weights count where somebody wrote one; all other prompts stay the recipes that they always were."""
    return Emphasis.WEIGHTED if holds_weights(*texts) else Emphasis.LITERAL


def _default_pack(folders: tuple[Path, ...], shipped: Path) -> PackManifest:
    ours = installed_packs([shipped])
    if ours:
        # By its id: the user may have installed a newer one that takes its place.
        return choose_pack(ours[0].id, folders)
    others = installed_packs(folders)
    if others:
        return others[0]
    for broken in broken_packs(folders):
        raise broken.error
    raise PackError("No pack is installed.", hint="Install one: `sana-desktop packs import FOLDER`.")

"""`sana-desktop generate`: one prompt, one or more pictures."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.drawing import draw
from sana_desktop.cli.order import Wishes, order_for, pack_for
from sana_desktop.cli.progress import choose_display
from sana_desktop.cli.results import show_json, show_path
from sana_desktop.domain.choices import Conditioning, Emphasis, Precision, Solver
from sana_desktop.domain.events import PictureSaved
from sana_desktop.services.saving import plan_by_settings, plan_output
from sana_desktop.system.log import log_file
from sana_desktop.system.packs import choose_pack


def add_generate(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the command."""

    @app.command()
    def generate(
        prompt: Annotated[
            str, typer.Argument(metavar="PROMPT", help="What to draw; “-” reads it from standard input.")
        ],
        negative: Annotated[str, typer.Option(help="What to stay away from.")] = "",
        size: Annotated[str | None, typer.Option(metavar="WxH", help="Pixels, each a multiple of 32.")] = None,
        steps: Annotated[int | None, typer.Option(help="Solver steps.")] = None,
        guidance: Annotated[float | None, typer.Option(help="How closely to follow the prompt.")] = None,
        seed: Annotated[int | None, typer.Option(help="Noise to start from; random without it.")] = None,
        solver: Annotated[Solver | None, typer.Option(help="How the noise becomes a picture.")] = None,
        pack: Annotated[str | None, typer.Option(help="Id or folder of the pack that draws.")] = None,
        precision: Annotated[Precision, typer.Option(help="Arithmetic of the transformer.")] = Precision.AUTO,
        conditioning: Annotated[
            Conditioning, typer.Option(help="Whose rules turn the prompt into features.")
        ] = Conditioning.DIFFUSERS,
        flow_shift: Annotated[
            float | None, typer.Option(help="Weight of the early, coarse steps; grows with the size.")
        ] = None,
        guidance_interval: Annotated[
            str | None,
            typer.Option(metavar="LOW:HIGH", help="Noise levels to guide between, of 0 to 1; fewer take less time."),
        ] = None,
        emphasis: Annotated[
            Emphasis | None,
            typer.Option(help="Whether “(red:1.3)” makes red count more; without it, if the prompt holds a weight."),
        ] = None,
        latents: Annotated[Path | None, typer.Option(metavar="FILE.npy", help="Noise from a file.")] = None,
        count: Annotated[int, typer.Option(help="Pictures to draw, with seeds that count up.")] = 1,
        batch: Annotated[int, typer.Option(help="Pictures to draw at a time.")] = 1,
        out: Annotated[
            str | None, typer.Option(metavar="FILE", help="A folder, or a file ending in .png, .jpg, .webp or .avif.")
        ] = None,
        overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the files named by --out.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object per picture on one line.")] = False,
    ) -> None:
        """Draw a picture. Its path goes to standard output, progress and timings to standard error.

        What is not given comes from the pack; folder, format and names of the files come from the settings.
        Several pictures under one --out name are numbered. A file that exists is never replaced without
        --overwrite.
        """
        wishes = Wishes(
            prompt=prompt,
            negative=negative,
            size=size,
            steps=steps,
            guidance=guidance,
            seed=seed,
            solver=solver,
            precision=precision,
            conditioning=conditioning,
            flow_shift=flow_shift,
            guidance_interval=guidance_interval,
            emphasis=emphasis,
            latents=latents,
            count=count,
            batch=batch,
        )
        with reporting(collaborators.paths.logs):
            _generate(collaborators, pack, wishes, out, overwrite, show_json if as_json else show_path)


def _generate(
    collaborators: Collaborators,
    pack_name: str | None,
    wishes: Wishes,
    out: str | None,
    overwrite: bool,
    show: Callable[[PictureSaved], None],
) -> None:
    paths, folders = collaborators.paths, collaborators.pack_folders()
    pack = pack_for(pack_name, folders, collaborators.shipped_packs())
    order = order_for(wishes, pack, collaborators.random_seed)
    usual = plan_by_settings(collaborators.settings(), paths.pictures)
    plan = plan_output(out, usual, count=order.count, overwrite=overwrite)
    plan.check(order.recipe)
    if pack_name is None and pack.notice:
        say(f"note: {pack.notice}")
    # The chosen pack first, so that the engine finds it also where it is not installed.
    find_pack = partial(choose_pack, folders=(pack.folder, *folders))
    make_engine = partial(collaborators.make_engine, paths, find_pack)
    display = choose_display(steps=order.recipe.steps, count=order.count, batch=order.batch)
    with log_file(paths.logs), collaborators.open_library(usual.folder) as library:
        draw(order, plan, make_engine, display, show, library.record)

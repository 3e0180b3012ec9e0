"""What a drawn picture leaves on the terminal. Standard output carries results and nothing else."""

import json
from dataclasses import asdict

import typer

from sana_desktop.cli.boundary import say
from sana_desktop.domain.codec import recipe_to_plain
from sana_desktop.domain.events import PictureSaved
from sana_desktop.domain.picture import Picture


def show_path(saved: PictureSaved) -> None:
    """The path on standard output; beside it, for people, what was drawn and how long it took."""
    # Written at once: whoever reads it may be waiting for this picture, not for the last.
    typer.echo(str(saved.path))
    recipe = saved.picture.recipe
    say(f"seed {recipe.seed}, {recipe.size}, {recipe.steps} steps, pack {recipe.pack}")
    say(f"{timings_text(saved.picture)}")


def show_json(saved: PictureSaved) -> None:
    """One JSON object on one line of standard output, in ASCII so that every pipe can carry it."""
    picture = saved.picture
    timings = picture.timings
    document = {
        "path": str(saved.path.absolute()),
        "seed": picture.recipe.seed,
        "width": picture.width,
        "height": picture.height,
        "timings": {
            **asdict(timings),
            "per_step": timings.sample / picture.recipe.steps,
            "total": timings.total,
        },
        "notices": picture.notices,
        "recipe": recipe_to_plain(picture.recipe),
        "provenance": asdict(picture.provenance),
    }
    typer.echo(json.dumps(document))


def timings_text(picture: Picture) -> str:
    """The seconds of every phase, and of one step."""
    timings = picture.timings
    per_step = timings.sample / picture.recipe.steps
    return (
        f"load {timings.load:.2f} s, encode {timings.encode:.2f} s, "
        f"sample {timings.sample:.2f} s ({per_step:.3f} s per step), "
        f"decode {timings.decode:.2f} s, total {timings.total:.2f} s"
    )

"""`sana-desktop batch`: a prompt list, from one picture to a night of them."""

from pathlib import Path
from typing import Annotated

import typer

from sana_desktop.cli.boundary import reporting
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.domain.batch.lists import SEEDS, ListFormat
from sana_desktop.domain.job import LARGEST_BATCH


def add_batch(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the command."""

    @app.command()
    def batch(
        path: Annotated[
            Path, typer.Argument(metavar="LIST", help="A text, CSV or JSON Lines file of prompts; - reads one.")
        ],
        out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the pictures and their manifest.")],
        resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in that folder.")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made, and make nothing.")] = False,
        limit: Annotated[int | None, typer.Option(help="Only the first so many pictures of the list.", min=0)] = None,
        shard: Annotated[
            str | None, typer.Option(metavar="I/N", help="Every n-th picture from the i-th on; needs --seed.")
        ] = None,
        list_format: Annotated[
            ListFormat, typer.Option("--format", help="How the list is written; by the ending of its name.")
        ] = ListFormat.AUTO,
        jobs_per_batch: Annotated[
            int, typer.Option(help="Pictures of one size to draw at a time.", min=1, max=LARGEST_BATCH)
        ] = 1,
        contact_sheet: Annotated[
            bool, typer.Option("--contact-sheet", help="Put sheets of small pictures beside them at the end.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object per picture on one line.")] = False,
        seed: Annotated[
            int | None, typer.Option(help="Seed of the first picture without one; they count up.", min=0, max=SEEDS - 1)
        ] = None,
        pack: Annotated[str | None, typer.Option(help="Id or folder of the pack that draws.")] = None,
        negative: Annotated[str, typer.Option(help="Negative prompt of lines without one.")] = "",
        size: Annotated[str | None, typer.Option(metavar="WxH", help="Size of lines without one.")] = None,
        steps: Annotated[int | None, typer.Option(help="Steps of lines without any.")] = None,
        guidance: Annotated[float | None, typer.Option(help="Guidance of lines without any.")] = None,
        wildcards: Annotated[
            Path | None, typer.Option(metavar="DIR", help="Folder of files for __name__; wildcards beside the list.")
        ] = None,
        styles: Annotated[Path | None, typer.Option(metavar="FILE", help="A1111's styles.csv, or a JSON list.")] = None,
        combinatorial: Annotated[
            bool, typer.Option("--combinatorial", help="Draw all variants instead of one at random.")
        ] = False,
        x: Annotated[str | None, typer.Option(help="Axis of a grid around every line, as “Steps: 10, 20”.")] = None,
        y: Annotated[str | None, typer.Option(help="A second axis, as “Prompt S/R: red, blue”.")] = None,
        z: Annotated[str | None, typer.Option(help="A third axis.")] = None,
        cluster: Annotated[
            str | None, typer.Option(metavar="ray[://ADDRESS]", help="Draw on the machines of a Ray cluster.")
        ] = None,
    ) -> None:
        """Draw a list of prompts, one on a line, and go on with it after whatever may happen.

        Lines may have A1111's flags (a fox --seed 7 --steps 20), variants {red|blue} and wildcards __colours__; tables
        name their columns like the flags. A bad line is named and left out. Paths go to standard output.
        """
        with reporting(collaborators.paths.logs):
            # Imported here because all other commands would wait for it.
            from sana_desktop.cli.batch_job import BatchWishes, run_batch

            wishes = BatchWishes(
                path=path,
                out=out,
                resume=resume,
                dry_run=dry_run,
                limit=limit,
                shard=shard,
                list_format=list_format,
                jobs_per_batch=jobs_per_batch,
                contact_sheet=contact_sheet,
                as_json=as_json,
                seed=seed,
                pack=pack,
                negative=negative,
                size=size,
                steps=steps,
                guidance=guidance,
                wildcards=wildcards,
                styles=styles,
                combinatorial=combinatorial,
                axes=tuple(text for text in (x, y, z) if text is not None),
                cluster=cluster,
            )
            code = run_batch(collaborators, wishes)
            if code:
                raise typer.Exit(code)

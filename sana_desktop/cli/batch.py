"""`sana-desktop batch`: a prompt list, from one picture to a night of them."""

import shutil
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sana_desktop import __version__
from sana_desktop.cli.batch_display import Reporter, show_survey
from sana_desktop.cli.batch_sheet import write_sheets
from sana_desktop.cli.boundary import reporting, say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.cli.interrupt import leave_at_once, on_interrupt
from sana_desktop.cli.order import Wishes, order_for, pack_for
from sana_desktop.domain.batch.axes import parse_axis
from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.domain.job import LARGEST_BATCH
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.styles import Style
from sana_desktop.errors import KnownError
from sana_desktop.gallery.files import check_folder
from sana_desktop.services.batch.manifest import Manifest, RunHead
from sana_desktop.services.batch.prompt_list import SEEDS, ListRules, PromptList
from sana_desktop.services.batch.reading import ListFormat
from sana_desktop.services.batch.running import BatchRun
from sana_desktop.services.batch.stream import WHOLE, parse_shard, pictures
from sana_desktop.services.batch.survey import Survey, survey
from sana_desktop.services.batch.wildcard_files import WildcardFolder
from sana_desktop.services.forecast import FILE_NAME as SPEEDS
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.saving import plan_by_settings
from sana_desktop.services.style_files import read_styles
from sana_desktop.system.log import log_file
from sana_desktop.system.pack_manifest import PackManifest
from sana_desktop.system.packs import choose_pack

MANIFEST = "manifest.jsonl"


def add_batch(app: typer.Typer, collaborators: Collaborators) -> None:
    """Give `app` the command."""

    @app.command()
    def batch(
        path: Annotated[Path, typer.Argument(metavar="LIST", help="A text, CSV or JSON Lines file of prompts.")],
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
            int, typer.Option(help="Pictures of one prompt to draw at a time.", min=1, max=LARGEST_BATCH)
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
    ) -> None:
        """Draw a list of prompts, one on a line, and go on with it after whatever may happen.

        Lines may have A1111's flags (a fox --seed 7 --steps 20), variants {red|blue} and wildcards __colours__; tables
        name their columns like the flags. A bad line is named and left out. Paths go to standard output.
        """
        with reporting(collaborators.paths.logs):
            job = _Job(collaborators, path, out, list_format, pack)
            part = WHOLE if shard is None else parse_shard(shard)
            if shard is not None and seed is None and not resume:
                raise KnownError("A part of a list needs --seed.", hint="All parts must begin with the same one.")
            book_path = out / (MANIFEST if part == WHOLE else f"manifest-{part[0]}-of-{part[1]}.jsonl")
            book = Manifest.go_on(book_path) if resume and not dry_run else None
            base = seed if book is None else book.head.base_seed
            rules = ListRules(
                usual=job.usual(negative, size, steps, guidance),
                base_seed=collaborators.random_seed() % SEEDS if base is None else base,
                combinatorial=combinatorial,
                axes=tuple(parse_axis(text) for text in (x, y, z) if text is not None),
                styles=_styles(styles),
            )
            listed = job.listed(rules, wildcards)
            found = survey(listed)
            if dry_run:
                free = shutil.disk_usage(_existing(out)).free
                show_survey(found, job.pack, job.speeds, free, as_json=as_json)
                raise typer.Exit(ExitCode.BAD_INPUT if found.errors else ExitCode.OK)
            check_folder(out)
            if book is None:
                head = RunHead(base_seed=rules.base_seed, shard=part, app_version=__version__, list_name=path.name)
                book = Manifest.begin(book_path, head)
            try:
                code = _draw(job, listed, found, book, part, limit, jobs_per_batch, as_json)
            finally:
                book.close()
            if contact_sheet:
                for sheet in write_sheets(book_path, out):
                    say(f"contact sheet: {sheet}")
            if code is not ExitCode.OK:
                raise typer.Exit(code)


class _Job:
    """What both a run and a survey need."""

    def __init__(
        self, collaborators: Collaborators, path: Path, out: Path, kind: ListFormat, pack_name: str | None
    ) -> None:
        self.parts = collaborators
        self.out = out
        self._path = path
        self._kind = kind
        folders = collaborators.pack_folders()
        self.pack = pack_for(pack_name, folders, collaborators.shipped_packs())
        # The chosen pack first, so that the engine finds it also where it is not installed.
        self.find_pack = partial(choose_pack, folders=(self.pack.folder, *folders))
        self.speeds = SpeedBook(collaborators.paths.data / SPEEDS)

    def usual(self, negative: str, size: str | None, steps: int | None, guidance: float | None) -> Recipe:
        """The recipe of a line that says nothing."""
        wishes = Wishes(prompt="", negative=negative, size=size, steps=steps, guidance=guidance, seed=0)
        return order_for(wishes, self.pack, lambda: 0).recipe

    def listed(self, rules: ListRules, wildcards: Path | None) -> PromptList:
        """The list with everything that it may name."""
        beside = self._path.parent / "wildcards"
        folder = wildcards or (beside if beside.is_dir() else None)
        return PromptList(self._path, self._kind, rules, self._find, WildcardFolder(folder).values)

    def _find(self, name: str) -> PackManifest:
        pack = self.find_pack(name)
        pack.require_parts()
        return pack


def _styles(path: Path | None) -> tuple[Style, ...]:
    if path is None:
        return ()
    found = read_styles(path)
    for line in found.skipped:
        say(f"note: {path.name}: {line}")
    return found.styles


def _draw(
    job: _Job,
    listed: PromptList,
    found: Survey,
    book: Manifest,
    part: tuple[int, int],
    limit: int | None,
    batch: int,
    as_json: bool,
) -> ExitCode:
    parts = job.parts
    plan = plan_by_settings(parts.settings(), parts.paths.pictures)
    total = found.pictures if limit is None else min(limit, found.pictures)
    reporter = Reporter(-(-total // part[1]), job.out, as_json=as_json)
    reporter.begin(found, job.pack, job.speeds)

    def tell(problem: Problem) -> None:
        # The survey has told of most; only those that it cannot see are new.
        if problem.weight is Weight.ERROR and problem not in found.problems:
            reporter.problem(problem)

    with log_file(parts.paths.logs), parts.open_library(job.out) as library:
        make_engine = partial(
            parts.make_engine, parts.paths, job.find_pack, preview_wish=lambda: PreviewWish(PreviewChoice.OFF)
        )
        run = BatchRun(
            make_engine,
            book,
            job.out,
            plan.kind,
            plan.suffix,
            reporter.show,
            free_bytes=lambda folder: shutil.disk_usage(folder).free,
            batch=batch,
            record=library.record,
            watch=job.speeds.listener,
        )

        def leave() -> None:
            reporter.clear()
            leave_at_once()

        def ask() -> None:
            reporter.stopping()
            run.stop()

        with on_interrupt(ask, leave):
            try:
                tally = run.draw(pictures(listed, tell, shard=part, limit=limit))
            finally:
                reporter.clear()
        if tally.there:
            # The program that drew them may have been killed before the gallery heard of all.
            library.adopt_folder(job.out).result()
    reporter.end(tally)
    if tally.stopped:
        return ExitCode.CANCELLED
    return ExitCode.DIFFERENT if tally.failed or found.errors else ExitCode.OK


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder

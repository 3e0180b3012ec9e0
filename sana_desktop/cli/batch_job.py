"""A run of a prompt list, or a look at it, as the terminal asked for it."""

import shutil
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sana_desktop import __version__
from sana_desktop.cli.batch_cluster import JOBS_ON_CLUSTER, address_of, jobs_on_cluster
from sana_desktop.cli.batch_display import Reporter, show_survey
from sana_desktop.cli.boundary import say
from sana_desktop.cli.collaborators import Collaborators
from sana_desktop.cli.exit_codes import ExitCode
from sana_desktop.cli.interrupt import leave_at_once, on_interrupt
from sana_desktop.cli.order import Wishes, order_for, pack_for
from sana_desktop.domain.batch.axes import parse_axis
from sana_desktop.domain.batch.lists import SEEDS, ListFormat
from sana_desktop.domain.batch.problem import Problem, Weight
from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.domain.events import Event
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.styles import Style
from sana_desktop.errors import KnownError
from sana_desktop.gallery.files import check_folder
from sana_desktop.services.batch.contact_sheets import write_sheets
from sana_desktop.services.batch.manifest import Manifest, RunHead
from sana_desktop.services.batch.prompt_list import ListRules, PromptList
from sana_desktop.services.batch.running import JOBS_AHEAD, BatchRun, jobs_here
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
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWishes:
    """What was asked for, word for word; None where nothing was."""

    path: Path
    out: Path
    resume: bool
    dry_run: bool
    limit: int | None
    shard: str | None
    list_format: ListFormat
    jobs_per_batch: int
    contact_sheet: bool
    as_json: bool
    seed: int | None
    pack: str | None
    negative: str
    size: str | None
    steps: int | None
    guidance: float | None
    wildcards: Path | None
    styles: Path | None
    combinatorial: bool
    axes: tuple[str, ...]
    cluster: str | None


def run_batch(collaborators: Collaborators, wishes: BatchWishes) -> ExitCode:
    """Draw the list, or only look at it, and say how it went. Raises `KnownError` for what makes no sense."""
    with _named_list(wishes) as named:
        return _run(collaborators, named)


def _run(collaborators: Collaborators, wishes: BatchWishes) -> ExitCode:
    out = wishes.out
    if wishes.cluster is not None:
        address_of(wishes.cluster)
    job = _Job(collaborators, wishes)
    part = WHOLE if wishes.shard is None else parse_shard(wishes.shard)
    if wishes.shard is not None and wishes.seed is None and not wishes.resume:
        raise KnownError("A part of a list needs --seed.", hint="All parts must begin with the same one.")
    book_path = out / (MANIFEST if part == WHOLE else f"manifest-{part[0]}-of-{part[1]}.jsonl")
    book = Manifest.go_on(book_path) if wishes.resume and not wishes.dry_run else None
    base = wishes.seed if book is None else book.head.base_seed
    rules = ListRules(
        usual=job.usual(),
        base_seed=collaborators.random_seed() % SEEDS if base is None else base,
        combinatorial=wishes.combinatorial,
        axes=tuple(parse_axis(text) for text in wishes.axes),
        styles=_styles(wishes.styles),
    )
    listed = job.listed(rules)
    found = survey(listed)
    if wishes.dry_run:
        free = shutil.disk_usage(_existing(out)).free
        show_survey(found, job.pack, job.speeds, free, as_json=wishes.as_json)
        return ExitCode.BAD_INPUT if found.errors else ExitCode.OK
    check_folder(out)
    if book is None:
        head = RunHead(base_seed=rules.base_seed, shard=part, app_version=__version__, list_name=wishes.path.name)
        book = Manifest.begin(book_path, head)
    try:
        code = _draw(job, listed, found, book, part)
    finally:
        book.close()
    if wishes.contact_sheet:
        for sheet in write_sheets(book_path, out):
            say(f"contact sheet: {sheet}")
    return code


@contextmanager
def _named_list(wishes: BatchWishes) -> Generator[BatchWishes]:
    """The same wishes with a file for a list that comes in a pipe: it is gone through twice."""
    if str(wishes.path) != STANDARD_INPUT:
        yield wishes
        return
    with tempfile.TemporaryDirectory(prefix="sana-desktop-list-") as folder:
        path = Path(folder) / "standard-input"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield replace(wishes, path=path)


class _Job:
    """What both a run and a survey need."""

    def __init__(self, collaborators: Collaborators, wishes: BatchWishes) -> None:
        self.parts = collaborators
        self.wishes = wishes
        folders = collaborators.pack_folders()
        self.pack = pack_for(wishes.pack, folders, collaborators.shipped_packs())
        self.folders = (self.pack.folder, *folders)
        # The chosen pack first, so that the engine finds it also where it is not installed.
        self.find_pack = partial(choose_pack, folders=self.folders)
        self.speeds = SpeedBook(collaborators.paths.data / SPEEDS)

    def usual(self) -> Recipe:
        """The recipe of a line that says nothing."""
        said = self.wishes
        wishes = Wishes(
            prompt="", negative=said.negative, size=said.size, steps=said.steps, guidance=said.guidance, seed=0
        )
        return order_for(wishes, self.pack, lambda: 0).recipe

    def listed(self, rules: ListRules) -> PromptList:
        """The list with everything that it may name."""
        path = self.wishes.path
        beside = path.parent / "wildcards"
        folder = self.wishes.wildcards or (beside if beside.is_dir() else None)
        return PromptList(path, self.wishes.list_format, rules, self._find, WildcardFolder(folder).values)

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
) -> ExitCode:
    parts, wishes, limit = job.parts, job.wishes, job.wishes.limit
    plan = plan_by_settings(parts.settings(), parts.paths.pictures)
    total = found.pictures if limit is None else min(limit, found.pictures)
    reporter = Reporter(-(-total // part[1]), wishes.out, as_json=wishes.as_json)
    reporter.begin(found, job.pack, job.speeds)

    def tell(problem: Problem) -> None:
        # The survey has told of most; only those that it cannot see are new.
        if problem.weight is Weight.ERROR and problem not in found.problems:
            reporter.problem(problem)

    with log_file(parts.paths.logs), parts.open_library(wishes.out) as library:
        make_engine = partial(
            parts.make_engine, parts.paths, job.find_pack, preview_wish=lambda: PreviewWish(PreviewChoice.OFF)
        )
        cluster = wishes.cluster is not None
        run = BatchRun(
            jobs_here(make_engine) if wishes.cluster is None else jobs_on_cluster(parts, wishes.cluster, job.folders),
            book,
            wishes.out,
            plan.kind,
            plan.suffix,
            reporter.show,
            free_bytes=lambda folder: shutil.disk_usage(folder).free,
            batch=wishes.jobs_per_batch,
            ahead=JOBS_ON_CLUSTER if cluster else JOBS_AHEAD,
            record=library.record,
            # What other machines take says nothing about this one.
            watch=_nothing if cluster else job.speeds.listener,
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
            library.adopt_folder(wishes.out).result()
    reporter.end(tally)
    if tally.stopped:
        return ExitCode.CANCELLED
    return ExitCode.DIFFERENT if tally.failed or found.errors else ExitCode.OK


def _nothing(event: Event) -> None:
    """Nobody learns from it."""


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder

"""A prompt list and the rest of the window: what its rows stand for, drawing them, and what came of it."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QImageReader
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from sana_desktop.domain.batch.lists import SEEDS, ListFormat
from sana_desktop.domain.batch.problem import Problem
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.choices import Conditioning
from sana_desktop.domain.events import JobStarted
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.token_count import TokenCount
from sana_desktop.errors import BugError, KnownError
from sana_desktop.gallery.files import write_over
from sana_desktop.services.batch.contact_sheets import write_sheets
from sana_desktop.services.batch.manifest import ItemState, read_items
from sana_desktop.services.batch.prompt_list import ListRules, PromptList
from sana_desktop.services.batch.running import ItemFailed, ItemSaved, RunPaused, RunResumed, reason_of
from sana_desktop.services.batch.sheet import Row, open_sheet, pasted_rows, sheet_text
from sana_desktop.services.batch.sheet_look import RowLook, look_at
from sana_desktop.services.batch.sheet_run import LIST, MANIFEST, SheetEnded, SheetEvent, SheetRun
from sana_desktop.services.batch.wildcard_files import WildcardFolder
from sana_desktop.services.forecast import SpeedBook
from sana_desktop.services.saving import plan_by_settings
from sana_desktop.services.time_left import rough_text
from sana_desktop.system.packs import choose_pack
from sana_desktop.ui.basics.answers import Answers
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.lists.list_page import ListPage
from sana_desktop.ui.lists.sheet_model import THUMBNAIL, SheetModel
from sana_desktop.ui.window.page_switch import PageSwitch
from sana_desktop.ui.window.window_parts import WindowParts

MS_BEFORE_LOOK = 250
# The rows as they were left, and where they are drawn.
DRAFT, DRAFT_RUN = "list.csv", "list-run.json"
BATCH = 4

_log = logging.getLogger(__name__)


class ListDesk(QObject):
    """Keeps the table, its draft on the disk, and the run that draws it; the page is made when it is first shown.

    `usual` gives the recipe of a row that says nothing. `close` has to be called after the queue was closed.

    Signals:
        shownChanged(bool): whether the list is seen now.
        pictureRequested(object): the `Path` of a picture to be seen on the canvas.
    """

    shownChanged = Signal(bool)
    pictureRequested = Signal(object)

    _heard = Signal(object)

    def __init__(
        self,
        parts: WindowParts,
        pages: QStackedWidget,
        messages: MessageBar,
        usual: Callable[[], Recipe],
        parent: QObject,
        *,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._pages = pages
        self._messages = messages
        self._usual = usual
        self._now = now
        self.model = SheetModel(self)
        self._page: ListPage | None = None
        self._switch = PageSwitch(pages)
        self._answers = Answers(self)
        self._answers.failed.connect(messages.show_error)
        # One thread: looks follow each other, and thumbnails wait for them.
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="list")
        self._look = CancelToken()
        self._run = SheetRun(parts.list_jobs.open, parts.library.record, self._heard.emit)
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        # Where the rows are drawn, with which seed they begin; another folder once rows have moved.
        self._folder: Path | None = None
        self._seed = 0
        self._rest = QTimer(self, interval=MS_BEFORE_LOOK, singleShot=True)
        self._rest.timeout.connect(self._on_rest)
        self.model.edited.connect(self._rest.start)
        self.model.moved.connect(self._on_moved)
        self._wants_to_draw = False
        self._recalls = False

    @property
    def page(self) -> ListPage | None:
        """The page, once it was shown."""
        return self._page

    @property
    def is_shown(self) -> bool:
        """Whether the list is seen."""
        return self._switch.is_shown(self._page)

    @Slot(bool)
    def show_list(self, shown: bool) -> None:
        """Show the list, or go back to drawing."""
        if shown == self.is_shown:
            return
        if shown:
            page = self._page_now()
            self._switch.show(page, page.table)
        else:
            self._switch.leave()
        self.shownChanged.emit(shown)

    def open_list(self, path: Path) -> None:
        """Take the rows of a list."""
        self._answers.watch(self._reader.submit(open_sheet, path), self._on_opened)

    def draw(self) -> None:
        """Draw what is not there yet, as soon as it is known what the rows stand for."""
        self._wants_to_draw = True
        self._on_rest()

    def pause(self) -> None:
        """Begin nothing more; what is being drawn is finished."""
        self._run.stop()

    def export(self, path: Path) -> None:
        """Write the rows with the seeds that they are drawn with."""
        rows = [_with_seed(row, look) for row, look in zip(self.model.rows, self.model.looks, strict=True)]
        self._write(path, sheet_text(rows))

    def write_contact_sheets(self) -> None:
        """Write sheets of what is there beside the pictures."""
        if self._folder is None or not (self._folder / MANIFEST).exists():
            self._messages.show_notice(self.tr("Nothing of the list is drawn yet."))
            return
        self._answers.watch(self._reader.submit(_write_sheets, self._folder), self._on_sheets)

    def close(self) -> None:
        """Begin and hear nothing more, and wait for the threads."""
        self._rest.stop()
        self._look.cancel()
        self._answers.close()
        self._run.stop()
        self._parts.list_jobs.abandon()
        self._run.close()
        self._reader.shutdown(cancel_futures=True)

    def _page_now(self) -> ListPage:
        if self._page is None:
            page = self._page = ListPage(self.model)
            page.leaveRequested.connect(lambda: self.show_list(False))
            page.openRequested.connect(self._on_open)
            page.pasteRequested.connect(self._on_paste)
            page.drawRequested.connect(self.draw)
            page.pauseRequested.connect(self.pause)
            page.sheetRequested.connect(self.write_contact_sheets)
            page.exportRequested.connect(self._on_export)
            page.pictureRequested.connect(self._on_picture)
            self._pages.addWidget(page)
            draft = self._parts.paths.data / DRAFT
            if draft.exists() and not self.model.count:
                self._answers.watch(self._reader.submit(_read_draft, draft), self._on_draft)
            self._show_progress()
        return self._page

    @Slot()
    def _on_open(self) -> None:
        kinds = self.tr("Prompt lists (*.txt *.csv *.tsv *.jsonl *.ndjson)")
        chosen, _ = QFileDialog.getOpenFileName(self._pages, self.tr("Open a prompt list"), "", kinds)
        if chosen:
            self.open_list(Path(chosen))

    @Slot()
    def _on_export(self) -> None:
        title = self.tr("Export the list with its seeds")
        chosen, _ = QFileDialog.getSaveFileName(self._pages, title, LIST, self.tr("Tables (*.csv)"))
        if chosen:
            self.export(Path(chosen))

    @Slot(int)
    def _on_paste(self, at: int) -> None:
        self.model.insert(at, pasted_rows(QGuiApplication.clipboard().text()))

    @Slot(int)
    def _on_picture(self, row: int) -> None:
        path = self.model.path(row)
        if path is not None:
            self.show_list(False)
            self.pictureRequested.emit(path)

    def _on_opened(self, found: tuple[list[Row], list[Problem]]) -> None:
        rows, problems = found
        self.model.set_rows(rows)
        if problems:
            more = self.tr(" There are {n} more.").format(n=len(problems) - 1) if len(problems) > 1 else ""
            self._messages.show_notice(f"{problems[0]}{more}")

    def _on_draft(self, found: tuple[list[Row], Path | None, int]) -> None:
        rows, folder, seed = found
        self.model.set_rows(rows)
        # What was drawn of it is there still.
        self._folder, self._seed = folder, seed
        self._recalls = folder is not None

    @Slot()
    def _on_moved(self) -> None:
        # Places are names of files and seeds: what was drawn stays where it is, and the list begins anew.
        self._folder = None
        self.model.forget_pictures()
        self._rest.start()

    @Slot()
    def _on_rest(self) -> None:
        self._rest.stop()
        self._look.cancel()
        token = self._look = CancelToken()
        if self._folder is None:
            self._seed = self._parts.random_seed() % SEEDS if self.model.count else 0
        draft = self._parts.paths.data / DRAFT
        try:
            listed = self._listed(draft)
        except KnownError as error:
            self._messages.show_error(error)
            return
        text = sheet_text(self.model.rows)
        look = partial(_look, draft, text, listed, self._parts.speeds, self._count, token)
        self._answers.watch(self._reader.submit(look), self._on_looks)

    def _listed(self, path: Path) -> PromptList:
        usual = replace(self._usual(), seed=0)
        rules = ListRules(usual=usual, base_seed=self._seed, styles=self._parts.styles.styles)
        find = partial(choose_pack, folders=self._parts.pack_folders)
        return PromptList(path, ListFormat.CSV, rules, find, WildcardFolder(None).values)

    def _count(self, recipe: Recipe) -> TokenCount | None:
        pack = choose_pack(recipe.pack, folders=self._parts.pack_folders)
        return self._parts.measure(recipe.prompt, pack, Conditioning.DIFFUSERS, recipe.emphasis)

    def _on_looks(self, looks: list[RowLook]) -> None:
        self.model.show_looks(looks)
        if self._recalls and self._folder is not None:
            self._recalls = False
            self._answers.watch(self._reader.submit(_saved_in, self._folder), self._on_recalled)
        self._show_progress()
        if self._wants_to_draw:
            self._wants_to_draw = False
            self._begin()

    def _begin(self) -> None:
        if self._run.running or not self.model.count:
            return
        plan = plan_by_settings(self._parts.settings, self._parts.paths.pictures)
        if self._folder is None:
            name = self.tr("list")
            self._folder = _free_folder(plan.folder / f"{self._now():%Y-%m-%d %H.%M} {name}")
        path = self._folder / LIST
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(path, sheet_text(self.model.rows))
            run = {"folder": str(self._folder), "seed": self._seed}
            self._write(self._parts.paths.data / DRAFT_RUN, json.dumps(run))
            self.model.begin_again()
            self._run.start(self._listed(path), self._folder, self._seed, BATCH, plan.kind, plan.suffix)
        except (KnownError, OSError) as error:
            known = error if isinstance(error, KnownError) else KnownError(f"{self._folder}: {error.strerror}.")
            self._messages.show_error(known)
            return
        self._show_running(True)

    @Slot(object)
    def _on_heard(self, event: SheetEvent) -> None:
        match event:
            case ItemSaved(item=item, path=path, picture=picture):
                self._on_saved(item.index, path, picture)
            case ItemFailed(item=item, error=error):
                row = self.model.row_of(item.index)
                if row is not None:
                    self.model.show_failed(row, reason_of(error))
            case JobStarted(recipe=recipe):
                looks = self.model.looks
                self.model.show_drawing(
                    row for row, look in enumerate(looks) if look and look.first and look.first.recipe == recipe
                )
            case RunPaused(error=error):
                self._messages.show_error(error)
            case RunResumed():
                self._messages.show_passing(self.tr("There is space again; the list goes on."))
            case SheetEnded():
                self._on_ended(event)
            case _:
                return
        self._show_progress()

    def _on_saved(self, index: int, path: Path, picture: Picture | None) -> None:
        row = self.model.row_of(index)
        if row is None:
            return
        image = None if picture is None else small_image(picture)
        self.model.show_saved(row, path, image)
        if image is None:
            self._answers.watch(self._reader.submit(_read_small, path), partial(self.model.show_image, path))

    def _on_recalled(self, saved: list[tuple[int, Path]]) -> None:
        for index, path in saved:
            self._on_saved(index, path, None)
        self._show_progress()

    def _on_ended(self, event: SheetEnded) -> None:
        self.model.show_drawing(())
        self._show_running(False)
        if event.error is not None:
            if isinstance(event.error, BugError):
                _log.error("%s\n%s", event.error, event.error.details)
            self._messages.show_error(event.error)

    def _on_sheets(self, paths: list[Path]) -> None:
        if paths:
            self._messages.show_passing(self.tr("Contact sheet: {path}").format(path=paths[0]))

    def _show_running(self, running: bool) -> None:
        if self._page is not None:
            self._page.show_running(running)

    def _show_progress(self) -> None:
        if self._page is None:
            return
        looks = [look for look in self.model.looks if look is not None]
        total = sum(look.count for look in looks)
        done = self.model.done
        wrong = sum(look.problem is not None for look in looks)
        words = [self.tr("{done} of {total} pictures").format(done=f"{done:,}", total=f"{total:,}")]
        if not self.model.count:
            words = [self.tr("Paste prompts, one a line or from a spreadsheet, or open a list.")]
        each = [look.seconds / look.count for look in looks if look.seconds is not None and look.count]
        if each and done < total:
            left = sum(each) / len(each) * (total - done)
            words.append(self.tr("about {time} left").format(time=rough_text(left)))
        if wrong:
            words.append(self.tr("rows that cannot be drawn: {n}").format(n=wrong))
        self._page.show_progress(done, total, ", ".join(words))

    def _write(self, path: Path, text: str) -> None:
        try:
            write_over(path, lambda file: _put(text, file))
        except KnownError as error:
            self._messages.show_error(error)


def small_image(picture: Picture) -> QImage:
    """A picture as small as the table shows it."""
    # The bytes are not copied before they are made smaller.
    whole = QImage(picture.rgb, picture.width, picture.height, 3 * picture.width, QImage.Format.Format_RGB888)
    side = 2 * THUMBNAIL
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return whole.scaled(side, side, keep, smooth)


def _look(
    draft: Path,
    text: str,
    listed: PromptList,
    speeds: SpeedBook,
    count: Callable[[Recipe], TokenCount | None],
    token: CancelToken,
) -> list[RowLook]:
    token.check()
    draft.parent.mkdir(parents=True, exist_ok=True)
    write_over(draft, lambda file: _put(text, file))
    return look_at(listed, speeds, count, token.check)


def _read_draft(draft: Path) -> tuple[list[Row], Path | None, int]:
    """The rows as they were left, the folder in which they are drawn if it is there, and their first seed."""
    rows, _ = open_sheet(draft)
    try:
        said: object = json.loads((draft.parent / DRAFT_RUN).read_bytes()[:100_000])
    except (OSError, ValueError, RecursionError):
        return rows, None, 0
    run = cast(dict[str, object], said) if isinstance(said, dict) else {}
    folder, seed = run.get("folder"), run.get("seed")
    if not isinstance(folder, str) or type(seed) is not int or not 0 <= seed < SEEDS:
        return rows, None, 0
    path = Path(folder)
    try:
        same = (path / LIST).read_text(encoding="utf-8") == sheet_text(rows) and (path / MANIFEST).is_file()
    except (OSError, UnicodeDecodeError):
        same = False
    return rows, path if same else None, seed


def _saved_in(folder: Path) -> list[tuple[int, Path]]:
    """The pictures that the book of a run knows, in the order of the list."""
    found = {
        line["index"]: folder / str(line["file"])
        for line in read_items(folder / MANIFEST)
        if line.get("status") == ItemState.SAVED and type(line["index"]) is int
    }
    return sorted((index, path) for index, path in found.items() if path.is_file())


def _read_small(path: Path) -> QImage:
    reader = QImageReader(str(path))
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(2 * THUMBNAIL, 2 * THUMBNAIL), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _write_sheets(folder: Path) -> list[Path]:
    return list(write_sheets(folder / MANIFEST, folder))


def _with_seed(row: Row, look: RowLook | None) -> Row:
    if look is None or look.first is None:
        return row
    return (*row[:2], str(look.first.recipe.seed), *row[3:])


def _free_folder(wished: Path) -> Path:
    number = 1
    folder = wished
    while folder.exists():
        number += 1
        folder = wished.with_name(f"{wished.name} {number}")
    return folder


def _put(text: str, file: BinaryIO) -> None:
    file.write(text.encode("utf-8"))

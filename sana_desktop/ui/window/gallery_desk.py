"""The gallery and the rest of the window: pictures that are drawn, thrown away, looked for, and used again."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from sana_desktop.domain.adoption import Part, adopt
from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.engine_port import PictureEngine
from sana_desktop.domain.inspected import Inspected
from sana_desktop.gallery.records import PictureRow
from sana_desktop.services.copies_out import CopiesOut, CopiesReport, CopyKind
from sana_desktop.services.library import Library
from sana_desktop.services.look_learner import LookLearner
from sana_desktop.services.verifying import Checked, drawn_by, verify_all
from sana_desktop.system.packs import installed_packs
from sana_desktop.ui.basics.answers import Answers
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.gallery.errand_strip import Progress
from sana_desktop.ui.gallery.import_strip import ImportStrip
from sana_desktop.ui.gallery.picture_keeper import PictureKeeper
from sana_desktop.ui.gallery.verdict_words import verdict_words
from sana_desktop.ui.strip.film_strip import FilmStrip
from sana_desktop.ui.window.page_switch import PageSwitch
from sana_desktop.ui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from sana_desktop.ui.gallery.gallery_page import GalleryPage


class GalleryDesk(QObject):
    """Lets the library know what happens in the window, and the user what happens in the library.

    The page is made when it is opened for the first time, and put behind the one that draws, which is the first of
    `pages`. `close` has to be called before the window goes.

    Signals:
        shownChanged(bool): whether the gallery is seen now.
        pictureRequested(object): the `Path` of a picture to be seen on the canvas.
        comparisonRequested(object, object): the `Path`s of two pictures to be seen there.
        adopted(object): the `Adoption` that the prompt's panel shall take over.
    """

    shownChanged = Signal(bool)
    pictureRequested = Signal(object)
    comparisonRequested = Signal(object, object)
    adopted = Signal(object)

    def __init__(
        self, parts: WindowParts, pages: QStackedWidget, strip: FilmStrip, messages: MessageBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._library = parts.library
        self._messages = messages
        self._pages = pages
        self._page: GalleryPage | None = None
        # What had the keyboard before the gallery was opened.
        self._switch = PageSwitch(pages)
        self._answers = Answers(self)
        self._answers.failed.connect(messages.show_error)
        self._copies = CopiesOut(parts.library)
        self._looks = LookLearner(parts.library)
        self._import = ImportStrip(parts.library)
        self._import.ended.connect(self._on_ended)
        self._import.failed.connect(messages.show_error)
        parts.library_bridge.trouble.connect(messages.show_error)
        parts.library_bridge.changed.connect(self._on_changed)
        strip.trashed.connect(self._on_trashed)

    @property
    def page(self) -> "GalleryPage | None":
        """The gallery, once it was opened."""
        return self._page

    @property
    def strip(self) -> ImportStrip:
        """How far an import is, for the window to put somewhere."""
        return self._import

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose a folder of pictures, and take it into the gallery."""
        title = self.tr("Import a folder of pictures")
        chosen = QFileDialog.getExistingDirectory(self._pages, title)
        if chosen:
            self.show_gallery(True)
            self._import.take_in(Path(chosen))

    @property
    def is_shown(self) -> bool:
        """Whether the gallery is seen."""
        return self._switch.is_shown(self._page)

    def begin(self) -> None:
        """The window is shown: look through folders that the gallery does not know yet, and watch them all."""
        self._answers.watch(self._library.prepare(), lambda report: self._library.watch())

    @Slot(bool)
    def show_gallery(self, shown: bool) -> None:
        """Show the gallery, or go back to drawing."""
        if shown == self.is_shown:
            return
        if shown:
            page = self._page_now()
            self._switch.show(page, page.grid)
        else:
            self._switch.leave()
        self.shownChanged.emit(shown)

    def focus_search(self) -> bool:
        """Let the user look for pictures; False if the gallery is not seen."""
        if self._page is None or not self.is_shown:
            return False
        self._page.focus_search()
        return True

    def zoom(self, steps: int) -> bool:
        """Make the small pictures larger, or smaller; False if the gallery is not seen."""
        if self._page is None or not self.is_shown:
            return False
        self._page.larger(steps)
        return True

    def close(self) -> None:
        """Hear and read nothing any more."""
        self._answers.close()
        self._import.close_down()
        self._copies.close()
        self._looks.close()
        if self._page is not None:
            self._page.close_files()

    def _page_now(self) -> "GalleryPage":
        if self._page is None:
            # Here, because the window opens without it, and sooner.
            from sana_desktop.ui.gallery.gallery_page import GalleryPage

            keeper = PictureKeeper(self._library)
            self._page = GalleryPage(self._library.reader, self._library.thumbnail_store, keeper)
            keeper.setParent(self._page)
            self._page.leaveRequested.connect(self._on_leave)
            self._page.openRequested.connect(self._on_open)
            self._page.useRequested.connect(self._on_use)
            self._page.compareRequested.connect(self._on_compare)
            self._page.copiesRequested.connect(self._on_copies)
            self._page.verifyRequested.connect(self._on_verify)
            self._page.looksRequested.connect(self._on_looks)
            self._page.noticed.connect(self._messages.show_passing)
            self._page.failed.connect(self._messages.show_error)
            self._pages.addWidget(self._page)
            # What happened to the files while the program did not run.
            self._answers.watch(self._library.rescan())
        return self._page

    @Slot()
    def _on_leave(self) -> None:
        self.show_gallery(False)

    @Slot(object)
    def _on_open(self, path: Path) -> None:
        self.show_gallery(False)
        self.pictureRequested.emit(path)

    @Slot(object, object)
    def _on_use(self, found: Inspected, part: Part) -> None:
        packs = frozenset(pack.id for pack in installed_packs(self._parts.pack_folders))
        adoption = adopt(found, part, packs)
        self.adopted.emit(adoption)
        said = {
            Part.ALL: self.tr("The settings are taken over."),
            Part.ALL_BUT_SEED: self.tr("The settings are taken over; the seed stays as it was."),
            Part.PROMPT: self.tr("The prompt is taken over."),
            Part.SEED: self.tr("The seed is taken over."),
            Part.SIZE: self.tr("The size is taken over."),
        }
        self._messages.show_passing(" ".join((said[part], *adoption.notes)))

    @Slot(object)
    def _on_compare(self, rows: list[PictureRow]) -> None:
        if len(rows) == 2:
            self.show_gallery(False)
            self.comparisonRequested.emit(rows[0].path, rows[1].path)

    @Slot(object, object)
    def _on_copies(self, pictures: Sequence[int], kind: CopyKind) -> None:
        chosen = QFileDialog.getExistingDirectory(self._pages, self.tr("Export into a folder"))
        if chosen:
            folder = Path(chosen)
            self._import.run(
                self.tr("Exporting into {folder}").format(folder=folder.name or chosen),
                lambda progress, stop: self._copies.make(pictures, folder, kind, progress, stop),
                self._copies_sentence,
                self.tr("The export was stopped. Copies that were made until then stay."),
            )

    def _copies_sentence(self, report: CopiesReport) -> str:
        one, many = self.tr("1 file was written."), self.tr("{n} files were written.")
        words = one if report.made == 1 else many.format(n=f"{report.made:,}")
        return " ".join((words, *report.problems[:1]))

    @Slot(str)
    def _on_ended(self, sentence: str) -> None:
        if sentence:
            self._messages.show_passing(sentence)

    @Slot()
    def _on_looks(self) -> None:
        if not self._import.is_busy:
            self._import.run(
                self.tr("Looking at pictures that are new here"),
                self._looks.learn,
                self._looks_sentence,
                self.tr("Looking was stopped. The next time goes on from there."),
            )

    def _looks_sentence(self, looked_at: int) -> str:
        # Mostly all are known already, and then there is nothing to say.
        return self.tr("{n} pictures were looked at.").format(n=f"{looked_at:,}") if looked_at else ""

    @Slot(object)
    def _on_verify(self, pictures: Sequence[int]) -> None:
        def start(progress: Progress, stop: CancelToken) -> "Future[tuple[Checked, ...]]":
            return self._parts.queue.lend(partial(_verify, self._library, pictures, progress), stop)

        self._import.run(
            self.tr("Drawing again, to compare"),
            start,
            verdict_words,
            self.tr("Verifying was stopped. Nothing was changed."),
        )

    @Slot(object)
    def _on_changed(self, added: tuple[int, ...]) -> None:
        if self._page is not None:
            self._page.refresh()

    @Slot(object)
    def _on_trashed(self, path: Path) -> None:
        self._answers.watch(self._library.forget(path))


def _verify(
    library: Library, pictures: Sequence[int], progress: Progress, engine: PictureEngine, cancel: CancelToken
) -> tuple[Checked, ...]:
    """Draw pictures again on the engine's thread; previews and notices of it are nobody's."""
    with library.reader() as reader:
        rows = reader.rows(pictures)
    draw = drawn_by(engine, cancel, lambda event: None)
    return verify_all([(row.path, row.recipe()) for row in rows], draw, progress)

"""The middle of the window: the canvas, the comparison in its place, and a row of tools below."""

from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from sana_desktop.domain.recipe import Recipe
from sana_desktop.ui.canvas.canvas_tools import CanvasTools
from sana_desktop.ui.canvas.canvas_view import CanvasView
from sana_desktop.ui.canvas.compare_panel import ComparePanel
from sana_desktop.ui.canvas.examples import Examples
from sana_desktop.ui.canvas.picture_actions import PictureActions
from sana_desktop.ui.canvas.preview_reel import PreviewReel, ReelShelf
from sana_desktop.ui.canvas.shown import Shown
from sana_desktop.ui.canvas.zoomable_view import ZoomableView


class CanvasStage(QWidget):
    """Shows what forms, what is finished, two pictures beside each other, and how a picture came to be.

    Every frame carries its job's number: what comes of a job that is over, or before it began, is dropped. While a
    job is drawn its previews take the canvas, until the user looks at something else; its finished pictures are
    always shown.

    Signals:
        useRequested(object): the `Recipe` whose settings the user wants.
        compareClosed(): one picture is shown again.
        copySaved(object): the `Path` of a copy that the user saved.
        failed(object): a `KnownError` to show.
        exampleChosen(str): a prompt that the user wants to begin with.
    """

    useRequested = Signal(object)
    compareClosed = Signal()
    copySaved = Signal(object)
    failed = Signal(object)
    exampleChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, animated: bool | None = None) -> None:
        super().__init__(parent)
        self._canvas = CanvasView(animated=animated)
        self._examples = Examples(self._canvas)
        self._compare = ComparePanel()
        self._tools = CanvasTools()
        self._actions = PictureActions(self)
        self._hint = ""
        # The job that is drawn, its previews so far, and whether they are shown.
        self._job: int | None = None
        self._forming = PreviewReel()
        self._following = True
        # How pictures of this session formed; how the shown one did.
        self._shelf = ReelShelf()
        self._film: PreviewReel | None = None
        # The finished picture that is shown, or will be when the present preview is over, and the one before it.
        self._shown: Shown | None = None
        self._other: Shown | None = None
        single = QWidget()
        column = QVBoxLayout(single)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._canvas, 1)
        column.addWidget(self._tools)
        self._views = QStackedLayout(self)
        self._views.addWidget(single)
        self._views.addWidget(self._compare)
        self._connect()
        self._show_tools()

    def _connect(self) -> None:
        self._canvas.copyRequested.connect(self._actions.copy)
        self._canvas.dragRequested.connect(self._actions.drag)
        self._canvas.menuRequested.connect(self._on_menu)
        self._examples.chosen.connect(self.exampleChosen)
        self._compare.closed.connect(self.close_compare)
        self._tools.followRequested.connect(self.follow)
        self._tools.fitRequested.connect(self.fit)
        self._tools.actualSizeRequested.connect(self.actual_size)
        self._tools.compareRequested.connect(self.toggle_compare)
        self._tools.copyRequested.connect(self._actions.copy)
        self._tools.scrubber.frameChosen.connect(self._on_frame)
        self._tools.scrubber.finishedChosen.connect(self._on_finished)
        self._actions.useRequested.connect(self.useRequested)
        self._actions.compareRequested.connect(self.toggle_compare)
        self._actions.saved.connect(self.copySaved)
        self._actions.failed.connect(self.failed)

    def set_animated(self, animated: bool | None) -> None:
        """Let pictures change softly or at once; None: as the desktop likes it."""
        self._canvas.set_animated(animated)

    @property
    def canvas(self) -> CanvasView:
        """The view of one picture."""
        return self._canvas

    @property
    def compare_panel(self) -> ComparePanel:
        """The view of two pictures."""
        return self._compare

    @property
    def tools(self) -> CanvasTools:
        """The row below."""
        return self._tools

    @property
    def actions_now(self) -> PictureActions:
        """What can be done with the finished picture."""
        return self._actions

    @property
    def shown(self) -> Shown | None:
        """The finished picture that is shown, or will be again when an unfinished one is over."""
        return self._shown

    @property
    def is_comparing(self) -> bool:
        """Whether two pictures are shown."""
        return self._views.currentWidget() is self._compare

    @property
    def is_following(self) -> bool:
        """Whether previews take the canvas."""
        return self._following

    def begin_job(self, job: int) -> None:
        """The job is drawn now; what is shown stays until its first preview."""
        self._job = job
        self._forming = PreviewReel()
        self._following = not self.is_comparing
        self._show_tools()

    def show_preview(self, job: int, step: int, image: QImage) -> None:
        """The picture as the job would finish it after this step (1-based)."""
        if job != self._job:
            return
        if step <= self._forming.last_step:
            # The next picture of the same job.
            self._forming = PreviewReel()
        self._forming.add(step, image)
        if self._following:
            self._tools.scrubber.stop()
            self._canvas.show_preview(image)
        self._show_tools()

    def show_picture(self, job: int | None, image: QImage, path: Path, recipe: Recipe | None = None) -> None:
        """A finished picture: of a job, or (None) one that the user chose to look at."""
        if job is None:
            self._following = self._job is None
            self.close_compare()
        elif job == self._job:
            # Of pictures drawn together only the first was seen forming.
            if len(self._forming):
                self._shelf.keep(path, self._forming)
            self._forming = PreviewReel()
            self._following = not self.is_comparing
        if self._shown is not None and self._shown.path != path:
            self._other = self._shown
        self._shown = Shown(image, path, recipe)
        self._show_shown()

    def end_job(self, job: int) -> None:
        """The job is over, however it ended; an unfinished picture gives way to the last finished one."""
        if job != self._job:
            return
        self._job = None
        self._forming = PreviewReel()
        # Unless the user goes through an older one just now.
        if self._following and self._canvas.path is None:
            self._show_shown()
        self._following = True
        self._show_tools()

    def show_hint(self, text: str) -> None:
        """Show words in place of a picture, now and whenever there is none."""
        self._hint = text
        self._shown = None
        self._show_shown()

    def set_examples(self, prompts: tuple[str, ...]) -> None:
        """Offer these prompts while there is no picture and none is drawn."""
        self._examples.set_prompts(prompts)

    def follow(self) -> None:
        """Show the picture that is being drawn, from now on."""
        self._following = True
        self.close_compare()
        self._tools.scrubber.stop()
        if len(self._forming):
            self._canvas.show_preview(self._forming.image(len(self._forming) - 1))
        self._show_tools()

    def compare(self, a: Shown, b: Shown) -> None:
        """Show two pictures in the canvas's place; `a` is the first."""
        self._following = self._job is None
        self._tools.scrubber.stop()
        self._compare.compare(a, b)
        self._views.setCurrentWidget(self._compare)
        self._compare.setFocus()
        self._show_tools()

    def toggle_compare(self) -> None:
        """Compare the shown picture with the one before, or stop comparing."""
        if self.is_comparing:
            self.close_compare()
        elif self._shown is not None and self._other is not None:
            self.compare(self._other, self._shown)

    def close_compare(self) -> None:
        """Show one picture again."""
        if self.is_comparing:
            self._views.setCurrentIndex(0)
            self._canvas.setFocus()
            self._show_tools()
            self.compareClosed.emit()

    def fit(self) -> None:
        """Show all of the picture."""
        self._active_view().fit()

    def actual_size(self) -> None:
        """Show one pixel of the picture on one pixel of the screen."""
        self._active_view().actual_size()

    def zoom_in(self) -> None:
        """Enlarge around the middle."""
        self._active_view().zoom_in()

    def zoom_out(self) -> None:
        """Show more of the picture."""
        self._active_view().zoom_out()

    def close_down(self) -> None:
        """Let copies that are being written be finished; to be called before the window goes."""
        self._tools.scrubber.stop()
        self._actions.wait()

    def _active_view(self) -> ZoomableView:
        return self._compare.view if self.is_comparing else self._canvas

    def _show_shown(self) -> None:
        shown = self._shown
        self._actions.set_picture(shown)
        self._film = None if shown is None else self._shelf.find(shown.path)
        self._tools.scrubber.set_reel(self._film or PreviewReel())
        if shown is None:
            self._canvas.show_hint(self._hint)
        else:
            self._canvas.show_picture(shown.image, shown.path)
        self._show_tools()

    def _show_tools(self) -> None:
        forming = self._job is not None and len(self._forming) > 0
        self._examples.show_state(empty=self._job is None and not self._canvas.has_picture)
        self._tools.show_state(
            seen=self._canvas.has_picture,
            finished=self._shown is not None,
            other=self._shown is not None and self._other is not None,
            # While a picture forms on the canvas, the film of another one is none of its business.
            film=self._film is not None and not (forming and self._following),
            forming=forming and not self._following,
        )

    def _on_frame(self, number: int) -> None:
        if self._film is not None:
            self._following = self._job is None
            self._canvas.show_preview(self._film.image(number))

    def _on_finished(self) -> None:
        if self._shown is not None:
            self._canvas.show_picture(self._shown.image, self._shown.path)

    def _on_menu(self, where: QPoint) -> None:
        menu = self._actions.menu(has_other=self._other is not None)
        if menu is not None:
            menu.popup(where)

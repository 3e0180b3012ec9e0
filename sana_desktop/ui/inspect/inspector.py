"""From a picture dropped on the window to a panel with its settings."""

from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from sana_desktop.domain.inspected import Inspected
from sana_desktop.services.inspection import Inspection, InspectionFailed, PictureInspected, Thumbnail
from sana_desktop.ui.inspect.drop_area import DropArea, Dropped
from sana_desktop.ui.inspect.inspect_panel import InspectPanel


class Inspector(QObject):
    """Brings together what takes drops, the thread that reads, and the panel, for one window.

    `find_packs` gives the ids of the packs that are installed; it is asked on that thread, for every picture.

    Signals:
        useRequested(object, object): an `Adoption` with values to take over, and the `Part` that they are.
        failed(object): a `SanaError` about something dropped that could not be read.
        noticed(str): something else to know about a drop.
    """

    useRequested = Signal(object, object)
    failed = Signal(object)
    noticed = Signal(str)

    _arrived = Signal(object, object)

    def __init__(self, window: QWidget, find_packs: Callable[[], Collection[str]] = tuple) -> None:
        super().__init__(window)
        self._window = window
        self._find_packs = find_packs
        self._panel: InspectPanel | None = None
        self._area = DropArea(window)
        self._area.dropped.connect(self._on_dropped)
        self._area.refused.connect(self.failed)
        # Queued: the answer comes from another thread.
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._inspection = Inspection(self._tell)

    @property
    def area(self) -> DropArea:
        """What takes the drops."""
        return self._area

    @property
    def panel(self) -> InspectPanel | None:
        """The panel, once there was something to show."""
        return self._panel

    def inspect(self, path: Path) -> None:
        """Read a file as if it had been dropped."""
        self._inspection.inspect(path)

    def close(self) -> None:
        """Stop reading; to be called before the window goes."""
        self._inspection.close()

    def _on_dropped(self, dropped: Dropped) -> None:
        if dropped.others:
            text = self.tr("{count} files were dropped; the first one is read: {name}")
            self.noticed.emit(text.format(count=dropped.others + 1, name=dropped.name))
        self._inspection.inspect(dropped.source, dropped.name)

    def _tell(self, answer: PictureInspected | InspectionFailed) -> None:
        """On the reading thread."""
        self._arrived.emit(answer, self._find_packs() if isinstance(answer, PictureInspected) else ())

    def _on_arrived(self, answer: PictureInspected | InspectionFailed, packs: Collection[str]) -> None:
        if isinstance(answer, InspectionFailed):
            self.failed.emit(answer.error)
            return
        self._show(answer.name, answer.found, _image(answer.thumbnail), packs)

    def _show(self, name: str, found: Inspected, thumbnail: QImage, packs: Collection[str]) -> None:
        if self._panel is None:
            self._panel = InspectPanel(self._window)
            self._panel.useRequested.connect(self.useRequested)
        self._panel.set_packs(packs)
        self._panel.show_found(name, found, thumbnail)
        self._panel.show()
        self._panel.raise_()
        self._panel.activateWindow()


def _image(thumbnail: Thumbnail | None) -> QImage:
    if thumbnail is None:
        return QImage()
    width, height = thumbnail.width, thumbnail.height
    # A copy: Qt does not keep the bytes alive.
    return QImage(thumbnail.rgb, width, height, 3 * width, QImage.Format.Format_RGB888).copy()

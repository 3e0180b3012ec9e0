"""Taking in a folder of pictures: how far it is, and a way to stop."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from sana_desktop.gallery.importer import ScanReport
from sana_desktop.services.library import Library
from sana_desktop.ui.gallery.errand_strip import ErrandStrip


class ImportStrip(ErrandStrip):
    """Also takes in folders. What was taken in before a stop stays; the next time goes on behind it."""

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library

    def take_in(self, folder: Path) -> None:
        """Begin with a folder; what is done now is stopped."""
        self.run(
            self.tr("Looking through {folder}").format(folder=folder.name or str(folder)),
            lambda progress, stop: self._library.import_folder(folder, progress, stop),
            self._sentence,
            self.tr("The import was stopped. What was taken in until then stays."),
        )

    def _sentence(self, report: ScanReport) -> str:
        new = report.added + report.moved
        one, many = self.tr("1 picture is new in the gallery."), self.tr("{n} pictures are new in the gallery.")
        words = one if new == 1 else many.format(n=f"{new:,}")
        if report.unreadable:
            one, many = self.tr("1 file could not be read."), self.tr("{n} files could not be read.")
            unread = one if report.unreadable == 1 else many.format(n=f"{report.unreadable:,}")
            return f"{words} {unread}"
        return words

"""The gallery and the rest of the window: pictures that are drawn, thrown away, looked for, and used again."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from sana_desktop.ui.basics.answers import Answers
from sana_desktop.ui.basics.message_bar import MessageBar
from sana_desktop.ui.strip.film_strip import FilmStrip
from sana_desktop.ui.window.window_parts import WindowParts


class GalleryDesk(QObject):
    """Lets the library know what happens in the window, and the user what happens in the library.

    `close` has to be called before the window goes.
    """

    def __init__(self, parts: WindowParts, strip: FilmStrip, messages: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._library = parts.library
        self._answers = Answers(self)
        self._answers.failed.connect(messages.show_error)
        parts.library_bridge.trouble.connect(messages.show_error)
        strip.trashed.connect(self._on_trashed)

    def begin(self) -> None:
        """The window is shown: look through folders that the gallery does not know yet."""
        self._answers.watch(self._library.prepare())

    def close(self) -> None:
        """Hear nothing any more."""
        self._answers.close()

    @Slot(object)
    def _on_trashed(self, path: Path) -> None:
        self._answers.watch(self._library.forget(path))

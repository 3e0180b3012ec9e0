"""Pages over the drawing, and the way back from them."""

from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

DRAWING = 0


class PageSwitch:
    """Shows one of the window's pages, and afterwards the drawing again with the keyboard where it was."""

    def __init__(self, pages: QStackedWidget) -> None:
        self._pages = pages
        self._before: QWidget | None = None

    def is_shown(self, page: QWidget | None) -> bool:
        """Whether `page` is what the window shows; no page is shown before it is made."""
        return page is not None and self._pages.currentWidget() is page

    def show(self, page: QWidget, focus: QWidget) -> None:
        """Show `page`, with the keyboard at `focus`."""
        self._before = QApplication.focusWidget()
        self._pages.setCurrentWidget(page)
        focus.setFocus()

    def leave(self) -> None:
        """Show the drawing."""
        self._pages.setCurrentIndex(DRAWING)
        if self._before is not None and self._pages.isAncestorOf(self._before):
            self._before.setFocus()

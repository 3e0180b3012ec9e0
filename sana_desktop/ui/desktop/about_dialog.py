"""Which program this is, what it stands on, and on whose terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from sana_desktop import __version__
from sana_desktop.system.hardware import Hardware, read_hardware
from sana_desktop.system.versions import Library, installed_libraries, program_versions
from sana_desktop.ui.basics.background import Background
from sana_desktop.ui.basics.dialog_size import open_at
from sana_desktop.ui.packs.pack_words import PackWords

FIRST_WIDTH, FIRST_HEIGHT = 640, 520
LICENCE_URL = "https://www.apache.org/licenses/LICENSE-2.0"
GEMMA_URL = "https://ai.google.dev/gemma/terms"
LARGEST_TEXT = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutFacts:
    """What the box shows; `notices` are (file name, text) of what ships with the program."""

    versions: tuple[tuple[str, str], ...]
    hardware: Hardware
    libraries: tuple[Library, ...]
    notices: tuple[tuple[str, str], ...]


def read_about_facts(resources: Path) -> AboutFacts:
    """Ask disk and machine; takes a tenth of a second, or longer where a graphics card has to answer."""
    files = (resources.parent / "NOTICE", *sorted((resources / "licenses").glob("*.md")))
    return AboutFacts(
        versions=program_versions(),
        hardware=read_hardware(),
        libraries=installed_libraries(),
        notices=tuple((file.name, _text(file)) for file in files if file.is_file()),
    )


class AboutDialog(QDialog):
    """Shows what `read` finds, which is called on a thread of its own; `packs` are (name, licence) of what is here.

    A link opens the browser only when it is pressed.
    """

    def __init__(
        self,
        read: Callable[[], AboutFacts],
        packs: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._packs = packs
        self._words = PackWords(self)
        self._details = QLabel(self.tr("Looking…"))
        self._libraries = QTableWidget(0, 3)
        self._notices = QPlainTextEdit()
        self._tabs = QTabWidget()
        self._copy = QPushButton(self.tr("&Copy details"))
        self._close = QPushButton(self.tr("Close"))
        self._build()
        self._reading = Background(read)
        self._reading.done.connect(self._on_read)
        self._reading.start()

    @property
    def details(self) -> str:
        """Versions, machine and packs, one per line, as “Copy details” copies them."""
        return self._details.text()

    @property
    def library_count(self) -> int:
        """How many libraries the table lists."""
        return self._libraries.rowCount()

    def wait(self) -> None:
        """Return when the facts are read; they are shown when Qt has its next turn."""
        self._reading.wait()

    def _build(self) -> None:
        self.setWindowTitle(self.tr("About Sana Desktop"))
        self._details.setTextFormat(Qt.TextFormat.PlainText)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._details.setWordWrap(True)
        self._details.setMargin(12)
        self._details.setAccessibleName(self.tr("Versions"))
        self._libraries.setHorizontalHeaderLabels([self.tr("Library"), self.tr("Version"), self.tr("Licence")])
        self._libraries.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._libraries.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._libraries.setShowGrid(False)
        self._libraries.setTabKeyNavigation(False)
        self._libraries.verticalHeader().hide()
        self._libraries.horizontalHeader().setStretchLastSection(True)
        self._libraries.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._libraries.setAccessibleName(self.tr("Libraries and their licences"))
        self._notices.setReadOnly(True)
        self._notices.setTabChangesFocus(True)
        self._notices.setAccessibleName(self.tr("Notices"))
        # Without it, Fusion gives the page a ground of its own, brighter than the window.
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(self._details, self.tr("&Versions"))
        self._tabs.addTab(self._libraries, self.tr("&Libraries"))
        self._tabs.addTab(self._notices, self.tr("&Notices"))
        self._copy.setEnabled(False)
        self._copy.setToolTip(self.tr("Still looking"))
        self._copy.clicked.connect(self._on_copy)
        self._close.setDefault(True)
        self._close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch()
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(10)
        column.addWidget(self._headline())
        column.addWidget(self._links())
        column.addWidget(self._tabs, 1)
        column.addLayout(buttons)
        open_at(self, FIRST_WIDTH, FIRST_HEIGHT)

    def _headline(self) -> QLabel:
        name = QLabel(self.tr("Sana Desktop {version}").format(version=__version__))
        font = name.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        name.setFont(font)
        return name

    def _links(self) -> QLabel:
        text = self.tr(
            "Makes pictures from words on this computer; nothing leaves it. "
            '<a href="{apache}">Apache License 2.0</a>. Text encoders under the <a href="{gemma}">Gemma Terms of '
            "Use</a>."
        ).format(apache=LICENCE_URL, gemma=GEMMA_URL)
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        label.linkActivated.connect(self._on_link)
        return label

    def _lines(self, facts: AboutFacts) -> list[str]:
        lines = [f"{name}: {value}" for name, value in facts.versions]
        lines += ["", self._words.machine_line(facts.hardware), facts.hardware.processor]
        if self._packs:
            lines += [
                "",
                *(self.tr("Pack {name}: {licence}").format(name=n, licence=value) for n, value in self._packs),
            ]
        return lines

    @Slot(object)
    def _on_read(self, facts: AboutFacts) -> None:
        self._details.setText("\n".join(self._lines(facts)))
        self._libraries.setRowCount(len(facts.libraries))
        for row, library in enumerate(facts.libraries):
            for place, text in enumerate((library.name, library.version, library.licence)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self._libraries.setItem(row, place, cell)
        self._libraries.resizeColumnsToContents()
        self._notices.setPlainText("\n\n".join(f"{name}\n{'=' * len(name)}\n\n{text}" for name, text in facts.notices))
        self._copy.setEnabled(True)
        self._copy.setToolTip(self.tr("Put versions, computer and packs on the clipboard"))

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details)

    @Slot(str)
    def _on_link(self, link: str) -> None:
        QDesktopServices.openUrl(QUrl(link))


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return opened.read(LARGEST_TEXT).strip()
    except OSError as error:
        return str(error)

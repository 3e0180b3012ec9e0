"""What a mistake of ours looks like to the person it happened to."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from sana_desktop.system.crash import CrashReport, save_report
from sana_desktop.ui.basics.check_box import CheckBox
from sana_desktop.ui.basics.dialog_size import open_at

FIRST_WIDTH, FIRST_HEIGHT = 720, 560


class CrashDialog(QDialog):
    """Says what happened, shows the whole report, and lets the user copy or save it; it sends nothing anywhere.

    `folder` is where a report is saved. `ended` is for a run that ended by itself, instead of one that goes on.
    """

    def __init__(
        self, report: CrashReport, folder: Path, parent: QWidget | None = None, *, ended: bool = False
    ) -> None:
        super().__init__(parent)
        self._report = report
        self._folder = folder
        self._others = 0
        self._headline = QLabel(self._title(ended))
        self._comfort = QLabel(self._words(ended))
        self._more = QLabel()
        self._with_job = CheckBox(self.tr("Include the prompt and the settings"))
        self._with_picture = CheckBox(self.tr("Include where the last picture is"))
        self._text = QPlainTextEdit()
        self._saved = QLabel()
        self._copy = QPushButton(self.tr("&Copy"))
        self._save = QPushButton(self.tr("&Save report"))
        self._close = QPushButton(self.tr("Close"))
        self._describe(ended)
        self._lay_out()
        self._with_job.toggled.connect(self._on_choice)
        self._with_picture.toggled.connect(self._on_choice)
        self._copy.clicked.connect(self._on_copy)
        self._save.clicked.connect(self._on_save)
        self._close.clicked.connect(self.accept)
        self._on_choice()

    @property
    def report_text(self) -> str:
        """The report with what is ticked, as it is shown, copied and saved."""
        return self._report.text(with_job=self._with_job.isChecked(), with_picture=self._with_picture.isChecked())

    def count_another(self) -> None:
        """Something else went wrong while this is open."""
        self._others += 1
        text = self.tr("One more mistake has happened since. It is in the log.")
        if self._others > 1:
            text = self.tr("{n} more mistakes have happened since. They are in the log.").format(n=self._others)
        self._more.setText(text)
        self._more.show()

    def _title(self, ended: bool) -> str:
        if ended:
            return self.tr("Sana Desktop ended unexpectedly last time")
        return self.tr("Something went wrong in Sana Desktop")

    def _words(self, ended: bool) -> str:
        safe = self.tr("Your pictures and your prompt are safe.")
        if not ended:
            safe = self.tr("Your pictures and your prompt are safe, and you can go on.")
        stays = self.tr(
            "This report helps to find the mistake. It stays on this computer until you give it to somebody: "
            "nothing is sent."
        )
        return f"{safe} {stays}"

    def _describe(self, ended: bool) -> None:
        self.setWindowTitle(self.tr("Report of a mistake"))
        self.setAccessibleName(self._title(ended))
        self.setAccessibleDescription(self._words(ended))
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self._headline.setFont(font)
        for label in (self._headline, self._comfort, self._more, self._saved):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._saved.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._saved.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._more.hide()
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName(self.tr("Report"))
        self._text.setTabChangesFocus(True)
        reasons = (
            (self._with_job, self._report.job, self.tr("Nothing was being drawn.")),
            (self._with_picture, self._report.picture, self.tr("No picture has been drawn yet.")),
        )
        for box, content, reason in reasons:
            box.setEnabled(bool(content))
            tip = self.tr("Left out unless you tick this") if content else reason
            box.setToolTip(tip)
            box.setAccessibleDescription(tip)
        self._close.setDefault(True)
        # Not the report: a person who presses a key wants to go on.
        self._close.setFocus()

    def _lay_out(self) -> None:
        icon = QLabel()
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_LargeIconSize)
        sign = self.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxInformation)
        icon.setPixmap(sign.pixmap(side, side))
        words = QVBoxLayout()
        words.addWidget(self._headline)
        words.addWidget(self._comfort)
        words.addWidget(self._more)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._saved, 1)
        for button in (self._copy, self._save, self._close):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._text, 1)
        boxes = QVBoxLayout()
        boxes.setSpacing(2)
        boxes.addWidget(self._with_job)
        boxes.addWidget(self._with_picture)
        column.addLayout(boxes)
        column.addLayout(buttons)
        open_at(self, FIRST_WIDTH, FIRST_HEIGHT)

    @Slot()
    def _on_choice(self) -> None:
        place = self._text.verticalScrollBar().value()
        self._text.setPlainText(self.report_text)
        self._text.verticalScrollBar().setValue(place)
        self._saved.clear()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report_text)
        self._saved.setText(self.tr("Copied"))

    @Slot()
    def _on_save(self) -> None:
        try:
            path = save_report(self._folder, self.report_text, self._report.time)
        except OSError as error:
            self._saved.setText(self.tr("Not saved: {reason}").format(reason=error.strerror or error))
        else:
            self._saved.setText(self.tr("Saved as {path}").format(path=path))

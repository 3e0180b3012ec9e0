"""What the guard of the user's privacy has seen, and a way to see it work."""

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sana_desktop.system.privacy import PrivacyReport

MILLISECONDS_BETWEEN_LOOKS = 1000


class PrivacyProof(QWidget):
    """Shows `report` once a second while it can be seen; `try_out` makes an attempt that must be refused."""

    def __init__(
        self, report: Callable[[], PrivacyReport], try_out: Callable[[], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._report = report
        self._try_out = try_out
        self._told: PrivacyReport | None = None
        self._summary = _line()
        self._recent = _line()
        self._honest = _line()
        self._honest.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._honest.setText(
            self.tr(
                "The guard sees everything that this program's Python code does. It does not see what its parts in "
                "other languages do; of those that ship, none is asked to connect anywhere. To check from outside, "
                "pull the plug, or look with the tools of your system: drawing does not notice."
            )
        )
        self._button = QPushButton(self.tr("Try to connect"))
        self._button.setAutoDefault(False)
        self._outcome = _line()
        row = QHBoxLayout()
        row.addWidget(self._button)
        row.addWidget(self._outcome, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._summary, self._recent):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self._honest)
        self._timer = QTimer(self)
        self._timer.setInterval(MILLISECONDS_BETWEEN_LOOKS)
        self._timer.timeout.connect(self.look)
        self._button.clicked.connect(self._on_try)
        self.look()

    @Slot()
    def look(self) -> None:
        """Show what the guard says now."""
        report = self._report()
        if report == self._told:
            return
        self._told = report
        self._summary.setText(self._summary_text(report))
        self._recent.setText("\n".join(self._attempt_lines(report)))
        self._recent.setVisible(bool(report.recent))
        reason = ""
        if not report.watching:
            reason = self.tr("The guard is not there in this run of the program.")
        elif not report.offline:
            reason = self.tr("Nothing would be refused: “Stay offline” is off.")
        self._button.setEnabled(not reason)
        tip = self.tr("Tries an address that nobody has, and is counted like any other. Nothing is sent in any case.")
        self._button.setToolTip(reason or tip)
        self._button.setAccessibleDescription(self._button.toolTip())

    def _summary_text(self, report: PrivacyReport) -> str:
        if not report.watching:
            return self.tr("Nobody watches the connections of this run.")
        if not report.offline:
            text = self.tr("Online. Connections attempted since the start: {attempts}, refused: {refused}.")
        elif not report.attempts:
            text = self.tr("Offline. No connection was attempted since the start; any that is will be refused.")
        elif report.attempts == report.refused:
            text = self.tr("Offline. Connections attempted since the start: {attempts}, all of them refused.")
        else:
            text = self.tr("Offline. Connections attempted since the start: {attempts}, refused: {refused}.")
        text = text.format(attempts=report.attempts, refused=report.refused)
        if report.asked:
            text += " " + self.tr("For packs that you asked for: {asked}.").format(asked=report.asked)
        return text

    def _attempt_lines(self, report: PrivacyReport) -> list[str]:
        lines: list[str] = []
        for attempt in report.recent:
            text = self.tr("{time}  {host}: refused") if attempt.refused else self.tr("{time}  {host}: allowed")
            if attempt.asked:
                text = self.tr("{time}  {host}: you asked for it")
            time = QDateTime.fromSecsSinceEpoch(int(attempt.at)).time()
            shown = QLocale().toString(time, QLocale.FormatType.ShortFormat)
            lines.append(text.format(time=shown, host=attempt.host))
        return lines

    @Slot()
    def _on_try(self) -> None:
        refused = self._try_out()
        self._outcome.setText(
            self.tr("Refused, as it should be.") if refused else self.tr("Not refused! Please report this.")
        )
        self.look()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch while somebody looks."""
        super().showEvent(event)
        self.look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()


def _line() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label

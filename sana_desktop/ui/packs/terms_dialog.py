"""Before something is fetched: what, how much, from whom, and on which terms."""

from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from sana_desktop.services.packs import PackOffer
from sana_desktop.ui.packs.pack_words import PackWords

WIDTH = 520


class TermsDialog(QDialog):
    """Accepted when the user has ticked that they accept the terms of `offer`; `host` is who will be asked."""

    def __init__(self, offer: PackOffer, host: str, disk_free: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = PackWords(self)
        size = words.disk_text(offer.download_bytes)
        self.setWindowTitle(self.tr("Fetch {name}").format(name=offer.model.name))
        self._accept = QCheckBox(self.tr("I have read these terms and &accept them"))
        self._buttons = QDialogButtonBox()
        # Qt's own button speaks the language of the system, not of the window.
        self._buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._fetch = self._buttons.addButton(self.tr("&Fetch"), QDialogButtonBox.ButtonRole.AcceptRole)
        text = self.tr("About {size} from {host}. Until you press “Fetch”, nobody is contacted.")
        what = self._label(text.format(size=size, host=host))
        room = self.tr("{free} are free on this disk.").format(free=words.disk_text(disk_free))
        if 0 < disk_free < offer.download_bytes:
            room = self.tr("There is not enough room: {free} are free on this disk.").format(
                free=words.disk_text(disk_free)
            )
        terms = self._label(
            "<br>".join(
                f'<a href="{escape(each.url, quote=True)}">{escape(each.name)}</a>' for each in offer.model.terms
            ),
            Qt.TextFormat.RichText,
        )
        terms.setOpenExternalLinks(True)
        terms.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        terms.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        terms.setAccessibleName(self.tr("Terms"))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        for widget in (what, self._label(room), self._label(self.tr("It comes on these terms:")), terms):
            column.addWidget(widget)
        column.addWidget(self._accept)
        column.addStretch()
        column.addWidget(self._buttons)
        self.setMinimumWidth(WIDTH)
        self._accept.toggled.connect(self._on_toggled)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._on_toggled(False)
        self._accept.setFocus()

    @Slot(bool)
    def _on_toggled(self, accepted: bool) -> None:
        reason = "" if accepted else self.tr("Accept the terms first.")
        self._fetch.setEnabled(accepted)
        self._fetch.setToolTip(reason)
        self._fetch.setAccessibleDescription(reason)

    def _label(self, text: str, kind: Qt.TextFormat = Qt.TextFormat.PlainText) -> QLabel:
        label = QLabel()
        label.setTextFormat(kind)
        label.setText(text)
        label.setWordWrap(True)
        return label


def ask_terms(parent: QWidget, offer: PackOffer, host: str, disk_free: int) -> bool:
    """Whether the user accepts the terms and wants the model fetched."""
    return TermsDialog(offer, host, disk_free, parent).exec() == QDialog.DialogCode.Accepted

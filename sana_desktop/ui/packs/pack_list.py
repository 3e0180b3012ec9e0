"""The cards of all packs, installed and to be had, in one list."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from sana_desktop.services.pack_fetching import UnfinishedFetch
from sana_desktop.services.packs import InstalledPack, PackOffer, PackSurvey
from sana_desktop.system.pack_needs import FitLevel
from sana_desktop.system.packs import BrokenPack
from sana_desktop.ui.packs.pack_card import CardAction, CardFacts, PackCard, Verb
from sana_desktop.ui.packs.pack_texts import pack_text
from sana_desktop.ui.packs.pack_words import PackWords


class PackList(QScrollArea):
    """Shows a `PackSurvey`; the pack with the id `current` draws now.

    Signals:
        actionRequested(str, str): for the pack or model with this id, what this verb says (see `Verb`).
    """

    actionRequested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = PackWords(self)
        self._cards: list[PackCard] = []
        self._busy = False
        self._offers_head: QWidget | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Packs"))

    @property
    def cards(self) -> tuple[PackCard, ...]:
        """All cards from top to bottom."""
        return tuple(self._cards)

    def show_survey(self, survey: PackSurvey, current: str) -> None:
        """Show what is installed and what could be; keeps the place that was scrolled to."""
        here = [self._installed(entry, survey, current) for entry in survey.installed]
        here += [self._broken(broken) for broken in survey.broken]
        begun = [self._unfinished(fetch) for fetch in survey.unfinished]
        offers = [self._offer(offer, survey) for offer in survey.offers]
        # Nearly every survey after the first says the same.
        if [card.facts for card in self._cards] == here + begun + offers:
            return
        place = self.verticalScrollBar().value()
        self._cards = []
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(8)
        column.addWidget(self._head(self.tr("Installed")))
        self._add(column, here)
        if begun:
            column.addSpacing(8)
            column.addWidget(self._head(self.tr("Unfinished")))
            self._add(column, begun)
        if offers:
            column.addSpacing(8)
            self._offers_head = self._head(self.tr("Real Sana packs"))
            column.addWidget(self._offers_head)
            column.addWidget(self._quiet(self._offers_note()))
            self._add(column, offers)
        column.addStretch()
        self.setWidget(sheet)
        self.verticalScrollBar().setValue(place)

    def set_busy(self, busy: bool) -> None:
        """While something is being done, nothing else that takes long can be asked for."""
        self._busy = busy
        for card in self._cards:
            card.set_busy(busy)

    def show_offers(self) -> None:
        """Scroll to what could be had."""
        sheet = self.widget()
        if self._offers_head is not None and sheet is not None:
            # The cards know their heights only after they were laid out.
            sheet.adjustSize()
            self.verticalScrollBar().setValue(self._offers_head.y())

    def _installed(self, entry: InstalledPack, survey: PackSurvey, current: str) -> CardFacts:
        pack, is_current = entry.manifest, entry.manifest.id == current
        verdict, level, reason = entry.problem, FitLevel.NO, entry.problem
        if entry.fit is not None:
            # A forecast may be wrong: what does not fit may be tried.
            verdict, level, reason = self._words.fit_text(entry.fit, survey.hardware), entry.fit.level, ""
        return CardFacts(
            key=pack.id,
            name=pack.name,
            lines=(*((pack_text(pack.description),) if pack.description else ()), self._words.installed_line(entry)),
            verdict=verdict,
            level=level,
            actions=self._installed_actions(entry, reason, is_current=is_current),
            current=is_current,
        )

    def _broken(self, broken: BrokenPack) -> CardFacts:
        problem = f"{broken.error} {broken.error.hint}".strip()
        return CardFacts(
            key="",
            name=broken.folder.name,
            lines=(str(broken.folder),),
            verdict=self.tr("Cannot be used: {problem}").format(problem=problem),
            level=FitLevel.NO,
            actions=(CardAction(verb=Verb.USE, label=self.tr("Use"), reason=problem),),
        )

    def _installed_actions(self, entry: InstalledPack, reason: str, *, is_current: bool) -> tuple[CardAction, ...]:
        use = CardAction(
            verb=Verb.USE,
            label=self.tr("In use") if is_current else self.tr("Use"),
            reason=self.tr("This pack draws already.") if is_current else reason,
        )
        actions = [use, CardAction(verb=Verb.VERIFY, label=self.tr("Check"))]
        if entry.fetched:
            actions.append(CardAction(verb=Verb.REPAIR, label=self.tr("Repair")))
        if entry.own:
            kept = self.tr("This pack draws now; choose another first.") if is_current else ""
            actions.append(CardAction(verb=Verb.REMOVE, label=self.tr("Remove…"), reason=kept))
        return tuple(actions)

    def _unfinished(self, fetch: UnfinishedFetch) -> CardFacts:
        name = fetch.record.pack_id
        return CardFacts(
            key=name,
            name=name,
            lines=(fetch.record.repository,),
            verdict=self._words.unfinished_text(fetch),
            level=FitLevel.TIGHT,
            actions=(
                CardAction(verb=Verb.FETCH, label=self.tr("Go on")),
                CardAction(verb=Verb.DISCARD, label=self.tr("Discard")),
            ),
        )

    def _offer(self, offer: PackOffer, survey: PackSurvey) -> CardFacts:
        return CardFacts(
            key=offer.model.id,
            name=offer.model.name,
            lines=(
                self._words.offer_line(offer.model),
                self._words.download_line(offer),
                self._words.needs_line(offer),
            ),
            verdict=self._words.fit_text(offer.fit, survey.hardware),
            level=offer.fit.level,
            actions=(
                CardAction(verb=Verb.FETCH, label=self.tr("Fetch…")),
                CardAction(verb=Verb.EXPLAIN, label=self.tr("By hand")),
            ),
            steps=self._words.install_steps(offer, survey.disk_free),
        )

    def _offers_note(self) -> str:
        return self.tr(
            "Published by NVIDIA; nothing is fetched, and nobody is contacted, before you press “Fetch…” and accept. "
            "Where memory is short, weights are kept in 8 or 4 bit, and networks are loaded one after the other."
        )

    def _add(self, column: QVBoxLayout, entries: list[CardFacts]) -> None:
        for facts in entries:
            card = PackCard(facts)
            card.set_busy(self._busy)
            card.actionRequested.connect(self.actionRequested)
            self._cards.append(card)
            column.addWidget(card)

    def _head(self, text: str) -> QLabel:
        head = QLabel(text)
        font = head.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        head.setFont(font)
        return head

    def _quiet(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        return label

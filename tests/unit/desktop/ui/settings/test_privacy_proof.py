import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sana_desktop.system.privacy import Attempt, PrivacyReport
from sana_desktop.ui.settings.privacy_proof import PrivacyProof
from support.widgets import part

QUIET = PrivacyReport(watching=True, offline=True, attempts=0, refused=0, recent=())


class Guard:
    """Reports what the test wants."""

    def __init__(self, report: PrivacyReport) -> None:
        self.now = report
        self.tried = 0
        self.refuses = True

    def report(self) -> PrivacyReport:
        return self.now

    def try_out(self) -> bool:
        self.tried += 1
        self.now = PrivacyReport(True, True, 1, 1, (Attempt("192.0.2.1", 0.0, True),))
        return self.refuses


def proof(qtbot: QtBot, guard: Guard) -> PrivacyProof:
    made = PrivacyProof(guard.report, guard.try_out)
    qtbot.addWidget(made)
    made.show()
    return made


def says(made: PrivacyProof) -> str:
    return "\n".join(label.text() for label in made.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (QUIET, "Offline. No connection was attempted"),
        (
            PrivacyReport(True, True, 3, 3, ()),
            "Offline. Connections attempted since the start: 3, all of them refused.",
        ),
        (PrivacyReport(True, True, 3, 1, ()), "Offline. Connections attempted since the start: 3, refused: 1."),
        (PrivacyReport(True, False, 2, 0, ()), "Online. Connections attempted since the start: 2, refused: 0."),
        (PrivacyReport(True, True, 2, 0, (), 2), "For packs that you asked for: 2."),
        (
            PrivacyReport(True, True, 1, 0, (Attempt("hub.example", 0.0, False, True),), 1),
            "hub.example: you asked for it",
        ),
        (PrivacyReport(False, True, 0, 0, ()), "Nobody watches"),
    ],
)
def test_it_says_what_the_guard_has_seen(qtbot: QtBot, report: PrivacyReport, text: str):
    assert text in says(proof(qtbot, Guard(report)))


def test_trying_it_shows_the_refusal(qtbot: QtBot):
    guard = Guard(QUIET)
    made = proof(qtbot, guard)

    part(made, QPushButton).click()

    assert guard.tried == 1
    assert "Refused, as it should be." in says(made)
    assert "192.0.2.1: refused" in says(made)


def test_a_guard_that_lets_through_is_told_of(qtbot: QtBot):
    guard = Guard(QUIET)
    guard.refuses = False
    made = proof(qtbot, guard)

    part(made, QPushButton).click()

    assert "Not refused!" in says(made)


@pytest.mark.parametrize("report", [PrivacyReport(False, True, 0, 0, ()), PrivacyReport(True, False, 0, 0, ())])
def test_where_nothing_would_be_refused_it_cannot_be_tried_and_says_why(qtbot: QtBot, report: PrivacyReport):
    made = proof(qtbot, Guard(report))
    button = part(made, QPushButton)

    assert not button.isEnabled()
    assert button.toolTip()
    assert button.accessibleDescription() == button.toolTip()


def test_it_looks_again_while_it_can_be_seen(qtbot: QtBot):
    guard = Guard(QUIET)
    made = proof(qtbot, guard)

    guard.now = PrivacyReport(True, True, 1, 1, (Attempt("example.com", 0.0, True),))
    qtbot.waitUntil(lambda: "example.com" in says(made))

    made.hide()
    guard.now = QUIET
    made.show()
    assert "No connection was attempted" in says(made)

"""A desktop that writes down what it is told."""

from sana_desktop.system.session_bus import Answer, BusName, SessionBus


class FakeBus(SessionBus):
    """Keeps calls, announcements and listeners; `answers` holds whom the next answers concern."""

    def __init__(self) -> None:
        super().__init__("nowhere")
        self.calls: list[tuple[str, str, tuple[object, ...]]] = []
        self.announced: list[tuple[str, str, tuple[object, ...]]] = []
        self.answers: list[Answer] = []
        self.heard: dict[str, Answer] = {}

    def call(
        self, name: BusName, method: str, signature: str, body: tuple[object, ...], answer: Answer | None = None
    ) -> None:
        """Remember the call."""
        self.calls.append((method, signature, body))
        if answer is not None:
            self.answers.append(answer)

    def announce(self, path: str, interface: str, member: str, signature: str, body: tuple[object, ...]) -> None:
        """Remember the signal."""
        self.announced.append((member, signature, body))

    def listen(self, name: BusName, member: str, heard: Answer) -> None:
        """Remember who listens."""
        self.heard[member] = heard

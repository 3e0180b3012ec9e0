"""What the user wants to see of forming pictures, between the window that says it and the engine that does it."""

from sana_desktop.domain.choices import PreviewChoice, PreviewWish
from sana_desktop.system.settings import Settings

KIND, BUDGET = "drawing.preview", "drawing.preview_budget"


class PreviewControl:
    """Holds one wish, an unchanging value: set on the window's thread, asked for on the engine's."""

    def __init__(self, wish: PreviewWish | None = None) -> None:
        self.wish = wish or PreviewWish()

    def __call__(self) -> PreviewWish:
        """The wish as it stands now."""
        return self.wish

    def follow(self, settings: Settings) -> None:
        """Wish what the preferences say."""
        self.wish = PreviewWish(PreviewChoice(settings.choice(KIND)), settings.number(BUDGET) / 100)

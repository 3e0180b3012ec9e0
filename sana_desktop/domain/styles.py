"""Styles: words that belong to a look and are put around whatever a prompt says."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sana_desktop.domain.recipe import LONGEST_PROMPT
from sana_desktop.errors import RecipeError

# Where the prompt goes; a style without it goes behind the prompt.
SLOT = "{prompt}"
LONGEST_NAME = 80
LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Style:
    """A named pair of texts, either of which may hold `{prompt}`; raises `RecipeError` for what cannot be one.

    A name is one line of 1 to 80 characters without blanks around it; one of the texts says something.
    """

    name: str
    prompt: str = ""
    negative: str = ""

    def __post_init__(self) -> None:
        if not self.name or self.name != self.name.strip() or len(self.name) > LONGEST_NAME:
            raise RecipeError(f"A style's name has 1 to {LONGEST_NAME} characters and no blanks around it.")
        # Control characters, line ends, and halves of characters.
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in self.name):
            raise RecipeError("A style's name is one line of ordinary characters.")
        for text in (self.prompt, self.negative):
            if len(text) > LONGEST_TEXT:
                raise RecipeError(f"A style's text has at most {LONGEST_TEXT} characters, found {len(text)}.")
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                raise RecipeError("The style holds half a character (a lone surrogate).")
        if not _adds_something(self.prompt) and not _adds_something(self.negative):
            raise RecipeError("The style adds nothing: both of its texts are empty.")

    @property
    def key(self) -> str:
        """What two names have in common that people would take for the same."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True)
class Styled:
    """Texts with their styles applied; the words of the writer's own prompt begin at `prompt_at`."""

    prompt: str
    negative: str
    prompt_at: int


def apply_styles(prompt: str, negative: str, styles: Iterable[Style]) -> Styled:
    """Put the styles around the texts, one after the other: into `{prompt}`, or behind them with a comma.

    Raises `RecipeError` before a text would become longer than any prompt may be: slots multiply.
    """
    at = 0
    for style in styles:
        at += max(0, style.prompt.find(SLOT))
        prompt = _merged(prompt, style.prompt, style.name)
        negative = _merged(negative, style.negative, style.name)
    return Styled(prompt, negative, at)


def _merged(text: str, template: str, name: str) -> str:
    slots = template.count(SLOT)
    if len(template) + max(1, slots) * len(text) > LONGEST_PROMPT:
        raise RecipeError(
            f"With the style “{name}” the prompt would be longer than {LONGEST_PROMPT} characters.",
            hint="Remove the style, or shorten the prompt.",
        )
    if slots:
        return template.replace(SLOT, text)
    if not template.strip():
        return text
    words = text.rstrip().removesuffix(",")
    return f"{words}, {template.strip()}" if words else template.strip()


def _adds_something(text: str) -> bool:
    return bool(text.replace(SLOT, "").strip())

"""From what is typed to what a recipe holds: comments out, styles around, and weights only where there are some."""

from collections.abc import Iterable
from dataclasses import dataclass

from sana_desktop.domain.choices import Emphasis
from sana_desktop.domain.emphasis import Emphasised, holds_weights, parse_emphasis, plain_text
from sana_desktop.domain.prompt_text import typed_position, without_comments
from sana_desktop.domain.styles import Style, apply_styles

_ESCAPED = "()\\"


@dataclass(frozen=True, slots=True)
class WrittenPrompt:
    """The texts as they stand in a recipe, and what brackets in them mean.

    Without a weight in either text both are literal, and escaped brackets in them have become plain ones.
    """

    prompt: str
    negative: str
    emphasis: Emphasis
    _typed: str
    _prompt_at: int
    _plain: Emphasised | None

    def typed_at(self, position: int) -> int | None:
        """Where in the typed prompt the character `position` of `prompt` stands.

        The beginning of the typed prompt for words that a style puts before it; None for what comes behind it.
        """
        styled = position if self._plain is None else self._plain.written(position)
        own = max(0, styled - self._prompt_at)
        return typed_position(self._typed, own) if own < len(without_comments(self._typed)) else None


def write_prompt(typed: str, typed_negative: str, styles: Iterable[Style]) -> WrittenPrompt:
    """What a recipe holds for what was typed; raises `RecipeError` where styles make it too long."""
    styled = apply_styles(without_comments(typed), without_comments(typed_negative), styles)
    if any("(" in text and holds_weights(text) for text in (styled.prompt, styled.negative)):
        return WrittenPrompt(styled.prompt, styled.negative, Emphasis.WEIGHTED, typed, styled.prompt_at, None)
    # Without weights, escapes are all that there is to be taken out.
    plain = parse_emphasis(styled.prompt) if "\\" in styled.prompt else Emphasised(styled.prompt, ())
    negative = plain_text(styled.negative) if "\\" in styled.negative else styled.negative
    return WrittenPrompt(plain.plain, negative, Emphasis.LITERAL, typed, styled.prompt_at, plain)


def typed_form(text: str, emphasis: Emphasis) -> str:
    """How the text of a recipe is typed, so that brackets that were letters there do not become weights."""
    if emphasis is Emphasis.WEIGHTED or plain_text(text) == text:
        return text
    return "".join(f"\\{letter}" if letter in _ESCAPED else letter for letter in text)

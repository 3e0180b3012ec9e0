"""One cell of a grid: what its place on the axes changes about a picture."""

from dataclasses import dataclass

from sana_desktop.domain.batch.axes import Axis, AxisKind, Value, solver_named
from sana_desktop.domain.choices import Solver
from sana_desktop.domain.recipe import LONGEST_PROMPT
from sana_desktop.domain.sizes import Size
from sana_desktop.errors import PromptListError


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Changes of a cell; None changes nothing. `replacements` are pairs of what is sought and what takes its place."""

    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    solver: Solver | None = None
    size: Size | None = None
    styles: tuple[str, ...] = ()
    replacements: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()

    def replaced(self, prompt: str, negative: str, *, column: int) -> tuple[str, str]:
        """The texts with everything replaced and put in order, as A1111 does it.

        Raises `PromptListError` for a text that is sought and in neither.
        """
        for sought, other in self.replacements:
            if sought not in prompt and sought not in negative:
                raise PromptListError(
                    f"“{sought[:40]}” (Prompt S/R) is in neither prompt.",
                    column=column,
                    hint="The first value is the text that the others replace.",
                )
            prompt, negative = _replaced(prompt, sought, other), _replaced(negative, sought, other)
        return self._ordered(prompt, column), negative

    def _ordered(self, prompt: str, column: int) -> str:
        """The words of the order, in this order, at the places where any of them stood."""
        places: list[tuple[int, str]] = []
        for word in self.order:
            at = prompt.find(word)
            if at < 0:
                raise PromptListError(f"“{word[:40]}” (Prompt order) is not in the prompt.", column=column)
            places.append((at, word))
        pieces: list[str] = []
        end = 0
        for (at, word), put in zip(sorted(places), self.order, strict=True):
            if at < end:
                raise PromptListError(f"“{word[:40]}” (Prompt order) overlaps another word of it.", column=column)
            pieces += (prompt[end:at], put)
            end = at + len(word)
        return "".join((*pieces, prompt[end:]))


def cell_of(values: tuple[tuple[Axis, Value], ...], styles: tuple[str, ...] = ()) -> Cell:
    """The cell where these values of these axes meet; of two axes of a kind the later one counts."""
    seed = steps = guidance = solver = size = None
    replacements: list[tuple[str, str]] = []
    order: tuple[str, ...] = ()
    for axis, value in values:
        match axis.kind:
            case AxisKind.SEED if value != -1:
                seed = int(str(value))
            case AxisKind.STEPS:
                steps = int(str(value))
            case AxisKind.GUIDANCE:
                guidance = float(str(value))
            case AxisKind.SOLVER:
                solver = solver_named(str(value))[0]
            case AxisKind.SIZE:
                size = Size.parse(str(value))
            case AxisKind.REPLACE:
                replacements.append((str(axis.values[0]), str(value)))
            case AxisKind.ORDER if isinstance(value, tuple):
                order = value
            case _:
                pass
    return Cell(
        seed=seed,
        steps=steps,
        guidance=guidance,
        solver=solver,
        size=size,
        styles=styles,
        replacements=tuple(replacements),
        order=order,
    )


def _replaced(text: str, sought: str, other: str) -> str:
    if len(text) + text.count(sought) * len(other) > 2 * LONGEST_PROMPT:
        raise PromptListError(f"The prompt becomes longer than {LONGEST_PROMPT} characters.")
    return text.replace(sought, other)
